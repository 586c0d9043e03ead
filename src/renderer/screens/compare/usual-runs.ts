import type { RunSummary } from '../../../shared/runs/run.ts';

/**
 * The runs that are compared where none were chosen: the two newest that are done, so that nothing changes while another
 * trains. Fewer than two are nothing to compare.
 */
export function usualRuns(
  runs: readonly Pick<RunSummary, 'name' | 'status' | 'createdAt'>[],
): readonly string[] {
  const done = runs
    .filter(({ status }) => status === 'completed' || status === 'stopped')
    .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))
    .slice(0, 2)
    .map(({ name }) => name);
  return done.length === 2 ? done : [];
}
