import { useState } from 'react';
import { z } from 'zod';
import { currentProject } from '../../client/current-project.ts';

const startedSchema = z.object({ job: z.int(), run: z.string() });

/** A run that was asked for and is being prepared. */
export type Started = Readonly<z.output<typeof startedSchema>>;

const storageKey = () => `loam-new-model-started:${currentProject() ?? ''}`;

function read(): Started | undefined {
  try {
    return startedSchema.safeParse(JSON.parse(sessionStorage.getItem(storageKey()) ?? 'null')).data;
  } catch {
    return undefined;
  }
}

/** Forgets the run that this window asked for last; a page that shows it goes on doing so. */
export function forgetStarted(): void {
  sessionStorage.removeItem(storageKey());
}

/** The run that this window asked for last, kept over a reload until `forgetStarted`. */
export function useStarted(): readonly [Started | undefined, (started: Started | undefined) => void] {
  const [started, setStarted] = useState(read);
  return [
    started,
    (next) => {
      if (next === undefined) forgetStarted();
      else sessionStorage.setItem(storageKey(), JSON.stringify(next));
      setStarted(next);
    },
  ];
}
