import { z } from 'zod';
import { LoamError } from '../../../../shared/errors.ts';
import type { GptShape } from '../../../../shared/models/gpt-configuration.ts';
import { gptIssues } from '../../../../shared/models/gpt-issues.ts';
import { gptModelTypes, type GptModelType } from '../../../../shared/models/gpt-model-types.ts';
import { modelLimits } from '../../../../shared/models/limits.ts';
import { familyOf } from './families.ts';

/**
 * Reads `config.json` as Hugging Face transformers 4 and 5 write it for gpt2, llama, qwen2 and qwen3
 * (transformers/models/<model_type>/configuration_<model_type>.py). A field that is absent or null has that version's default.
 */

/** A value that falls back to transformers' default when it is absent or null. */
const withDefault = <T extends z.ZodType>(schema: T, value: z.output<T>) =>
  schema.nullish().transform((given) => given ?? value);
const optional = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((given) => given ?? undefined);
/** A count that is believed up to its limit: what a model takes is sized by it. */
const count = (most: number) =>
  z
    .int()
    .positive()
    .max(most, {
      error: ({ input }) =>
        `${Number(input).toLocaleString('en')} is more than is believed here, at most ${most.toLocaleString('en')}`,
    });
const share = z.number().min(0).lt(1);

const everyModelType = {
  quantization_config: z.unknown().optional(),
};

const gpt2Schema = z.looseObject({
  ...everyModelType,
  vocab_size: withDefault(count(modelLimits.vocabularySize), 50257),
  n_positions: withDefault(count(modelLimits.contextLength), 1024),
  n_embd: withDefault(count(modelLimits.hiddenSize), 768),
  n_layer: withDefault(count(modelLimits.layers), 12),
  n_head: withDefault(count(modelLimits.heads), 12),
  n_inner: optional(count(modelLimits.intermediateSize)),
  activation_function: withDefault(z.string(), 'gelu_new'),
  resid_pdrop: withDefault(share, 0.1),
  layer_norm_epsilon: withDefault(z.number().positive(), 1e-5),
  scale_attn_weights: withDefault(z.boolean(), true),
  scale_attn_by_inverse_layer_idx: withDefault(z.boolean(), false),
  add_cross_attention: withDefault(z.boolean(), false),
  tie_word_embeddings: withDefault(z.boolean(), true),
});

const rotaryScaling = optional(
  z.looseObject({
    rope_type: z.string().optional(),
    /** The name of `rope_type` before transformers 4.45. */
    type: z.string().optional(),
    rope_theta: z.number().positive().optional(),
    partial_rotary_factor: z.number().optional(),
  }),
);

const rotarySchema = z.looseObject({
  ...everyModelType,
  vocab_size: count(modelLimits.vocabularySize),
  hidden_size: count(modelLimits.hiddenSize),
  intermediate_size: count(modelLimits.intermediateSize),
  num_hidden_layers: count(modelLimits.layers),
  num_attention_heads: count(modelLimits.heads),
  num_key_value_heads: optional(count(modelLimits.heads)),
  head_dim: optional(count(modelLimits.headSize)),
  max_position_embeddings: count(modelLimits.contextLength),
  hidden_act: withDefault(z.string(), 'silu'),
  rms_norm_eps: withDefault(z.number().positive(), 1e-6),
  attention_dropout: withDefault(share, 0),
  attention_bias: withDefault(z.boolean(), false),
  mlp_bias: withDefault(z.boolean(), false),
  tie_word_embeddings: withDefault(z.boolean(), false),
  use_sliding_window: withDefault(z.boolean(), false),
  layer_types: optional(z.array(z.string()).max(modelLimits.layers)),
  rope_theta: optional(z.number().positive()),
  /** transformers 5. */
  rope_parameters: rotaryScaling,
  /** transformers 4. */
  rope_scaling: rotaryScaling,
  partial_rotary_factor: optional(z.number()),
});

const supported = `Loam reads decoder-only models of the kinds ${gptModelTypes.join(', ')} with ordinary attention and positions.`;

function unsupported(where: string, features: readonly string[]): LoamError {
  return new LoamError({
    kind: 'input',
    where,
    what: `This model uses ${features.join(' and ')}, which Loam cannot compute.`,
    remedy: `${supported} Take another model.`,
  });
}

function parseFields<T extends z.ZodType>(where: string, schema: T, json: unknown): z.output<T> {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new LoamError({
    kind: 'input',
    where,
    what: `The model’s description has fields that are missing or wrong (${problems.slice(0, 3).join('; ')}).`,
    remedy: 'Take the config.json that belongs to the model’s weights.',
  });
}

function gpt2Shape(where: string, json: unknown): GptShape {
  const config = parseFields(where, gpt2Schema, json);
  const features = [
    // The two names mean one function: GELU by its tanh approximation.
    !['gelu_new', 'gelu_pytorch_tanh'].includes(config.activation_function) &&
      `the activation function "${config.activation_function}"`,
    !config.scale_attn_weights && 'attention without scaling',
    config.scale_attn_by_inverse_layer_idx && 'attention scaled by the layer’s number',
    config.add_cross_attention && 'cross-attention',
    (config.quantization_config ?? undefined) !== undefined && 'quantised weights',
  ].filter((feature) => feature !== false);
  if (features.length > 0) throw unsupported(where, features);
  return {
    architecture: 'gpt',
    modelType: 'gpt2',
    vocabularySize: config.vocab_size,
    contextLength: config.n_positions,
    hiddenSize: config.n_embd,
    layers: config.n_layer,
    heads: config.n_head,
    keyValueHeads: config.n_head,
    headSize: config.n_embd / config.n_head,
    intermediateSize: config.n_inner ?? 4 * config.n_embd,
    tiedEmbeddings: config.tie_word_embeddings,
    dropout: config.resid_pdrop,
    rotaryBase: 10000,
    normalizationEpsilon: config.layer_norm_epsilon,
  };
}

function rotaryShape(where: string, json: unknown, modelType: Exclude<GptModelType, 'gpt2'>): GptShape {
  const config = parseFields(where, rotarySchema, json);
  const rotary = config.rope_parameters ?? config.rope_scaling;
  const rotaryType = rotary?.rope_type ?? rotary?.type ?? 'default';
  const windowed = config.layer_types?.find((type) => type !== 'full_attention');
  const features = [
    !['silu', 'swish'].includes(config.hidden_act) && `the activation function "${config.hidden_act}"`,
    config.attention_bias && 'biases on all attention projections (attention_bias)',
    config.mlp_bias && 'biases in the feed-forward part (mlp_bias)',
    rotaryType !== 'default' && `rope scaling of the type "${rotaryType}"`,
    (rotary?.partial_rotary_factor ?? config.partial_rotary_factor ?? 1) !== 1 && 'partly rotary positions',
    config.use_sliding_window && 'sliding window attention',
    !config.use_sliding_window && windowed !== undefined && `layers of the type "${windowed}"`,
    (config.quantization_config ?? undefined) !== undefined && 'quantised weights',
  ].filter((feature) => feature !== false);
  if (features.length > 0) throw unsupported(where, features);
  const heads = config.num_attention_heads;
  const { attention } = familyOf({ modelType });
  const defaultHeadSize = attention.projections === 'separate' ? attention.headSize : undefined;
  return {
    architecture: 'gpt',
    modelType,
    vocabularySize: config.vocab_size,
    contextLength: config.max_position_embeddings,
    hiddenSize: config.hidden_size,
    layers: config.num_hidden_layers,
    heads,
    keyValueHeads: config.num_key_value_heads ?? heads,
    headSize: config.head_dim ?? defaultHeadSize ?? config.hidden_size / heads,
    intermediateSize: config.intermediate_size,
    tiedEmbeddings: config.tie_word_embeddings,
    dropout: config.attention_dropout,
    rotaryBase: rotary?.rope_theta ?? config.rope_theta ?? 10000,
    normalizationEpsilon: config.rms_norm_eps,
  };
}

/**
 * The shape of the model that a `config.json` of one model type describes.
 * @param where the file's path, for messages
 * @throws LoamError naming what Loam cannot compute, or the fields that are missing or wrong.
 */
export function fromHuggingFaceConfig(
  modelType: GptModelType,
  json: unknown,
  where = 'config.json',
): GptShape {
  const shape = modelType === 'gpt2' ? gpt2Shape(where, json) : rotaryShape(where, json, modelType);
  const { headSize, ...others } = shape;
  // A head size that is no whole number comes of heads that do not divide the hidden size.
  const [issue] = gptIssues(Number.isInteger(headSize) ? shape : others);
  if (issue === undefined) return shape;
  throw new LoamError({
    kind: 'input',
    where,
    what: issue.what,
    remedy: 'Take the config.json that belongs to the model’s weights.',
  });
}
