import { describe, expect, test } from 'vitest';
import { gptParameters } from '../../../../src/main/llm/models/gpt/parameters.ts';
import { initializeParameters } from '../../../../src/main/llm/models/initialize-parameters.ts';
import { countParameters } from '../../../../src/main/llm/models/registry.ts';
import {
  gptConfigurationSchema,
  resolveGptShape,
  type GptShape,
} from '../../../../src/shared/models/gpt-configuration.ts';
import { tinyShape } from './tiny-shapes.ts';
import { transformersFixtures } from './transformers-fixtures.ts';

function shapeOf(configuration: Readonly<Record<string, unknown>>, vocabularySize: number): GptShape {
  return resolveGptShape(gptConfigurationSchema.parse(configuration), vocabularySize);
}

/** Published models, and the number of parameters that Hugging Face counts in their weights. */
const published: Readonly<Record<string, readonly [shape: GptShape, parameters: number]>> = {
  'GPT-2': [
    shapeOf({ modelType: 'gpt2', contextLength: 1024, hiddenSize: 768, layers: 12, heads: 12 }, 50257),
    124_439_808,
  ],
  'SmolLM2 135M': [
    shapeOf(
      { modelType: 'llama', hiddenSize: 576, layers: 30, heads: 9, keyValueHeads: 3, intermediateSize: 1536 },
      49152,
    ),
    134_515_008,
  ],
  'TinyLlama 1.1B': [
    shapeOf(
      {
        modelType: 'llama',
        hiddenSize: 2048,
        layers: 22,
        heads: 32,
        keyValueHeads: 4,
        intermediateSize: 5632,
        tiedEmbeddings: false,
      },
      32000,
    ),
    1_100_048_384,
  ],
  'Qwen2 0.5B': [
    shapeOf(
      {
        modelType: 'qwen2',
        hiddenSize: 896,
        layers: 24,
        heads: 14,
        keyValueHeads: 2,
        intermediateSize: 4864,
      },
      151_936,
    ),
    494_032_768,
  ],
  'Qwen3 0.6B': [
    shapeOf(
      {
        modelType: 'qwen3',
        hiddenSize: 1024,
        layers: 28,
        heads: 16,
        keyValueHeads: 8,
        headSize: 128,
        intermediateSize: 3072,
      },
      151_936,
    ),
    596_049_920,
  ],
};

describe('The parameters of a model', () => {
  test.each(Object.entries(published))('are as many as %s has', (_, [shape, parameters]) => {
    expect(countParameters(shape)).toBe(parameters);
  });

  test.each(transformersFixtures.map((fixture) => [fixture.modelType, fixture] as const))(
    'have the names and shapes that transformers gives them of model type %s',
    (_, { shape, weights }) => {
      const own = Object.fromEntries(gptParameters(shape).map((one) => [one.name, one.shape]));
      const theirs = Object.fromEntries(Object.entries(weights).map(([name, one]) => [name, one.shape]));
      expect(own).toEqual(theirs);
    },
  );

  test.each(transformersFixtures.map((fixture) => [fixture.modelType, fixture] as const))(
    'decay of model type %s where they are matrices of layers, and nowhere else',
    (_, { shape }) => {
      for (const { name, shape: extents, weightDecay } of gptParameters(shape)) {
        const isEmbedding = /wte|wpe|embed_tokens|lm_head/.test(name);
        expect(weightDecay, name).toBe(extents.length === 2 && !isEmbedding);
      }
    },
  );
});

describe('A new model', () => {
  const shape = shapeOf(
    { modelType: 'gpt2', contextLength: 64, hiddenSize: 64, layers: 8, heads: 4, tiedEmbeddings: false },
    200,
  );
  const initialized = (seed: number): ReadonlyMap<string, Float32Array> =>
    new Map([...initializeParameters(gptParameters(shape), seed)].map(({ name, data }) => [name, data]));

  test('has every parameter, in its order and size', () => {
    const made = [...initializeParameters(gptParameters(shape), 1)];
    expect(made.map(({ name, data }) => [name, data.length])).toEqual(
      gptParameters(shape).map((one) => [one.name, one.shape.reduce((a, b) => a * b, 1)]),
    );
  });

  test('is the same for the same seed and another for another', () => {
    expect(initialized(7)).toEqual(initialized(7));
    const [one, other] = [initialized(7), initialized(8)];
    for (const { name, initialization } of gptParameters(shape)) {
      if (initialization.kind === 'normal') expect(one.get(name), name).not.toEqual(other.get(name));
    }
  });

  test('is the same on every machine', () => {
    const [first] = initializeParameters(gptParameters(tinyShape('gpt2')), 42);
    expect(Array.from(first!.data.subarray(0, 4))).toEqual([
      -0.008425210602581501, -0.001688274904154241, 0.0659995749592781, -0.03310511261224747,
    ]);
  });

  test('has norms of 1 and biases of 0', () => {
    for (const [name, data] of initialized(3)) {
      if (/ln_.*weight$/.test(name)) expect(new Set(data), name).toEqual(new Set([1]));
      if (name.endsWith('bias')) expect(new Set(data), name).toEqual(new Set([0]));
    }
  });

  test('has matrices of deviation 0.02, and less where they write to the residual stream', () => {
    for (const [name, data] of initialized(3)) {
      if (/ln_|bias/.test(name)) continue;
      const deviation = name.endsWith('c_proj.weight') ? 0.02 / Math.sqrt(2 * shape.layers) : 0.02;
      const mean = data.reduce((sum, x) => sum + x, 0) / data.length;
      const measured = Math.sqrt(data.reduce((sum, x) => sum + (x - mean) ** 2, 0) / data.length);
      // Of n normal numbers, mean and deviation lie within 5 standard errors practically always.
      const error = deviation / Math.sqrt(data.length);
      expect(Math.abs(mean), `${name}: mean`).toBeLessThan(5 * error);
      expect(Math.abs(measured - deviation), `${name}: deviation`).toBeLessThan((5 * error) / Math.SQRT2);
      const within = data.filter((x) => Math.abs(x) < deviation).length / data.length;
      expect(Math.abs(within - 0.6827), `${name}: share within one deviation`).toBeLessThan(
        5 * Math.sqrt((0.6827 * 0.3173) / data.length),
      );
    }
  });

  test('has matrices that have nothing to do with each other', () => {
    const matrices = [...initialized(3)].filter(([name]) => name.endsWith('mlp.c_fc.weight'));
    for (let i = 1; i < matrices.length; i++) {
      const [a, b] = [matrices[i - 1]![1], matrices[i]![1]];
      const product = a.reduce((sum, x, index) => sum + x * b[index]!, 0) / (a.length * 0.02 ** 2);
      expect(Math.abs(product), matrices[i]![0]).toBeLessThan(5 / Math.sqrt(a.length));
    }
  });

  test('keeps the parameters that it had when layers are added', () => {
    const deeper = new Map(
      [...initializeParameters(gptParameters({ ...shape, layers: 9 }), 5)].map(({ name, data }) => [
        name,
        data,
      ]),
    );
    expect(deeper.get('transformer.h.3.mlp.c_fc.weight')).toEqual(
      initialized(5).get('transformer.h.3.mlp.c_fc.weight'),
    );
  });
});
