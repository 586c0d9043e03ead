import type { Calibration } from '../../../shared/runs/events.ts';
import { LoamError } from '../../../shared/errors.ts';
import type { ParameterSet } from '../engines/engine.ts';
import type { SplitCounts } from '../objectives/example-format.ts';
import type { Evaluator } from '../objectives/objective.ts';
import { choose, microBatchSizes, tryMicroBatchSizes, type CalibrationCandidate } from './calibration.ts';
import { automaticLossChunks } from '../objectives/loss-chunks.ts';
import { memoryLimit, type MemoryProbe } from './memory-probe.ts';
import { createMicroBatches } from './micro-batches.ts';
import { stepsWithin } from './time-budget.ts';
import type { TrainingJob } from './job.ts';
import type { ModelParameters } from './model-parameters.ts';

/** Steps of a run that is given neither steps nor minutes. */
const defaultSteps = 2000;

/** Validation tokens of an evaluation during the run, unless configured. */
export const defaultEvaluationTokens = 100_000;

/** What of a training job is measured: nothing that belongs to a run. */
export type MeasuredJob = Pick<
  TrainingJob,
  'engine' | 'shape' | 'objective' | 'data' | 'configuration' | 'clock' | 'signal'
>;

/**
 * The calibration at a run's start: measures the micro-batch sizes in question on the first tokens of the text, picks
 * a fast one that fits in memory and takes little of it, and turns a time budget into a number of steps. Parameters, moments, the sampler and
 * everything random stay as they are; the gradients are overwritten, as the first training step will do again.
 * @param secondsSpent what the run has already used of a time budget
 */
export async function measureRun(
  job: MeasuredJob,
  parameters: ModelParameters,
  evaluator: Evaluator<SplitCounts>,
  memory: MemoryProbe,
  secondsSpent: () => number,
): Promise<Calibration> {
  const { configuration, shape, objective, data, clock, signal } = job;
  const { batchSize, microBatchSize, minutes, evaluationInterval } = configuration;
  if (microBatchSize !== 'auto') requireDivisor(batchSize, microBatchSize);

  const secondsOfUpdate = await measureUpdate(parameters.trained, clock);
  const largestForm = objective.largestForm(data.train, shape);
  const { sequenceLength, predictions = sequenceLength } = largestForm;
  const chunksOf = (size: number) =>
    configuration.lossChunks === 'auto'
      ? automaticLossChunks(size * predictions, shape.vocabularySize)
      : configuration.lossChunks;

  const measure = async (size: number): Promise<CalibrationCandidate> => {
    const count = Math.min(2, batchSize / size);
    const microBatches = await createMicroBatches({
      engine: job.engine,
      shape,
      objective,
      parameters,
      largestForm,
      batchSize: count * size,
      microBatchSize: size,
      lossChunks: chunksOf(size),
      gradientCheckpointing: configuration.gradientCheckpointing,
      seed: configuration.seed,
    });
    try {
      const batch = objective.measuredBatch(data.train, shape, count * size);
      const seconds = await shortestTime(clock, () => microBatches.computeGradients(batch, 0));
      return {
        microBatchSize: size,
        secondsPerStep: (seconds * batchSize) / (count * size) + secondsOfUpdate,
        memoryBytes: memory.resident(),
      };
    } finally {
      await microBatches.dispose();
    }
  };

  const candidates = await tryMicroBatchSizes(
    microBatchSize === 'auto' ? microBatchSizes(batchSize) : [microBatchSize],
    {
      measure,
      memoryBefore: memory.resident(),
      memoryLimit: () => memoryLimit(memory),
      activationLimit: Math.max(leastActivationLimit, bytesOfState(parameters.trained)),
      clock,
      secondsAllowed: minutes === undefined ? 20 : Math.min(20, 6 * minutes), // a tenth of the budget at most
      signal,
    },
  );
  const chosen = choose(candidates);

  const secondsPerEvaluatedToken = await measureEvaluation(job, evaluator);
  const validationTokens = objective.predictionsOf(data.validation);
  const evaluationTokens = Math.min(
    configuration.evaluationTokens ?? defaultEvaluationTokens,
    validationTokens,
  );
  const stepsInTime = () =>
    stepsWithin(
      (minutes ?? 0) * 60,
      secondsSpent(),
      {
        secondsPerStep: chosen.secondsPerStep,
        secondsPerEvaluation: secondsPerEvaluatedToken * evaluationTokens,
        secondsOfFinalEvaluation: secondsPerEvaluatedToken * validationTokens,
      },
      evaluationInterval,
    );
  return {
    microBatchSize: chosen.microBatchSize,
    lossChunks: chunksOf(chosen.microBatchSize),
    steps: configuration.steps ?? (minutes === undefined ? defaultSteps : stepsInTime()),
    secondsPerStep: chosen.secondsPerStep,
    memoryBytes: chosen.memoryBytes,
    candidates,
    secondsPerEvaluatedToken,
    engine: job.engine.description.name,
    device: job.engine.description.deviceKind,
  };
}

/**
 * Activations may take as much as parameters, gradients and moments do, and this much in any case. Micro-batches larger
 * than that were at most a few per cent faster wherever it was measured, since a smaller one stays in the caches.
 */
const leastActivationLimit = 256 * 2 ** 20;

/** Bytes of parameters, gradients and both moments, in float32. */
function bytesOfState(parameters: ParameterSet): number {
  const elements = parameters.specifications.map(({ shape }) =>
    shape.reduce((product, extent) => product * extent, 1),
  );
  return 16 * elements.reduce((sum, count) => sum + count, 0);
}

/** @throws LoamError when micro-batches of this size do not fill the batch evenly. */
function requireDivisor(batchSize: number, microBatchSize: number): void {
  if (batchSize % microBatchSize === 0) return;
  throw new LoamError({
    kind: 'misuse',
    what: `Micro-batches of ${microBatchSize} do not divide the batch of ${batchSize} evenly.`,
    where: 'training.microBatchSize',
    remedy: `Use auto or one of ${microBatchSizes(batchSize).join(', ')}.`,
  });
}

/**
 * Seconds of the gradient norm and the AdamW update. At a learning rate of 0 and with gradients scaled to 0 the update
 * goes through the same memory and leaves parameters and moments (zero at a run's start) as they are.
 */
function measureUpdate(parameters: ParameterSet, clock: () => number): Promise<number> {
  return shortestTime(clock, async () => {
    await parameters.gradientNorm();
    await parameters.adamW({
      step: 1,
      learningRate: 0,
      beta1: 0.9,
      beta2: 0.95,
      epsilon: 1e-8,
      weightDecay: 0,
      gradientScale: 0,
    });
  });
}

/** Seconds for each prediction of an evaluation, from one run of its program. */
async function measureEvaluation(
  { data, clock, signal }: MeasuredJob,
  evaluator: Evaluator<SplitCounts>,
): Promise<number> {
  let predictions = 0;
  const seconds = await shortestTime(clock, async () => {
    ({ predictions } = await evaluator.evaluate({
      split: data.validation,
      maximumPredictions: evaluator.predictionsAtOnce,
      signal,
    }));
  });
  return seconds / predictions;
}

/** The shortest of a few runs, after one to warm up: what disturbs a measurement only ever makes it longer. */
async function shortestTime(clock: () => number, run: () => Promise<unknown>): Promise<number> {
  await run();
  let shortest = Infinity;
  const begin = clock();
  for (let runs = 0; runs < 1 || (runs < 20 && clock() - begin < 0.4); runs += 1) {
    const start = clock();
    await run();
    shortest = Math.min(shortest, clock() - start);
  }
  return shortest;
}
