import { partialMatchKey, type QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import type { ChangingNoun } from '../../shared/changes/contract.ts';
import { api, client } from './client.ts';
import { currentProject, onCurrentProject } from './current-project.ts';
import { isRefusal } from './error-account.ts';
import { throttle } from './throttle.ts';

/** How long to wait before asking again after the connection was lost, in milliseconds. */
const retryDelay = 1000;
/** The same after the studio said that it cannot: each time it says so the wait is doubled, up to this. */
const longestDelay = 60_000;
/** A run that trains changes several times a second; what is shown of it is fetched anew so often, in milliseconds. */
const refreshInterval = 1000;

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

/** Has what is shown of a noun fetched anew. */
function refresh(queries: QueryClient, noun: ChangingNoun): void {
  const estimates = api.runs.estimate.key();
  const isEstimate = (key: readonly unknown[]): boolean => partialMatchKey(key, estimates);
  void queries.invalidateQueries({
    queryKey: api[noun].key(),
    predicate: ({ queryKey }) => !isEstimate(queryKey),
  });
  switch (noun) {
    case 'datasets':
    case 'tokenizers':
      void queries.invalidateQueries({ queryKey: estimates });
      return;
    case 'runs':
      // A step of some run changes no estimate of another that is planned now; a later plan asks anew.
      void queries.invalidateQueries({ queryKey: estimates, refetchType: 'none' });
      return;
    case 'integrity':
      // What a project lacks is said of it when it is opened.
      void queries.invalidateQueries({ queryKey: api.projects.open.key() });
      return;
    default:
      return;
  }
}

async function follow(queries: QueryClient, signal: AbortSignal): Promise<void> {
  const refreshNoun = throttle((noun: ChangingNoun) => {
    if (!signal.aborted) refresh(queries, noun);
  }, refreshInterval);
  let delay = retryDelay;
  while (!signal.aborted) {
    try {
      for await (const { nouns, runs } of await client.changes.watch(undefined, { signal })) {
        if (runs.length > 0)
          runSequences = new Map([
            ...runSequences,
            ...runs.map(({ name, upTo }): [string, number] => [name, upTo]),
          ]);
        tell();
        for (const noun of nouns) refreshNoun(noun);
        delay = retryDelay;
      }
    } catch (error) {
      // The connection is gone, or the project cannot be opened: the screen that asks for it says so.
      if (signal.aborted) return;
      delay = isRefusal(error) ? Math.min(2 * delay, longestDelay) : retryDelay;
    }
    await new Promise((resolve) => setTimeout(resolve, delay));
  }
}
