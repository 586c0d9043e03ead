import type { GptShape } from '../../../shared/models/gpt-configuration.ts';
import type { EstimateBasis } from '../../../shared/runs/estimate.ts';
import type { Measurement } from './measurements.ts';

/** Bytes that the optimizer moves for each parameter: reads weight, gradient, moments; writes weight and moments. */
const bytesOfUpdate = 28;

/** Bytes a second that an ordinary machine's memory gives, for the update. */
const memoryRate = 12e9;

/** Operations a second of one core in training where nothing was measured: cautious for a laptop of recent years. */
const guessedRateOfCore = 45e9;

/** Cores beyond this many hardly help models of these sizes. */
const mostUsefulCores = 16;

/**
 * Floating-point operations for each trained token: 6 for each weight in a matrix product and 12·L·T·D for attention
 * (Chowdhery et al., "PaLM", 2022, appendix B). The token embedding is looked up, not multiplied; the output layer is
 * multiplied, tied or not.
 */
export function operationsForToken(shape: GptShape): number {
  const { style, hiddenSize, heads, keyValueHeads, headSize, intermediateSize, layers, contextLength } =
    shape;
  const queryWidth = heads * headSize;
  const attention = hiddenSize * (2 * queryWidth + 2 * keyValueHeads * headSize);
  const feedForward = (style === 'gpt2' ? 2 : 3) * hiddenSize * intermediateSize;
  const weights = layers * (attention + feedForward) + shape.vocabularySize * hiddenSize;
  return 6 * weights + 12 * layers * contextLength * queryWidth;
}

/** What decides how long an optimizer step takes. */
export interface StepWork {
  readonly shape: GptShape;
  readonly parameters: number;
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

function operationsOfStep({
  shape,
  batchSize,
  gradientCheckpointing,
}: Omit<StepWork, 'parameters' | 'threads'>): number {
  // Checkpointing computes the forward pass, a third of the work, a second time.
  return operationsForToken(shape) * shape.contextLength * batchSize * (gradientCheckpointing ? 4 / 3 : 1);
}

/** How unlike two kinds of work are; 0 for the same. A factor of e in operations, width or context counts 1. */
function distance(work: StepWork, { shape, threads }: Measurement): number {
  const apart = (a: number, b: number) => Math.abs(Math.log(a / b));
  return (
    apart(operationsForToken(work.shape), operationsForToken(shape)) +
    apart(work.shape.hiddenSize, shape.hiddenSize) +
    apart(work.shape.contextLength, shape.contextLength) / 2 +
    (work.shape.style === shape.style ? 0 : 0.3) +
    apart(work.threads, threads) * 2
  );
}

/** How long a step will take, from what was measured on this machine so far. */
export function estimateStepTime(work: StepWork, measurements: readonly Measurement[]): StepTime {
  const operations = operationsOfStep(work);
  const update = (work.parameters * bytesOfUpdate) / memoryRate;
  const nearest = measurements
    .map((measurement) => ({ measurement, apart: distance(work, measurement) }))
    .toSorted((a, b) => a.apart - b.apart)[0];
  if (nearest === undefined) {
    const rate = guessedRateOfCore * Math.min(work.threads, mostUsefulCores);
    return { secondsPerStep: operations / rate + update, basis: 'guessed', factor: 3 };
  }
  const { measurement, apart } = nearest;
  const theirUpdate = (measurement.parameters * bytesOfUpdate) / memoryRate;
  // The update is small beside the products; where it is not, at least half of the step was products.
  const theirProducts = Math.max(measurement.secondsPerStep - theirUpdate, measurement.secondsPerStep / 2);
  const theirRate = operationsOfStep(measurement) / theirProducts / measurement.threads;
  return {
    secondsPerStep: operations / (theirRate * work.threads) + update,
    basis: 'scaled',
    factor: Math.min(3, 1.25 + apart / 4),
  };
}
