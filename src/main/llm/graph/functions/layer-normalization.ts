import { layerNormalizationWithMoments } from '../operators/normalization.ts';
import type { Value } from '../types.ts';

/**
 * Layer normalisation (Ba et al., 2016) whose mean and 1/σ the backward pass can read; a graph without a backward pass
 * drops them.
 */
export function layerNormalization(x: Value, scale: Value, bias: Value, epsilon: number): Value {
  return layerNormalizationWithMoments(x, scale, bias, epsilon)[0];
}
