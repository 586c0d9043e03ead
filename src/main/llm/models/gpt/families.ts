import type { GptModelType } from '../../../../shared/models/gpt-model-types.ts';

/** Where Hugging Face keeps the parameters of a family. */
interface FamilyNames {
  readonly tokenEmbedding: string;
  readonly positionEmbedding: string | undefined;
  readonly finalNorm: string;
  /** A block's parameters begin with this. */
  readonly block: (layer: number) => string;
  /** After the block's beginning. */
  readonly attentionNorm: string;
  readonly feedForwardNorm: string;
}

/** What distinguishes one published family of decoder-only Transformers from another. */
export interface GptFamily {
  readonly names: FamilyNames;
  /** The part of a name that a model without its output layer (GPT2Model, LlamaModel) saves its parameters without. */
  readonly basePrefix: string;
  readonly positions: 'learned' | 'rotary';
  readonly normalization: 'layerNorm' | 'rmsNorm';
  readonly attention:
    | { readonly projections: 'joint' }
    | {
        readonly projections: 'separate';
        /** Whether the projections of queries, keys and values have biases. */
        readonly biases: boolean;
        /** Whether queries and keys are normalized, head by head. */
        readonly normalizedHeads: boolean;
        /** What a `config.json` without `head_dim` means. Default: the width divided by the heads. */
        readonly headSize?: number;
        /** Whether GGUF files have the rows of each head of queries and keys interleaved. */
        readonly interleavedInGguf?: boolean;
      };
  readonly feedForward: 'gelu' | 'swiglu';
}

const rotary: GptFamily = {
  names: {
    tokenEmbedding: 'model.embed_tokens.weight',
    positionEmbedding: undefined,
    finalNorm: 'model.norm',
    block: (layer) => `model.layers.${layer}`,
    attentionNorm: 'input_layernorm',
    feedForwardNorm: 'post_attention_layernorm',
  },
  basePrefix: 'model.',
  positions: 'rotary',
  normalization: 'rmsNorm',
  attention: { projections: 'separate', biases: false, normalizedHeads: false },
  feedForward: 'swiglu',
};

/** The families, by Hugging Face's `model_type`. */
export const gptFamilies = {
  /** Radford et al., "Language Models are Unsupervised Multitask Learners", 2019. */
  gpt2: {
    names: {
      tokenEmbedding: 'transformer.wte.weight',
      positionEmbedding: 'transformer.wpe.weight',
      finalNorm: 'transformer.ln_f',
      block: (layer) => `transformer.h.${layer}`,
      attentionNorm: 'ln_1',
      feedForwardNorm: 'ln_2',
    },
    basePrefix: 'transformer.',
    positions: 'learned',
    normalization: 'layerNorm',
    attention: { projections: 'joint' },
    feedForward: 'gelu',
  },
  /** Touvron et al., "LLaMA: Open and Efficient Foundation Language Models", 2023. */
  llama: {
    ...rotary,
    attention: { projections: 'separate', biases: false, normalizedHeads: false, interleavedInGguf: true },
  },
  /** Yang et al., "Qwen2 Technical Report", 2024. */
  qwen2: { ...rotary, attention: { projections: 'separate', biases: true, normalizedHeads: false } },
  /** Yang et al., "Qwen3 Technical Report", 2025. */
  qwen3: {
    ...rotary,
    attention: { projections: 'separate', biases: false, normalizedHeads: true, headSize: 128 },
  },
} as const satisfies Record<GptModelType, GptFamily>;

export function familyOf({ modelType }: { readonly modelType: GptModelType }): GptFamily {
  return gptFamilies[modelType];
}
