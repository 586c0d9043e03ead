import { forkLauncher, type Launcher } from '../processes/launcher.ts';
import type { TrainingOutcome, TrainingProcedures, TrainingReport } from './training-protocol.ts';
import { startWorker } from '../processes/worker-client.ts';

/**
 * How long a run may take to hear that it is to pause, in milliseconds: an engine that computes on the event loop does a
 * whole step of a large model without a pause.
 */
const longestStep = 10 * 60_000;

export interface StartTrainingOptions {
  /** The project's folder. */
  readonly project: string;
  readonly run: string;
  readonly onReport?: (report: TrainingReport) => void;
  /** Asks for a pause: the step under way is finished and saved, then the promise resolves. */
  readonly pause?: AbortSignal;
  /** Ends the worker at once; the run reads as interrupted and goes on from its last checkpoint. */
  readonly kill?: AbortSignal;
  readonly launcher?: Launcher;
}

/**
 * Trains a prepared or interrupted run in a process of its own until it ends or is paused.
 * @throws LoamError when the run cannot be trained, or its process was ended.
 */
export async function startTraining(options: StartTrainingOptions): Promise<TrainingOutcome> {
  const { project, run, onReport, pause, kill, launcher = forkLauncher } = options;
  const worker = startWorker<TrainingProcedures>(launcher('training'), 'training');
  kill?.addEventListener('abort', worker.kill);
  try {
    return await worker.call(
      'train',
      { project, run },
      {
        ...(onReport === undefined ? {} : { onEvent: onReport }),
        ...(pause === undefined ? {} : { signal: pause, patience: longestStep }),
      },
    );
  } finally {
    kill?.removeEventListener('abort', worker.kill);
    await worker.close();
  }
}
