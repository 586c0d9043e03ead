import { LoamError } from '../../../shared/errors.ts';
import type { Job } from '../../../shared/jobs/job.ts';
import type { JobBoard } from '../jobs/job-board.ts';
import { isLocked } from '../processes/process-lock.ts';
import type { Project } from '../projects/projects.ts';
import { findTrainingJob } from '../store/jobs.ts';
import { updateRun } from '../store/runs.ts';
import { currentRun } from './runs.ts';

interface Context {
  readonly project: Project;
  readonly jobs: JobBoard;
}

/**
 * Has a run save a checkpoint and end its session, to be gone on with later. The request stands in the store, where the
 * process that trains looks for it, so it does not matter which program started that.
 * @throws LoamError when nothing trains or waits with the run.
 */
export async function pauseRun(context: Context, name: string): Promise<void> {
  if (await ask(context, name, 'pause')) return;
  throw new LoamError({
    kind: 'input',
    where: `run '${name}'`,
    what: 'It does not train, so there is nothing to pause.',
    remedy: 'Start it, or look at what it has learned so far.',
  });
}

/**
 * Has a run be done before its last step: one that trains saves a checkpoint first.
 * @throws LoamError when it is done already.
 */
export async function stopRun(context: Context, name: string): Promise<void> {
  if (await ask(context, name, 'stop')) return;
  const { store, clock } = context.project;
  const run = await currentRun(context.project, name);
  if (run.status === 'completed' || run.status === 'stopped')
    throw new LoamError({
      kind: 'input',
      where: `run '${name}'`,
      what: 'It has ended already.',
      remedy: 'Use one of its checkpoints, or branch from one.',
    });
  updateRun(store, run.id, {
    status: 'stopped',
    end: 'stoppedByPerson',
    endedAt: run.endedAt ?? clock().toISOString(),
  });
}

/** @returns false when nothing trains or waits with the run. */
async function ask({ project, jobs }: Context, name: string, request: 'pause' | 'stop'): Promise<boolean> {
  const run = await currentRun(project, name);
  const job: Job | undefined = findTrainingJob(jobs.list(), run.name);
  if (job === undefined && !isLocked(project.paths.runLock(run.name))) return false;
  updateRun(project.store, run.id, { request });
  // A job whose worker has not looked yet is told directly; of another program's job this does nothing.
  if (job !== undefined) jobs.cancel(job.id);
  return true;
}
