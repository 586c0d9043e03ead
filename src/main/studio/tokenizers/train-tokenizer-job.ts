import { LoamError } from '../../../shared/errors.ts';
import type { JobProgress } from '../../../shared/jobs/job.ts';
import { requireDataset } from '../datasets/datasets.ts';
import type { JobBoard, StartedJob } from '../jobs/job-board.ts';
import type { Launcher } from '../processes/launcher.ts';
import { withWorker, type WorkerClient } from '../processes/worker-client.ts';
import type { TokenizersProcedures } from './tokenizers-protocol.ts';
import type { Project } from '../projects/projects.ts';
import type { TokenizerSummary } from '../../../shared/tokenizers/tokenizer.ts';
import {
  deleteTokenizer,
  requireFreeName,
  type TokenizerProgress,
  type TrainTokenizerOptions,
} from './tokenizers.ts';

/**
 * Learns a tokenizer in a process of its own, as a job.
 * @throws LoamError at once for a name in use, or by a job under way, and for a dataset that is not there.
 */
export function startTokenizerTraining(
  project: Project,
  jobs: JobBoard,
  launcher: Launcher,
  { name, dataset, configuration }: Pick<TrainTokenizerOptions, 'name' | 'dataset' | 'configuration'>,
): StartedJob<TokenizerSummary> {
  requireFreeName(project, name);
  const { bytes } = requireDataset(project, dataset);
  if (
    jobs
      .list()
      .some(
        ({ status, kind, subject }) => status === 'running' && kind === 'tokenizer' && subject?.name === name,
      )
  )
    throw new LoamError({
      kind: 'input',
      where: `tokenizer '${name}'`,
      what: 'A tokenizer of this name is being trained right now.',
      remedy: 'Wait for it, cancel it, or choose another name.',
    });
  return jobs.start(
    { kind: 'tokenizer', title: `Train tokenizer ${name}`, subject: { noun: 'tokenizer', name } },
    async ({ signal, report, notice }) => {
      report({ stage: 'Reading the texts' });
      const progressOf = timedProgress(bytes, () => performance.now() / 1000);
      const trained = await withWorker(
        launcher('tokenizers'),
        'tokenizer training',
        (worker: WorkerClient<TokenizersProcedures>) =>
          worker.call(
            'train',
            { project: project.folder, name, dataset, configuration },
            {
              signal,
              onEvent: (event) => {
                if (event.type === 'notice') notice(event.message);
                else report(progressOf(event.progress));
              },
            },
          ),
      );
      // The word to stop can come when all is done: a cancelled job leaves nothing behind all the same.
      if (signal.aborted) await deleteTokenizer(project, name);
      return trained;
    },
  );
}

/** How long a phase must have lasted before its time left is estimated, in seconds. */
const firstEstimate = 2;

/** Turns what the training tells into a job's progress; the time left is judged by the phase's own pace. */
function timedProgress(
  datasetBytes: number,
  clock: () => number,
): (progress: TokenizerProgress) => JobProgress {
  let phase: TokenizerProgress['phase'] | undefined;
  let began = 0;
  let beganAt = 0;
  return (progress) => {
    if (progress.phase !== phase) {
      phase = progress.phase;
      began = clock();
      beganAt = progress.done;
    }
    const { done } = progress;
    const elapsed = clock() - began;
    const remaining = (total: number): Pick<JobProgress, 'remainingSeconds'> =>
      elapsed < firstEstimate || done <= beganAt
        ? {}
        : { remainingSeconds: (elapsed * Math.max(0, total - done)) / (done - beganAt) };
    if (progress.phase === 'merging')
      return {
        stage: 'Learning tokens',
        done,
        ...(progress.total === undefined ? {} : { total: progress.total, ...remaining(progress.total) }),
      };
    // As a share: a number of bytes says nothing to a person.
    return {
      stage: 'Reading the texts',
      done: Math.min(1, done / Math.max(1, datasetBytes)),
      total: 1,
      ...remaining(datasetBytes),
    };
  };
}
