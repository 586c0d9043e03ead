import type { ModelShape } from '../../../shared/models/model-shape.ts';
import type { TrainingConfiguration } from '../../../shared/runs/configuration.ts';
import { LoamError } from '../../../shared/errors.ts';
import type { Calibration } from '../../../shared/runs/events.ts';
import type { SplitCounts } from '../objectives/example-format.ts';
import type { Evaluator, Objective } from '../objectives/objective.ts';
import type { TrainingJob } from './job.ts';
import { fittingWarmup, type LearningRateSchedule } from './learning-rate.ts';
import { measureRun } from './measure.ts';
import { processMemory, type MemoryProbe } from './memory-probe.ts';
import { createMicroBatches, type MicroBatches } from './micro-batches.ts';
import { createModelParameters, type ModelParameters } from './model-parameters.ts';
import { createProgressMeter, type ProgressMeter } from './progress.ts';
import { openRunCheckpoints, type RunCheckpoints } from './run-checkpoints.ts';
import { initialRunState, type RunState } from './run-state.ts';
import { createSampleWriter, type SampleWriter } from './samples.ts';
import { begin, countFrom, type Beginning } from './beginning.ts';
import { fullerPlan } from './step-plan.ts';

/** A training session with everything made ready: what the loop works with. */
export interface Session {
  readonly job: TrainingJob;
  readonly configuration: TrainingConfiguration;
  readonly objective: Objective;
  readonly shape: ModelShape;
  /** The examples to train on. */
  readonly examples: SplitCounts;
  /** Predictions that measuring the whole validation split makes. */
  readonly validationPredictions: number;
  /** Where the session begins: a fresh run's state or a checkpoint's. */
  readonly state: RunState;
  readonly schedule: LearningRateSchedule;
  readonly parameters: ModelParameters;
  readonly microBatches: MicroBatches;
  readonly evaluator: Evaluator<SplitCounts>;
  readonly samples: SampleWriter;
  readonly checkpoints: RunCheckpoints;
  readonly memory: MemoryProbe;
  readonly meter: ProgressMeter;
  /** Seconds trained over all sessions of the run, up to now. */
  elapsedSeconds(): number;
  close(): Promise<void>;
}

/**
 * Makes parameters, programs and checkpoints ready, restores the newest readable checkpoint or puts in place what the run
 * begins with, and calibrates a run that has no calibration yet.
 * @throws LoamError when the texts are too short, when a fresh run's folder holds checkpoints or when none of a resumed
 *   run's can be read; of kind 'interrupted' when the job's signal aborts
 */
export async function openSession(job: TrainingJob): Promise<Session> {
  const { engine, shape, objective, configuration, data, clock, onEvent } = job;
  const opened = clock();
  const memory = job.memory ?? processMemory;
  objective.requireEnough(data.train, shape);

  await using resources = new AsyncDisposableStack();
  const owned = <Resource extends { dispose(): Promise<void> }>(resource: Resource): Resource =>
    resources.adopt(resource, (it) => it.dispose());

  const parameters = owned(await createModelParameters(engine, shape, job.trains));
  const checkpoints = await openRunCheckpoints(job, parameters);
  const restored = await restore(job, checkpoints);
  const beginning = restored === undefined ? await begin(job, parameters, checkpoints) : undefined;

  const evaluator = owned(
    await objective.createEvaluator({
      engine,
      shape,
      tokenizer: job.tokenizer,
      weights: parameters.weights,
      adapter: parameters.adapter,
    }),
  );
  const elapsedSeconds = () => (restored?.elapsedSeconds ?? 0) + clock() - opened;
  const recorded: Calibration | undefined =
    restored === undefined ? job.calibration : fullerPlan(restored.calibration, job.calibration);
  const measure = async (from: Beginning | undefined): Promise<Calibration> => {
    const measured = await measureRun(job, parameters, evaluator, memory, elapsedSeconds);
    return from === undefined ? measured : countFrom(from, measured, configuration);
  };
  const calibration = recorded ?? beginning?.calibration ?? (await measure(beginning));
  if (recorded === undefined) onEvent({ type: 'calibrated', calibration });
  const state: RunState =
    restored === undefined
      ? (beginning?.state(calibration) ?? initialRunState(calibration))
      : restored.calibration === calibration
        ? restored
        : { ...restored, calibration };
  if (restored === undefined && state.step > 0) onEvent({ type: 'resumed', step: state.step });

  const microBatches = owned(
    await createMicroBatches({
      engine,
      shape,
      objective,
      parameters,
      largestForm: objective.largestForm(data.train, shape),
      batchSize: configuration.batchSize,
      microBatchSize: calibration.microBatchSize,
      lossChunks: calibration.lossChunks,
      gradientCheckpointing: configuration.gradientCheckpointing,
      seed: configuration.seed,
    }),
  );
  const samples = owned(createSampleWriter(job, parameters));
  const kept = resources.move();
  return {
    job,
    configuration,
    objective,
    shape,
    examples: data.train,
    validationPredictions: objective.predictionsOf(data.validation),
    state,
    schedule: decideSchedule(job, calibration.steps, state.step),
    parameters,
    microBatches,
    evaluator,
    samples,
    checkpoints,
    memory,
    meter: createProgressMeter(calibration),
    elapsedSeconds,
    close: () => kept.disposeAsync(),
  };
}

/** The state of the newest checkpoint that can be read, with its parameters and moments put in place. */
async function restore(
  { resume, folder, onEvent }: TrainingJob,
  checkpoints: RunCheckpoints,
): Promise<RunState | undefined> {
  const listed = checkpoints.list();
  if (listed.length === 0) return undefined;
  if (resume === 'fresh') {
    throw new LoamError({
      kind: 'misuse',
      what: 'This run has checkpoints already.',
      where: folder,
      remedy: 'Resume it, or begin a new run under another name.',
    });
  }
  let problem: unknown;
  for (const { step } of listed.toReversed()) {
    try {
      const state = await checkpoints.restore(step);
      onEvent({ type: 'resumed', step });
      return state;
    } catch (error) {
      if (!(error instanceof LoamError)) throw error;
      problem = error;
      onEvent({
        type: 'notice',
        step,
        message: `The checkpoint of step ${step} cannot be used, so an older one is tried. ${error.message}`,
      });
    }
  }
  throw problem;
}

/** The configured schedule over the calibrated number of steps. */
function decideSchedule(
  { configuration, onEvent }: TrainingJob,
  steps: number,
  step: number,
): LearningRateSchedule {
  const { schedule, learningRate, minimumLearningRate, decayFraction } = configuration;
  const warmupSteps = fittingWarmup(configuration.warmupSteps, steps);
  if (warmupSteps !== configuration.warmupSteps) {
    onEvent({
      type: 'notice',
      step,
      message: `A warm-up of ${configuration.warmupSteps} steps does not fit into a run of ${steps}; it takes ${warmupSteps} instead.`,
    });
  }
  return { schedule, learningRate, minimumLearningRate, steps, warmupSteps, decayFraction };
}
