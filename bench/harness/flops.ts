import type { GptShape } from '../../src/shared/models/gpt-configuration.ts';

/**
 * Floating-point operations of forward and backward pass over so many tokens of a GPT-2 model, after the PaLM paper
 * (Chowdhery et al., "PaLM", 2022, appendix B): 6·N + 12·L·T·D for each token. N counts the weights that take part in
 * matrix products (the output layer's too, looked-up embeddings not), L layers, T the sequence length, D the width. The
 * half of the attention matrix that a causal mask hides is counted, though a kernel may leave it out; norms,
 * activations, softmax and the optimizer are not.
 */
export function trainingStepFlops(shape: GptShape, tokens: number): number {
  const { hiddenSize, intermediateSize, layers, vocabularySize, contextLength } = shape;
  const attentionWeights = 4 * hiddenSize * hiddenSize; // query, key, value and the output projection
  const feedForwardWeights = 2 * hiddenSize * intermediateSize;
  const weights = layers * (attentionWeights + feedForwardWeights) + vocabularySize * hiddenSize;
  return tokens * (6 * weights + 12 * layers * contextLength * hiddenSize);
}
