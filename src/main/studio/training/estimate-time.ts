import { modelDeclarationOf } from '../../../shared/models/registry.ts';
import type { ModelShape } from '../../../shared/models/model-shape.ts';
import type { TrainedSettings } from '../../../shared/runs/configuration.ts';
import type { EstimateBasis } from '../../../shared/runs/estimate.ts';
import type { TrainingCost } from '../../llm/models/architecture.ts';
import { architectureOf, parametersOf } from '../../llm/models/registry.ts';
import { countLayers } from '../../llm/training/trained-part.ts';
import type { Measurement } from '../engines/measurements.ts';
import { learningParameters } from './estimate-memory.ts';

/** Bytes that the optimizer moves for each parameter: reads weight, gradient, moments; writes weight and moments. */
const bytesOfUpdate = 28;

/** Bytes a second that an ordinary machine's memory gives, for the update. */
const memoryRate = 12e9;

/** Operations a second of one core in training where nothing was measured: cautious for a laptop of recent years. */
const guessedRateOfCore = 45e9;

/** Cores beyond this many hardly help models of these sizes. */
const mostUsefulCores = 16;

/** What decides how long an optimizer step takes. */
export interface StepWork extends TrainedSettings {
  readonly shape: ModelShape;
  readonly batchSize: number;
  readonly gradientCheckpointing: boolean;
  readonly threads: number;
}

/** Seconds of one step, how they were come by, and the factor by which they may be off either way. */
export interface StepTime {
  readonly secondsPerStep: number;
  readonly basis: EstimateBasis;
  readonly factor: number;
}

const costOf = (shape: ModelShape): TrainingCost => architectureOf(shape).trainingCost(shape);

const modelTypeOf = (shape: ModelShape): string => modelDeclarationOf(shape).modelType(shape);

function operationsOfStep({
  shape,
  batchSize,
  gradientCheckpointing,
  trainedLayers,
  lora,
}: Omit<StepWork, 'threads'>): number {
  // Checkpointing computes the forward pass, a third of the work, a second time.
  const { operations } = costOf(shape);
  const all = operations * shape.contextLength * batchSize * (gradientCheckpointing ? 4 / 3 : 1);
  // The backward pass, two thirds of the work, ends at the lowest layer that learns. Half of it is the gradients of weights,
  // which those that are adapted have none of.
  const layers = Math.max(1, countLayers(parametersOf(shape)));
  const share = trainedLayers === undefined ? 1 : Math.min(1, trainedLayers / layers);
  return all * (1 / 3 + (lora === undefined ? 2 / 3 : 1 / 3) * share);
}

function updateSeconds({ shape, ...settings }: Pick<StepWork, 'shape' | keyof TrainedSettings>): number {
  return (learningParameters(shape, settings) * bytesOfUpdate) / memoryRate;
}

/** How unlike two kinds of work are; 0 for the same. A factor of e in operations, width or context counts 1. */
function distance(work: StepWork, { shape, threads }: Measurement): number {
  const apart = (a: number, b: number) => Math.abs(Math.log(a / b));
  const [planned, measured] = [costOf(work.shape), costOf(shape)];
  return (
    apart(planned.operations, measured.operations) +
    apart(planned.width, measured.width) +
    apart(work.shape.contextLength, shape.contextLength) / 2 +
    (modelTypeOf(work.shape) === modelTypeOf(shape) ? 0 : 0.3) +
    apart(work.threads, threads) * 2
  );
}

/** How long a step will take, from what was measured on this machine so far. */
export function estimateStepTime(work: StepWork, measurements: readonly Measurement[]): StepTime {
  const operations = operationsOfStep(work);
  const update = updateSeconds(work);
  const nearest = measurements
    .map((measurement) => ({ measurement, apart: distance(work, measurement) }))
    .toSorted((a, b) => a.apart - b.apart)[0];
  if (nearest === undefined) {
    const rate = guessedRateOfCore * Math.min(work.threads, mostUsefulCores);
    return { secondsPerStep: operations / rate + update, basis: 'guessed', factor: 3 };
  }
  const { measurement, apart } = nearest;
  const theirUpdate = updateSeconds(measurement);
  // The update is small beside the products; where it is not, at least half of the step was products.
  const theirProducts = Math.max(measurement.secondsPerStep - theirUpdate, measurement.secondsPerStep / 2);
  const theirRate = operationsOfStep(measurement) / theirProducts / measurement.threads;
  return {
    secondsPerStep: operations / (theirRate * work.threads) + update,
    basis: 'scaled',
    factor: Math.min(3, 1.25 + apart / 4),
  };
}
