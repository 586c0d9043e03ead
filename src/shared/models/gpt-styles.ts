/**
 * The published decoder-only models that one definition covers, by Hugging Face's `model_type`:
 * `gpt2` (learned positions, LayerNorm, GELU, biases), `llama` (rotary positions, RMSNorm, SwiGLU, grouped-query
 * attention), `qwen2` (llama with biases on query, key and value), `qwen3` (llama with normalised queries and keys).
 */
export const gptStyles = ['gpt2', 'llama', 'qwen2', 'qwen3'] as const;
export type GptStyle = (typeof gptStyles)[number];
