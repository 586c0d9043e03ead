/**
 * The published decoder-only models that one definition covers, by Hugging Face's `model_type`:
 * `gpt2` (learned positions, LayerNorm, GELU, biases), `llama` (rotary positions, RMSNorm, SwiGLU, grouped-query
 * attention), `qwen2` (llama with biases on query, key and value), `qwen3` (llama with normalised queries and keys).
 */
export const gptModelTypes = ['gpt2', 'llama', 'qwen2', 'qwen3'] as const;
export type GptModelType = (typeof gptModelTypes)[number];

/** What follows from a family where a configuration does not say it. */
interface ModelTypeDefaults {
  readonly intermediateSize: (hiddenSize: number) => number;
  readonly normalizationEpsilon: number;
}

const ofLlama: ModelTypeDefaults = {
  // SwiGLU has three matrices instead of two: with two thirds of the width they have as many parameters.
  intermediateSize: (hiddenSize) => Math.ceil((8 * hiddenSize) / 3 / 64) * 64,
  normalizationEpsilon: 1e-6,
};

export const modelTypeDefaults: Readonly<Record<GptModelType, ModelTypeDefaults>> = {
  gpt2: { intermediateSize: (hiddenSize) => 4 * hiddenSize, normalizationEpsilon: 1e-5 },
  llama: ofLlama,
  qwen2: ofLlama,
  qwen3: ofLlama,
};
