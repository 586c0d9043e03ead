import type { RunSummary } from '../../../shared/runs/run.ts';

/** The runs that wait for their turn to train, the next one first. */
export function queuedRuns<Run extends Pick<RunSummary, 'status' | 'queuePlace'>>(
  runs: readonly Run[],
): readonly Run[] {
  return runs
    .filter(({ status }) => status === 'queued')
    .toSorted((a, b) => (a.queuePlace ?? Infinity) - (b.queuePlace ?? Infinity));
}
