import type { GptShape } from '../../../shared/models/gpt-configuration.ts';
import type { TrainingConfiguration } from '../../../shared/runs/configuration.ts';
import { automaticLossChunks } from '../../llm/training/loss-chunks.ts';
import { microBatchSizes } from '../../llm/training/calibration.ts';

const bytesOfFloat = 4;

/** Resident memory of a training process before the model: Node, ONNX Runtime, its threads and kernels. Measured. */
export const bytesOfProgram = 230 * 2 ** 20;

/** The calibration tries micro-batches until their activations take this much, or as much as the model's state. */
const leastActivationLimit = 256 * 2 ** 20;

/**
 * Float32 values that a block keeps for its backward pass, for each token: inputs of the norms and matrix products,
 * queries, keys, values, what attention and the feed-forward part give, and the attention's probabilities.
 */
function keptValues(shape: GptShape): number {
  const { style, hiddenSize, heads, keyValueHeads, headSize, intermediateSize, contextLength } = shape;
  const queryWidth = heads * headSize;
  const keyValueWidth = keyValueHeads * headSize;
  const attention = 4 * hiddenSize + 2 * queryWidth + 2 * keyValueWidth + heads * contextLength;
  const feedForward = 2 * hiddenSize + (style === 'gpt2' ? 2 : 3) * intermediateSize;
  const masks = shape.dropout > 0 ? 2 * hiddenSize + heads * contextLength : 0;
  return attention + feedForward + masks;
}

/** Bytes that one micro-batch's activations take, with the logits of the loss. */
export function activationBytes(
  shape: GptShape,
  microBatchSize: number,
  { gradientCheckpointing, lossChunks }: Pick<TrainingConfiguration, 'gradientCheckpointing' | 'lossChunks'>,
): number {
  const tokens = microBatchSize * shape.contextLength;
  const block = keptValues(shape);
  // With checkpointing a block keeps its input, and one block at a time is computed again.
  const blocks = gradientCheckpointing ? shape.layers * shape.hiddenSize + block : shape.layers * block;
  const chunks = lossChunks === 'auto' ? automaticLossChunks(tokens, shape.vocabularySize) : lossChunks;
  const logits = 2 * Math.ceil(tokens / chunks) * shape.vocabularySize;
  return bytesOfFloat * (tokens * blocks + logits);
}

/** The memory that training a model takes at its peak, in bytes, without having tried it. */
export function estimateMemory(
  shape: GptShape,
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
  const [gradients, moments] = [weights, 2 * weights];
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
