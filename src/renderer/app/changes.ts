import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { api, client } from './client.ts';
import { currentProject, onCurrentProject } from './current-project.ts';

/** How long to wait before asking again after the connection was lost, in milliseconds. */
const retryDelay = 1000;

const listeners = new Set<() => void>();
let runSequences: ReadonlyMap<string, number> = new Map();

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** The sequence number of the last entry in a run's record that the studio knows of; 0 when there is none. */
export function useRunSequence(run: string): number {
  return useSyncExternalStore(subscribe, () => runSequences.get(run) ?? 0);
}

/** The same of all runs, by name. */
export function useRunSequences(): ReadonlyMap<string, number> {
  return useSyncExternalStore(subscribe, () => runSequences);
}

/** Keeps what the pages show of the current project up to date, for as long as the window is open. */
export function followChanges(queries: QueryClient): void {
  let stop = new AbortController();
  const restart = (): void => {
    stop.abort();
    stop = new AbortController();
    runSequences = new Map();
    if (currentProject() !== undefined) void follow(queries, stop.signal);
  };
  onCurrentProject(() => {
    // Answers were about the project before: nothing of it may be seen in the other.
    queries.removeQueries({ type: 'inactive' });
    void queries.resetQueries();
    restart();
  });
  restart();
}

async function follow(queries: QueryClient, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const { nouns, runs } of await client.changes.watch(undefined, { signal })) {
        if (runs.length > 0)
          runSequences = new Map([
            ...runSequences,
            ...runs.map(({ name, upTo }): [string, number] => [name, upTo]),
          ]);
        tell();
        for (const noun of nouns) void queries.invalidateQueries({ queryKey: api[noun].key() });
      }
    } catch {
      // The connection is gone, or the project cannot be opened: the screen that asks for it says so.
      if (signal.aborted) return;
    }
    await new Promise((resolve) => setTimeout(resolve, retryDelay));
  }
}
