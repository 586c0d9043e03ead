import { z } from 'zod';
import { LoamError } from '../../../../shared/errors.ts';
import type { GptShape } from '../../../../shared/models/gpt-configuration.ts';
import { gptModelTypes, type GptModelType } from '../../../../shared/models/gpt-model-types.ts';
import { modelLimits } from '../../../../shared/models/limits.ts';
import type { GgufArrangement, GgufMetadata, GgufPlace, GgufReader } from '../gguf-reader.ts';
import { familyOf } from './families.ts';
import { gptNames, gptParameters } from './parameters.ts';

/**
 * The models of these families as llama.cpp's converter writes them: keys from ggml's docs/gguf.md, names from
 * gguf-py/gguf/tensor_mapping.py, arrangements from convert_hf_to_gguf.py.
 */
export const ggufReaders: ReadonlyMap<string, GgufReader<GptShape>> = new Map(
  gptModelTypes.map((modelType) => [
    modelType,
    { shape: (metadata, tensors, where) => shapeOf(modelType, metadata, tensors, where), places: placesOf },
  ]),
);

const count = (most: number) => z.int().positive().max(most);

const headSchema = z.object({
  context_length: count(modelLimits.contextLength),
  embedding_length: count(modelLimits.hiddenSize),
  block_count: count(modelLimits.layers),
  feed_forward_length: count(modelLimits.intermediateSize),
  'attention.head_count': count(modelLimits.heads),
  'attention.head_count_kv': count(modelLimits.heads).optional(),
  'attention.key_length': count(modelLimits.headSize).optional(),
  'attention.value_length': count(modelLimits.headSize).optional(),
  'attention.layer_norm_epsilon': z.number().positive().optional(),
  'attention.layer_norm_rms_epsilon': z.number().positive().optional(),
  'attention.sliding_window': z.int().min(0).optional(),
  'rope.freq_base': z.number().positive().optional(),
  'rope.dimension_count': z.int().positive().optional(),
  'rope.scaling.type': z.string().optional(),
  expert_count: z.int().min(0).optional(),
});

function shapeOf(
  modelType: GptModelType,
  metadata: GgufMetadata,
  tensors: ReadonlyMap<string, { readonly shape: readonly number[] }>,
  where: string,
): GptShape {
  const own = [...metadata].filter(([key]) => key.startsWith(`${modelType}.`));
  const parsed = headSchema.safeParse(
    Object.fromEntries(own.map(([key, value]) => [key.slice(modelType.length + 1), value])),
  );
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new LoamError({
      kind: 'input',
      where,
      what: `The file’s description of the model is missing or wrong at ${modelType}.${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`,
      remedy: 'Take the model’s file from its source again.',
    });
  }
  const head = parsed.data;
  const heads = head['attention.head_count'];
  const headSize = head['attention.key_length'] ?? head.embedding_length / heads;
  const scaling = head['rope.scaling.type'] ?? 'none';
  const features = [
    !Number.isInteger(headSize) && `${heads} heads in a width of ${head.embedding_length}`,
    (head['attention.value_length'] ?? headSize) !== headSize && 'values of another size than keys',
    (head['rope.dimension_count'] ?? headSize) !== headSize && 'partly rotary positions',
    scaling !== 'none' && `rope scaling of the type "${scaling}"`,
    tensors.has('rope_freqs.weight') && 'rope scaling of the type "llama3"',
    (head['attention.sliding_window'] ?? 0) > 0 && 'sliding window attention',
    (head.expert_count ?? 0) > 0 && 'a mixture of experts',
  ].filter((feature) => feature !== false);
  if (features.length > 0)
    throw new LoamError({
      kind: 'input',
      where,
      what: `This model uses ${features.join(' and ')}, which Loam cannot compute.`,
      remedy: 'Take another model.',
    });
  const embedding = tensors.get('token_embd.weight');
  if (embedding === undefined)
    throw new LoamError({
      kind: 'input',
      where,
      what: 'The file has no token embedding (token_embd.weight).',
      remedy: 'Take the model’s file from its source again.',
    });
  return {
    architecture: 'gpt',
    modelType,
    vocabularySize: embedding.shape[0] ?? 0,
    contextLength: head.context_length,
    hiddenSize: head.embedding_length,
    layers: head.block_count,
    heads,
    keyValueHeads: head['attention.head_count_kv'] ?? heads,
    headSize,
    intermediateSize: head.feed_forward_length,
    tiedEmbeddings: !tensors.has('output.weight'),
    dropout: 0,
    rotaryBase: head['rope.freq_base'] ?? 10000,
    // A float32 in the file, such as 9.999999747378752e-6 for 1e-5.
    normalizationEpsilon: Number(
      (head['attention.layer_norm_rms_epsilon'] ?? head['attention.layer_norm_epsilon'] ?? 1e-5).toPrecision(
        7,
      ),
    ),
  };
}

/** Names after the layer's beginning: Hugging Face's, and GGUF's. */
const jointNames = [
  ['attn.c_attn', 'attn_qkv'],
  ['attn.c_proj', 'attn_output'],
  ['mlp.c_fc', 'ffn_up'],
  ['mlp.c_proj', 'ffn_down'],
] as const;
const separateNames = [
  ['self_attn.q_proj', 'attn_q'],
  ['self_attn.k_proj', 'attn_k'],
  ['self_attn.v_proj', 'attn_v'],
  ['self_attn.q_norm', 'attn_q_norm'],
  ['self_attn.k_norm', 'attn_k_norm'],
  ['self_attn.o_proj', 'attn_output'],
  ['mlp.gate_proj', 'ffn_gate'],
  ['mlp.up_proj', 'ffn_up'],
  ['mlp.down_proj', 'ffn_down'],
] as const;

function placesOf(shape: GptShape): ReadonlyMap<string, GgufPlace> {
  const names = gptNames(shape);
  const modules = new Map<string, string>([
    [names.finalNorm, 'output_norm'],
    ...Array.from({ length: shape.layers }, (_, layer) => layerNames(shape, layer)).flat(),
  ]);
  const whole = new Map<string, string>([
    [names.tokenEmbedding, 'token_embd.weight'],
    ...(names.positionEmbedding === undefined
      ? []
      : [[names.positionEmbedding, 'position_embd.weight'] as const]),
    ...(shape.tiedEmbeddings ? [] : [[names.output, 'output.weight'] as const]),
  ]);
  return new Map(
    gptParameters(shape).map(({ name }) => {
      const dot = name.lastIndexOf('.');
      const tensor = whole.get(name) ?? `${modules.get(name.slice(0, dot)) ?? ''}${name.slice(dot)}`;
      return [name, { tensor, arrangement: arrangementOf(shape, name) }];
    }),
  );
}

function layerNames(shape: GptShape, layer: number): readonly (readonly [string, string])[] {
  const { prefix, attentionNorm, feedForwardNorm } = gptNames(shape).block(layer);
  const joint = familyOf(shape).attention.projections === 'joint';
  return [
    [attentionNorm, `blk.${layer}.attn_norm`],
    [feedForwardNorm, `blk.${layer}.ffn_norm`],
    ...(joint ? jointNames : separateNames).map(
      ([theirs, gguf]) => [`${prefix}.${theirs}`, `blk.${layer}.${gguf}`] as const,
    ),
  ];
}

/** The converter turns GPT-2's matrices ([in, out]), and interleaves the heads of some families' queries and keys. */
function arrangementOf(shape: GptShape, name: string): GgufArrangement {
  const { attention } = familyOf(shape);
  if (attention.projections === 'joint')
    return { kind: /\.(c_attn|c_proj|c_fc)\.weight$/.test(name) ? 'transposed' : 'same' };
  if (attention.interleavedInGguf !== true) return { kind: 'same' };
  if (name.endsWith('.q_proj.weight')) return { kind: 'interleavedHeads', heads: shape.heads };
  if (name.endsWith('.k_proj.weight')) return { kind: 'interleavedHeads', heads: shape.keyValueHeads };
  return { kind: 'same' };
}
