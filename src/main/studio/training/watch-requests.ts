import type { Project } from '../projects/projects.ts';
import { readRunRequest, updateRun } from '../store/runs.ts';
import { StopRequest } from '../processes/stop-request.ts';

/** How often the store is asked, in milliseconds; the question costs some microseconds. */
const lookInterval = 250;

export interface WatchedRequests {
  /** Aborts when the asking process, or a person by way of the store, wants the session to end. */
  readonly signal: AbortSignal;
  /** Stops looking and takes the request away: it was for this session. */
  [Symbol.dispose](): void;
}

/**
 * Looks in the store whether a person asked for the run's pause or end. Any program can write it there, whichever one
 * started the training. Only for the process that holds the run's lock.
 */
export function watchRequests(project: Project, runId: number, asking: AbortSignal): WatchedRequests {
  const { store } = project;
  const requested = new AbortController();
  let mark = '';
  const look = (): void => {
    const now = store.changeMark();
    if (now === mark) return;
    mark = now;
    if (readRunRequest(store, runId) !== null) requested.abort(new StopRequest('requested'));
  };
  const timer = setInterval(() => {
    try {
      look();
    } catch {
      // A store that cannot be read for a moment is asked again; if it stays so, the recorder says why.
    }
  }, lookInterval);
  return {
    signal: AbortSignal.any([asking, requested.signal]),
    [Symbol.dispose]: () => {
      clearInterval(timer);
      if (readRunRequest(store, runId) !== null) updateRun(store, runId, { request: null });
    },
  };
}
