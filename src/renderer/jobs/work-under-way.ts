import type { Job } from '../../shared/jobs/job.ts';
import type { RunSummary } from '../../shared/runs/run.ts';

/** Work under way in the project: a job of this or another host, or a run that the command line trains. */
export type RunningWork =
  { readonly kind: 'job'; readonly job: Job } | { readonly kind: 'run'; readonly run: RunSummary };

function hasMeasure({ progress }: Job): boolean {
  return progress?.total !== undefined;
}

/** What is under way: jobs, and runs that train without a job of theirs. */
export function runningWork(jobs: readonly Job[], runs: readonly RunSummary[]): readonly RunningWork[] {
  const running = jobs.filter(({ status }) => status === 'running');
  const named = new Set(
    running.flatMap(({ kind, subject }) =>
      kind === 'training' && subject !== undefined ? [subject.name] : [],
    ),
  );
  // What waits its turn has no measure of how far it is, and stands last.
  const byShare = [...running].sort((a, b) => Number(hasMeasure(b)) - Number(hasMeasure(a)));
  return [
    ...byShare.map((job): RunningWork => ({ kind: 'job', job })),
    ...runs
      .filter(({ status, name }) => status === 'running' && !named.has(name))
      .map((run): RunningWork => ({ kind: 'run', run })),
  ];
}
