import { LoamError } from '../../../shared/errors.ts';
import type { JobProgress } from '../../../shared/jobs/job.ts';
import type { JobBoard, JobContext, StartedJob } from '../jobs/job-board.ts';
import type { Launcher } from '../processes/launcher.ts';
import { isLocked, readLockHolder } from '../processes/process-lock.ts';
import { startTraining } from './start-training.ts';
import type { TrainingOutcome, TrainingReport } from './training-protocol.ts';
import type { Project } from '../projects/projects.ts';
import { findTrainingJob } from '../store/jobs.ts';
import { updateRun } from '../store/runs.ts';
import { requireEngineOfRun } from './choose-engine.ts';
import { requireRun } from '../runs/runs.ts';

/** What training as a job needs: what every procedure of a project is given. */
export interface TrainAsJobContext {
  readonly project: Project;
  readonly jobs: JobBoard;
  readonly studio: { readonly launcher: Launcher };
}

/**
 * Trains a prepared run, or goes on with one from its last checkpoint, in a worker process as a job. Cancelling the job
 * pauses the run: it saves a checkpoint first.
 * @throws LoamError when the run is done, trains already or waits for its turn, or its engine is not here.
 */
export async function trainAsJob(
  { project, jobs, studio }: TrainAsJobContext,
  reference: string,
  told: readonly string[] = [],
): Promise<StartedJob<TrainingOutcome>> {
  const run = requireRun(project, reference);
  const { name } = run;
  if (run.status === 'completed')
    throw new LoamError({
      kind: 'input',
      where: `run '${name}'`,
      what: `It has finished, after ${run.step} steps.`,
      remedy: 'To train longer, branch from its last checkpoint with more steps.',
    });
  await requireEngineOfRun(run);
  // Nothing is awaited between this look and the job's start: two clicks cannot both pass.
  requireIdle(project, jobs, name);
  updateRun(project.store, run.id, { request: null });
  return jobs.start(
    { kind: 'training', title: `Train ${name}`, subject: { noun: 'run', name } },
    async (context) => {
      for (const message of told) context.notice(message);
      return trainInWorker(project, studio.launcher, name, context);
    },
  );
}

/** @throws LoamError when some process trains the run or waits with it. */
function requireIdle(project: Project, jobs: JobBoard, name: string): void {
  const lockFile = project.paths.runLock(name);
  const mine = findTrainingJob(jobs.list(), name) !== undefined;
  if (!mine && !isLocked(lockFile)) return;
  const holder = mine ? undefined : readLockHolder(lockFile);
  throw new LoamError({
    kind: 'input',
    where: `run '${name}'`,
    what:
      holder === undefined
        ? 'It trains already, or waits for its turn.'
        : `It trains already, or waits for its turn, in process ${holder.pid}.`,
    remedy: 'Wait for it, or pause it first.',
  });
}

async function trainInWorker(
  project: Project,
  launcher: Launcher,
  run: string,
  { signal, report, notice, heedCancelling }: JobContext,
): Promise<TrainingOutcome> {
  report({ stage: 'Starting' });
  let steps: number | undefined;
  const outcome = await startTraining({
    project: project.folder,
    run,
    launcher,
    pause: signal,
    onReport: (training) => {
      if (training.type === 'started') steps = training.steps;
      if (training.type === 'calibrated') steps = training.calibration.steps;
      if (training.type === 'replanned') steps = training.steps;
      const progress = progressOf(training, steps);
      if (progress !== undefined) report(progress);
    },
  });
  if (signal.aborted && outcome.status !== 'completed') heedCancelling();
  if (outcome.status === 'stopped' && outcome.end === 'guardStopped')
    notice(`Run ${run} was stopped at step ${outcome.step} because its loss went wild.`);
  if (outcome.end === 'timeBudget' && steps !== undefined && outcome.step < steps)
    notice(`The time of run ${run} was up at step ${outcome.step} of ${steps}. It can be trained longer.`);
  return outcome;
}

/** How far a run is after a report; undefined where the report says nothing about that. */
function progressOf(report: TrainingReport, steps: number | undefined): JobProgress | undefined {
  switch (report.type) {
    case 'waiting':
      return { stage: `Waiting for ${report.for}` };
    case 'started':
      return { stage: steps === undefined ? 'Measuring what this machine can do' : 'Making ready' };
    case 'calibrated':
      return { stage: 'Training', done: 0, total: report.calibration.steps };
    case 'resumed':
    case 'replanned':
      return { stage: 'Training', done: report.step, ...(steps === undefined ? {} : { total: steps }) };
    case 'step': {
      const { step, remainingSeconds } = report.metrics;
      return {
        stage: 'Training',
        done: step,
        ...(steps === undefined ? {} : { total: Math.max(steps, step) }),
        ...(Number.isFinite(remainingSeconds) ? { remainingSeconds } : {}),
      };
    }
    case 'evaluated':
    case 'sample':
    case 'checkpoint':
    case 'checkpointRemoved':
    case 'rolledBack':
    case 'notice':
      return undefined;
    default:
      return report satisfies never;
  }
}
