import type { GptShape } from '../../../../shared/models/gpt-configuration.ts';
import type { TrainingCost } from '../architecture.ts';
import { familyOf } from './families.ts';

/** What training a model of this shape costs. */
export function gptTrainingCost(shape: GptShape): TrainingCost {
  const { layers, hiddenSize } = shape;
  const block = keptValuesOfBlock(shape);
  return {
    operations: operationsForToken(shape),
    keptValues: layers * block,
    // A block keeps its input, and one block at a time is computed again.
    keptValuesWithCheckpointing: layers * hiddenSize + block,
    width: hiddenSize,
  };
}

/** Matrices of the feed-forward part. */
function feedForwardMatrices(shape: GptShape): number {
  return familyOf(shape).feedForward === 'gelu' ? 2 : 3;
}

/**
 * Floating-point operations for each trained token: 6 for each weight in a matrix product and 12·L·T·D for attention
 * (Chowdhery et al., "PaLM", 2022, appendix B). The token embedding is looked up, not multiplied; the output layer is
 * multiplied, tied or not.
 */
function operationsForToken(shape: GptShape): number {
  const { hiddenSize, heads, keyValueHeads, headSize, intermediateSize, layers, contextLength } = shape;
  const queryWidth = heads * headSize;
  const attention = hiddenSize * (2 * queryWidth + 2 * keyValueHeads * headSize);
  const feedForward = feedForwardMatrices(shape) * hiddenSize * intermediateSize;
  const weights = layers * (attention + feedForward) + shape.vocabularySize * hiddenSize;
  return 6 * weights + 12 * layers * contextLength * queryWidth;
}

/**
 * Float32 values that a block keeps for its backward pass, for each token: inputs of the norms and matrix products,
 * queries, keys, values, what attention and the feed-forward part give, and the attention's probabilities.
 */
function keptValuesOfBlock(shape: GptShape): number {
  const { hiddenSize, heads, keyValueHeads, headSize, intermediateSize, contextLength } = shape;
  const queryWidth = heads * headSize;
  const keyValueWidth = keyValueHeads * headSize;
  const attention = 4 * hiddenSize + 2 * queryWidth + 2 * keyValueWidth + heads * contextLength;
  const feedForward = 2 * hiddenSize + feedForwardMatrices(shape) * intermediateSize;
  const masks = shape.dropout > 0 ? 2 * hiddenSize + heads * contextLength : 0;
  return attention + feedForward + masks;
}
