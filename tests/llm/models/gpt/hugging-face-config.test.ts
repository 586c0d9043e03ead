import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toHuggingFaceConfig } from '../../../../src/main/llm/models/gpt/hugging-face-config.ts';
import { readShape } from '../../../../src/main/llm/checkpoints/read-shape.ts';
import { LoamError } from '../../../../src/shared/errors.ts';
import { gptShapeSchema, type GptShape } from '../../../../src/shared/models/gpt-configuration.ts';
import { gptModelTypes, type GptModelType } from '../../../../src/shared/models/gpt-model-types.ts';

type Json = Readonly<Record<string, unknown>>;

const fixtures = join(import.meta.dirname, '../../../fixtures/transformers');
const read = (modelType: GptModelType, file: string) =>
  JSON.parse(readFileSync(join(fixtures, modelType, file), 'utf8')) as Json;

const shapeOf = (json: unknown): GptShape => gptShapeSchema.parse(readShape(json));

function refusal(json: unknown): LoamError {
  try {
    readShape(json, 'some/config.json');
  } catch (error) {
    expect(error).toBeInstanceOf(LoamError);
    return error as LoamError;
  }
  throw new Error('The configuration was accepted.');
}

describe('configurations that transformers wrote', () => {
  it('give the shapes that the models were made with', () => {
    expect(shapeOf(read('gpt2', 'config.json'))).toEqual({
      architecture: 'gpt',
      modelType: 'gpt2',
      vocabularySize: 61,
      contextLength: 32,
      hiddenSize: 32,
      layers: 2,
      heads: 4,
      keyValueHeads: 4,
      headSize: 8,
      intermediateSize: 40,
      tiedEmbeddings: true,
      dropout: 0,
      rotaryBase: 10000,
      normalizationEpsilon: 1e-5,
    });
    expect(shapeOf(read('llama', 'config.json'))).toMatchObject({
      modelType: 'llama',
      hiddenSize: 16,
      heads: 4,
      keyValueHeads: 2,
      headSize: 8,
      intermediateSize: 24,
      tiedEmbeddings: false,
      normalizationEpsilon: 1e-5,
    });
    expect(shapeOf(read('qwen2', 'config.json'))).toMatchObject({
      modelType: 'qwen2',
      headSize: 8,
      keyValueHeads: 1,
      tiedEmbeddings: true,
      rotaryBase: 100000,
    });
    expect(shapeOf(read('qwen3', 'config.json'))).toMatchObject({
      modelType: 'qwen3',
      headSize: 16,
      rotaryBase: 1000000,
      normalizationEpsilon: 1e-6,
    });
  });

  it.each(gptModelTypes)('are written here with the same fields and values (%s)', (modelType) => {
    const original = read(modelType, 'config.json');
    const written = toHuggingFaceConfig(shapeOf(original), { endOfText: 0 });
    const { rope_theta: rotaryBase, ...fields } = written;
    // Qwen2 has no field for the head size; it is read where it is given.
    if (modelType === 'qwen2') delete (fields as { head_dim?: number }).head_dim;
    expect(original).toMatchObject(fields);
    expect(rotaryBase).toBe((original['rope_parameters'] as Json | undefined)?.['rope_theta']);
    expect(shapeOf(written)).toEqual(shapeOf(original));
  });
});

describe('older and terse configurations', () => {
  it('reads the original GPT-2 configuration, which leaves much to its defaults', () => {
    const shape = shapeOf({
      activation_function: 'gelu_new',
      architectures: ['GPT2LMHeadModel'],
      attn_pdrop: 0.1,
      embd_pdrop: 0.1,
      layer_norm_epsilon: 1e-5,
      model_type: 'gpt2',
      n_ctx: 1024,
      n_embd: 768,
      n_head: 12,
      n_layer: 12,
      n_positions: 1024,
      resid_pdrop: 0.1,
      vocab_size: 50257,
    });
    expect(shape).toMatchObject({ intermediateSize: 3072, headSize: 64, tiedEmbeddings: true, dropout: 0.1 });
  });

  const older = {
    model_type: 'llama',
    vocab_size: 100,
    hidden_size: 64,
    intermediate_size: 128,
    num_hidden_layers: 2,
    num_attention_heads: 8,
    max_position_embeddings: 128,
    rms_norm_eps: 1e-5,
  };
  it('reads the rotary base of transformers 4 and of transformers 5', () => {
    expect(shapeOf({ ...older, rope_theta: 500000, rope_scaling: null }).rotaryBase).toBe(500000);
    expect(shapeOf({ ...older, rope_parameters: { rope_type: 'default', rope_theta: 7 } }).rotaryBase).toBe(
      7,
    );
    expect(shapeOf(older).rotaryBase).toBe(10000);
  });

  it('takes as many key-value heads as heads, and untied embeddings, when llama does not say', () => {
    expect(shapeOf(older)).toMatchObject({
      keyValueHeads: 8,
      headSize: 8,
      tiedEmbeddings: false,
    });
  });

  it('takes a head size of 128 when qwen3 does not say', () => {
    expect(shapeOf({ ...older, model_type: 'qwen3' }).headSize).toBe(128);
  });

  const unsupported: readonly [string, Json, string][] = [
    ['rope scaling', { rope_scaling: { rope_type: 'yarn', factor: 4 } }, 'rope scaling of the type "yarn"'],
    [
      'rope scaling by its older name',
      { rope_scaling: { type: 'linear', factor: 2 } },
      'rope scaling of the type "linear"',
    ],
    ['llama3 scaling', { rope_parameters: { rope_type: 'llama3', rope_theta: 5e5, factor: 8 } }, '"llama3"'],
    ['sliding windows', { use_sliding_window: true, sliding_window: 64 }, 'sliding window attention'],
    ['sliding layers', { layer_types: ['full_attention', 'sliding_attention'] }, '"sliding_attention"'],
    ['attention biases', { attention_bias: true }, 'attention_bias'],
    ['feed-forward biases', { mlp_bias: true }, 'mlp_bias'],
    ['another activation', { hidden_act: 'gelu' }, 'activation function "gelu"'],
    ['partly rotary positions', { partial_rotary_factor: 0.5 }, 'partly rotary'],
    ['quantisation', { quantization_config: { quant_method: 'gptq' } }, 'quantised'],
  ];
  it.each(unsupported)('names what it cannot compute: %s', (_, fields, message) => {
    const error = refusal({ ...older, ...fields });
    expect(error.what).toContain(message);
    expect(error.where).toBe('some/config.json');
    expect(error.message).not.toContain('\n');
  });

  it('names all that is unsupported at once', () => {
    const error = refusal({ model_type: 'gpt2', activation_function: 'relu', add_cross_attention: true });
    expect(error.what).toContain('"relu" and cross-attention');
  });
});

describe('configurations of something else', () => {
  it('names the kind of model and the nearest that is supported', () => {
    expect(refusal({ model_type: 'gpt_2' }).what).toContain(
      '"gpt_2" are not supported (the nearest that is: gpt2)',
    );
    expect(refusal({ model_type: 'wav2vec2-conformer' }).what).toContain('"wav2vec2-conformer"');
  });

  it('refuses what is no configuration', () => {
    for (const json of [null, 7, [], 'text', {}, { model_type: 3 }]) {
      expect(refusal(json).what).toContain('no model_type');
    }
  });

  it('names missing and wrong fields', () => {
    const error = refusal({ model_type: 'llama', vocab_size: 'many', hidden_size: 64 });
    expect(error.what).toContain('vocab_size');
  });

  it('refuses heads that do not divide the width', () => {
    expect(refusal({ model_type: 'gpt2', n_embd: 100, n_head: 12 }).what).toContain(
      '12 heads do not divide the hidden size 100.',
    );
  });
});

describe('counts that no model has', () => {
  it.each([
    ['gpt2', 'n_layer', 10_000_000],
    ['gpt2', 'n_positions', 2 ** 31],
    ['gpt2', 'vocab_size', 1e15],
    ['llama', 'num_hidden_layers', 1e7],
    ['llama', 'hidden_size', 2 ** 40],
    ['llama', 'num_key_value_heads', 4_000_000],
    ['qwen2', 'intermediate_size', 1e12],
    ['qwen3', 'head_dim', 1e9],
  ] as const)(
    'are refused by name before anything is sized by them (%s: %s = %d)',
    (modelType, field, value) => {
      const error = refusal({ ...read(modelType, 'config.json'), [field]: value });
      expect(error.what).toContain(
        `${field}: ${value.toLocaleString('en')} is more than is believed here, at most `,
      );
    },
  );

  it('are refused where they are no counts at all', () => {
    for (const value of [-1, 0, 1.5, '12', true, [], Number.POSITIVE_INFINITY])
      expect(refusal({ ...read('llama', 'config.json'), num_hidden_layers: value }).what).toContain(
        'num_hidden_layers',
      );
  });
});
