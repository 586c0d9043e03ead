import { assertNever } from '../../../../shared/errors.ts';
import type { GptShape } from '../../../../shared/models/gpt-configuration.ts';
import type { ConfigTokens } from '../architecture.ts';

/**
 * `config.json` as Hugging Face transformers 5 writes it for gpt2, llama, qwen2 and qwen3
 * (transformers/models/<model_type>/configuration_<model_type>.py).
 */

function gpt2Config(shape: GptShape): Readonly<Record<string, unknown>> {
  return {
    architectures: ['GPT2LMHeadModel'],
    model_type: 'gpt2',
    activation_function: 'gelu_new',
    n_positions: shape.contextLength,
    n_embd: shape.hiddenSize,
    n_layer: shape.layers,
    n_head: shape.heads,
    n_inner: shape.intermediateSize,
    layer_norm_epsilon: shape.normalizationEpsilon,
    resid_pdrop: shape.dropout,
    embd_pdrop: shape.dropout,
    attn_pdrop: shape.dropout,
    scale_attn_weights: true,
    scale_attn_by_inverse_layer_idx: false,
    reorder_and_upcast_attn: false,
    add_cross_attention: false,
  };
}

function rotaryConfig(shape: GptShape): Readonly<Record<string, unknown>> {
  return {
    max_position_embeddings: shape.contextLength,
    hidden_size: shape.hiddenSize,
    num_hidden_layers: shape.layers,
    num_attention_heads: shape.heads,
    num_key_value_heads: shape.keyValueHeads,
    head_dim: shape.headSize,
    intermediate_size: shape.intermediateSize,
    hidden_act: 'silu',
    rms_norm_eps: shape.normalizationEpsilon,
    attention_dropout: shape.dropout,
    rope_parameters: { rope_type: 'default', rope_theta: shape.rotaryBase },
    // Where transformers 4, llama.cpp and others look for it.
    rope_theta: shape.rotaryBase,
  };
}

const fullAttention = (shape: GptShape) => ({
  layer_types: Array.from({ length: shape.layers }, () => 'full_attention'),
  use_sliding_window: false,
  sliding_window: null,
});

function modelTypeConfig(shape: GptShape): Readonly<Record<string, unknown>> {
  switch (shape.modelType) {
    case 'gpt2':
      return gpt2Config(shape);
    case 'llama':
      return {
        architectures: ['LlamaForCausalLM'],
        model_type: 'llama',
        ...rotaryConfig(shape),
        attention_bias: false,
        mlp_bias: false,
      };
    case 'qwen2':
      return {
        architectures: ['Qwen2ForCausalLM'],
        model_type: 'qwen2',
        ...rotaryConfig(shape),
        ...fullAttention(shape),
      };
    case 'qwen3':
      return {
        architectures: ['Qwen3ForCausalLM'],
        model_type: 'qwen3',
        ...rotaryConfig(shape),
        ...fullAttention(shape),
        attention_bias: false,
      };
    default:
      return assertNever(shape.modelType);
  }
}

/** The `config.json` of a model. */
export function toHuggingFaceConfig(
  shape: GptShape,
  { endOfText, ids }: ConfigTokens,
): Readonly<Record<string, unknown>> {
  return {
    ...modelTypeConfig(shape),
    vocab_size: shape.vocabularySize,
    tie_word_embeddings: shape.tiedEmbeddings,
    ...(ids ?? { bos_token_id: endOfText, eos_token_id: endOfText }),
    dtype: 'float32',
    initializer_range: 0.02,
    use_cache: true,
  };
}
