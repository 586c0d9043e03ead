import { LoamError } from '../../../shared/errors.ts';
import type { JobProgress } from '../../../shared/jobs/job.ts';
import type { PlannedRun } from '../../../shared/runs/creation-contract.ts';
import type { RunSummary } from '../../../shared/runs/run.ts';
import type { StartedJob } from '../jobs/job-board.ts';
import { withWorker, type WorkerClient } from '../processes/worker-client.ts';
import type { PreparationProcedures } from './preparation-protocol.ts';
import { numberedName, requireValidName } from '../names.ts';
import type { Project } from '../projects/projects.ts';
import { findRunRow, listRunNames } from '../store/runs.ts';
import { planRun } from './plan-run.ts';
import type { PlannedStart } from './planned-start.ts';
import { deleteRun } from '../runs/runs.ts';
import { type PreparationProgress } from './create-run.ts';
import { trainAsJob, type TrainAsJobContext } from './train-as-job.ts';

export interface NewRunPlan extends PlannedRun {
  readonly name?: string | undefined;
  /** What a run without a name is called after. */
  readonly baseName?: string | undefined;
  /** Trains it as soon as it is prepared. */
  readonly start: boolean;
}

/** A run that was asked for. */
type Created = { readonly run: string } & StartedJob<RunSummary>;

/** What this host was asked to create in a project. */
interface Creations {
  /** The names that runs under preparation will have: they are in no table yet. */
  readonly underway: Set<string>;
  /** The starts that were asked for, by what they ask for, for as long as what came of one is under way. */
  readonly starts: Map<string, Created>;
}
const creationsOf = new WeakMap<Project, Creations>();

/**
 * Prepares a run in a process of its own, as a job, and trains it as another. Cancelling the first leaves no run; a
 * tokenizer that was learnt by then stays.
 *
 * A start is idempotent: the same one, asked for again while its run is being prepared, waits or trains, answers with that
 * run. Two runs of the same settings and seed would have the same losses.
 * @param begins the model that the plan begins with
 * @throws LoamError before anything is done, when the name is taken or the plan contradicts itself, its text or the machine.
 */
export async function createRunAsJob(
  context: TrainAsJobContext,
  { name: wanted, baseName = 'run', start, ...plan }: NewRunPlan,
  begins?: PlannedStart,
): Promise<Created> {
  const { project, jobs, studio } = context;
  const configuration = await planRun(project, plan, begins);
  // Nothing is awaited from here to the job's start: two clicks cannot take the same name.
  const creations = creationsOf.get(project) ?? { underway: new Set(), starts: new Map() };
  creationsOf.set(project, creations);
  const { underway, starts } = creations;
  const { dataset, tokenizer } = plan;
  // A run's best checkpoint may be another one tomorrow: it begins with the one that was looked at.
  const from = begins?.reference;
  const asked = JSON.stringify({ wanted, baseName, dataset, tokenizer, from, configuration });
  const earlier = start ? starts.get(asked) : undefined;
  if (earlier !== undefined && isUnderWay(project, earlier.run, underway)) return earlier;
  const name = wanted ?? numberedName(baseName, [...listRunNames(project.store), ...underway]);
  requireUnused(project, name, underway);
  underway.add(name);
  const started = jobs.start(
    { kind: 'preparation', title: `Prepare ${name}`, subject: { noun: 'run', name } },
    async ({ signal, report, notice, heedCancelling }) => {
      try {
        report({ stage: 'Starting' });
        const run = await withWorker(
          studio.launcher('preparation'),
          'preparation',
          (worker: WorkerClient<PreparationProcedures>) =>
            worker.call(
              'createRun',
              {
                project: project.folder,
                name,
                baseName,
                dataset,
                configuration,
                ...(tokenizer === undefined ? {} : { tokenizer }),
                ...(from === undefined ? {} : { from }),
              },
              {
                signal,
                onEvent: (event) => {
                  if (event.stage === 'notice') notice(event.message);
                  const progress = progressOf(event);
                  if (progress !== undefined) report(progress);
                },
              },
            ),
        );
        if (signal.aborted) {
          heedCancelling();
          await deleteRun(project, name);
        } else if (start) await trainAsJob(context, name);
        return run;
      } finally {
        underway.delete(name);
      }
    },
  );
  const created = { ...started, run: name };
  if (start) {
    starts.set(asked, created);
    // Nothing trains then: who asks again means another try.
    started.done.catch(() => starts.delete(asked));
  }
  return created;
}

/** Whether a run is being prepared, waits for its turn or trains. */
function isUnderWay({ store }: Project, name: string, underway: ReadonlySet<string>): boolean {
  const status = findRunRow(store, name)?.status;
  return underway.has(name) || status === 'queued' || status === 'running';
}

function requireUnused(project: Project, name: string, underway: ReadonlySet<string>): void {
  requireValidName('run', name);
  const exists = findRunRow(project.store, name) !== undefined;
  if (!exists && !underway.has(name)) return;
  throw new LoamError({
    kind: 'input',
    where: `run '${name}'`,
    what: exists ? 'There is a run of this name already.' : 'A run of this name is being prepared.',
    remedy: exists ? 'Choose another name, or go on with that run.' : 'Wait for it, or choose another name.',
  });
}

/** How far the preparation is after a report. */
function progressOf(progress: PreparationProgress): JobProgress | undefined {
  switch (progress.stage) {
    case 'trainingTokenizer': {
      const { phase, done, total } = progress.progress;
      return {
        stage: phase === 'reading' ? 'Reading the text for the tokenizer' : 'Learning the tokenizer',
        done,
        ...(total === undefined || total === 0 ? {} : { total }),
      };
    }
    case 'tokenizer':
      return { stage: 'Turning the text into tokens' };
    case 'encoding':
      return { stage: 'Turning the text into tokens', done: progress.progress.tokens };
    case 'notice':
      return undefined;
    default:
      return progress satisfies never;
  }
}
