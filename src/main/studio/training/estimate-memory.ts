import type { ModelShape } from '../../../shared/models/model-shape.ts';
import {
  trainedSettings,
  type TrainedSettings,
  type TrainingConfiguration,
} from '../../../shared/runs/configuration.ts';
import { architectureOf, parametersOf } from '../../llm/models/registry.ts';
import { countTrained, trainedPart } from '../../llm/training/trained-part.ts';
import { automaticLossChunks } from '../../llm/objectives/loss-chunks.ts';
import { microBatchSizes } from '../../llm/training/calibration.ts';

const bytesOfFloat = 4;

/** Resident memory of a training process before the model: Node, ONNX Runtime, its threads and kernels. Measured. */
export const bytesOfProgram = 230 * 2 ** 20;

/** The calibration tries micro-batches until their activations take this much, or as much as the model's state. */
const leastActivationLimit = 256 * 2 ** 20;

/** Bytes that one micro-batch's activations take, with the logits of the loss. */
export function activationBytes(
  shape: ModelShape,
  microBatchSize: number,
  { gradientCheckpointing, lossChunks }: Pick<TrainingConfiguration, 'gradientCheckpointing' | 'lossChunks'>,
): number {
  const tokens = microBatchSize * shape.contextLength;
  const { keptValues, keptValuesWithCheckpointing } = architectureOf(shape).trainingCost(shape);
  const kept = gradientCheckpointing ? keptValuesWithCheckpointing : keptValues;
  const chunks = lossChunks === 'auto' ? automaticLossChunks(tokens, shape.vocabularySize) : lossChunks;
  const logits = 2 * Math.ceil(tokens / chunks) * shape.vocabularySize;
  return bytesOfFloat * (tokens * kept + logits);
}

/** How many values learn, of a model or of its adapters. */
export function learningParameters(shape: ModelShape, settings: TrainedSettings): number {
  const parameters = parametersOf(shape);
  return countTrained(parameters, trainedPart(parameters, settings));
}

/** The memory that training a model takes at its peak, in bytes, without having tried it. */
export function estimateMemory(
  shape: ModelShape,
  parameters: number,
  training: TrainingConfiguration,
): {
  readonly total: number;
  readonly weights: number;
  readonly gradients: number;
  readonly moments: number;
  readonly activations: number;
  readonly program: number;
} {
  const weights = bytesOfFloat * parameters;
  const trained = bytesOfFloat * learningParameters(shape, trainedSettings(training));
  const [gradients, moments] = [trained, 2 * trained];
  const limit = Math.max(leastActivationLimit, weights + gradients + moments);
  const sizes =
    training.microBatchSize === 'auto' ? microBatchSizes(training.batchSize) : [training.microBatchSize];
  // The calibration's trials count: memory that a process once took stays with it.
  const activations = sizes
    .map((size) => activationBytes(shape, size, training))
    .filter((bytes, index) => index === 0 || bytes <= limit)
    // Three sizes that are no faster end the search: on any machine yet measured the fourth size was the last.
    .slice(0, 4)
    .reduce((most, bytes) => Math.max(most, bytes), 0);
  return {
    total: bytesOfProgram + weights + gradients + moments + activations,
    weights,
    gradients,
    moments,
    activations,
    program: bytesOfProgram,
  };
}
