import { describe, expect, test } from 'vitest';
import { evaluateGraph } from '../../../../src/main/llm/engines/reference/evaluate.ts';
import { createRandomNumbers } from '../../../../src/main/llm/random/random-numbers.ts';
import type { RealTensor } from '../../../../src/main/llm/graph/operators/declaration.ts';
import type { Graph, Value } from '../../../../src/main/llm/graph/types.ts';
import { gptDropoutMasks } from '../../../../src/main/llm/models/gpt/layers.ts';
import { gptParameters } from '../../../../src/main/llm/models/gpt/parameters.ts';
import { nextToken } from '../../../../src/main/llm/objectives/next-token/objective.ts';
import {
  buildLossGraph,
  buildTrainingGraph,
  type TrainingGraphOptions,
} from '../../../../src/main/llm/objectives/training-graph.ts';
import {
  gptConfigurationSchema,
  resolveGptShape,
  type GptShape,
} from '../../../../src/shared/models/gpt-configuration.ts';
import { gptModelTypes } from '../../../../src/shared/models/gpt-model-types.ts';
import { tinyShape } from './tiny-shapes.ts';

const options: TrainingGraphOptions = {
  microBatchSize: 2,
  sequenceLength: 4,
  lossChunks: 2,
  gradientCheckpointing: false,
  accumulate: false,
};
const rows = [options.microBatchSize, options.sequenceLength];

type Tensors = Readonly<Record<string, RealTensor>>;

function tensor(shape: readonly number[], element: (index: number) => number, integer = false): RealTensor {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return {
    dtype: integer ? 'int64' : 'float32',
    shape,
    data: Float64Array.from({ length: size }, (_, i) => element(i)),
  };
}

/** Random parameters, tokens and masks for a tiny model. */
function inputsFor(shape: GptShape): Tensors {
  const random = createRandomNumbers(11);
  return {
    input_ids: tensor(rows, (i) => (3 * i) % shape.vocabularySize, true),
    targets: tensor(rows, (i) => (5 * i + 1) % shape.vocabularySize, true),
    loss_weights: tensor(rows, (i) => (i === 2 ? 0 : 0.1 * (i + 1))),
    ...Object.fromEntries(
      gptParameters(shape).map((one) => [one.name, tensor(one.shape, () => random.next() - 0.4)]),
    ),
    ...Object.fromEntries(
      gptDropoutMasks(shape, options).map((one) => [
        one.name,
        tensor(one.shape, () => (random.next() < 0.25 ? 0 : 4 / 3)),
      ]),
    ),
  };
}

const gradientsIn = (results: Tensors): readonly (readonly [string, RealTensor])[] =>
  Object.entries(results).filter(([name]) => name.startsWith('gradient.'));
const inputNames = (graph: Graph): readonly string[] => graph.inputs.map((input) => input.name);

describe.each(gptModelTypes)('A training graph of model type %s', (modelType) => {
  const shape = tinyShape(modelType);
  const parameters = gptParameters(shape);

  test('takes tokens, targets, weights and every parameter, and gives the loss and every gradient', () => {
    const graph = buildTrainingGraph(nextToken, shape, options);
    expect(inputNames(graph).toSorted()).toEqual(
      ['input_ids', 'targets', 'loss_weights', ...parameters.map((one) => one.name)].toSorted(),
    );
    expect(Object.fromEntries(graph.outputs.map(({ name, value }) => [name, value.shape]))).toEqual({
      loss: [],
      ...Object.fromEntries(parameters.map((one) => [`gradient.${one.name}`, one.shape])),
    });
    expect(graph.aliases.size).toBe(0);
  });

  test('takes and aliases every gradient when it accumulates', () => {
    const graph = buildTrainingGraph(nextToken, shape, { ...options, accumulate: true });
    const names = parameters.map((one) => `gradient.${one.name}`);
    expect(Object.fromEntries(graph.aliases)).toEqual(Object.fromEntries(names.map((name) => [name, name])));
    const shapes = new Map(graph.inputs.map((input) => [input.name, input.shape]));
    for (const one of parameters) expect(shapes.get(`gradient.${one.name}`)).toEqual(one.shape);
  });

  test('has the gradients that finite differences have, dropout included', () => {
    const withDropout = tinyShape(modelType, { dropout: 0.25 });
    const graph = buildTrainingGraph(nextToken, withDropout, options);
    const evaluation = { ...graph, outputs: graph.outputs.filter(({ name }) => name === 'loss') };
    const inputs = inputsFor(withDropout);
    const results = evaluateGraph(graph, inputs);
    const step = 1e-5;
    for (const [output, gradient] of gradientsIn(results)) {
      const name = output.slice('gradient.'.length);
      const parameter = inputs[name]!;
      const largest = gradient.data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      const count = parameter.data.length;
      for (const index of new Set([0, Math.floor(count / 3), Math.floor(count / 2), count - 1])) {
        const lossWith = (offset: number): number => {
          const data = parameter.data.slice();
          data[index]! += offset;
          return evaluateGraph(evaluation, { ...inputs, [name]: { ...parameter, data } })['loss']!.data[0]!;
        };
        const slope = (lossWith(step) - lossWith(-step)) / (2 * step);
        expect(Math.abs(gradient.data[index]! - slope), `${name}[${index}]`).toBeLessThan(
          1e-6 * Math.max(largest, 1e-2),
        );
      }
    }
  });

  test('has the same gradients with gradient checkpointing and any number of loss chunks', () => {
    const withDropout = tinyShape(modelType, { dropout: 0.25 });
    const inputs = inputsFor(withDropout);
    const expected = evaluateGraph(buildTrainingGraph(nextToken, withDropout, options), inputs);
    for (const gradientCheckpointing of [false, true]) {
      for (const lossChunks of [1, 3, 8, 100]) {
        const graph = buildTrainingGraph(nextToken, withDropout, {
          ...options,
          gradientCheckpointing,
          lossChunks,
        });
        for (const [name, { data }] of Object.entries(evaluateGraph(graph, inputs)))
          data.forEach((x, index) => expect(x).toBeCloseTo(expected[name]!.data[index]!, 10));
      }
    }
  });

  test('has no gradient of a token that it neither sees nor predicts, where tables are apart', () => {
    const untied = { ...shape, tiedEmbeddings: false };
    if (modelType === 'gpt2') return; // GPT-2's tables are one.
    const inputs = { ...inputsFor(untied), input_ids: tensor(rows, (i) => i % 3, true) };
    const results = evaluateGraph(buildTrainingGraph(nextToken, untied, options), inputs);
    const table = results['gradient.model.embed_tokens.weight']!.data;
    expect(table.subarray(3 * shape.hiddenSize).every((x) => x === 0)).toBe(true);
    expect(table.subarray(0, 3 * shape.hiddenSize).every((x) => x !== 0)).toBe(true);
  });

  test('sees no later token: a change at the end changes no earlier loss', () => {
    const graph = buildLossGraph(nextToken, shape, { batchSize: 2, sequenceLength: 4, lossChunks: 1 });
    const inputs = inputsFor(shape);
    const lossAt = (position: number, lastToken: number): number => {
      const ids = inputs['input_ids']!;
      const data = ids.data.with(3, lastToken).with(7, lastToken);
      return evaluateGraph(graph, {
        ...inputs,
        input_ids: { ...ids, data },
        loss_weights: tensor(rows, (i) => Number(i % 4 === position)),
      })['loss']!.data[0]!;
    };
    for (const position of [0, 1, 2]) expect(lossAt(position, 1)).toBe(lossAt(position, 6));
    expect(lossAt(3, 1)).not.toBe(lossAt(3, 6));
  });
});

describe.each(gptModelTypes)('The dropout masks of model type %s', (modelType) => {
  const shape = tinyShape(modelType, { dropout: 0.25 });
  const masks = gptDropoutMasks(shape, options);
  const graph = buildTrainingGraph(nextToken, shape, options);

  test('are inputs of the training graph, of the same shapes, and number their places', () => {
    const declared = Object.fromEntries(
      graph.inputs
        .filter(({ name }) => name.startsWith('dropout.'))
        .map((input) => [input.name, input.shape]),
    );
    expect(declared).toEqual(Object.fromEntries(masks.map((mask) => [mask.name, mask.shape])));
    expect(masks.map((mask) => mask.place)).toEqual(masks.map((_, index) => index));
    expect(masks).toHaveLength(1 + 3 * shape.layers);
    expect(graph.inputs.filter((input) => input.name.startsWith('dropout.'))).toHaveLength(masks.length);
  });

  test('keep their places when micro-batches or texts get longer', () => {
    const larger = gptDropoutMasks(shape, { microBatchSize: 8, sequenceLength: 6 });
    expect(larger.map(({ name, place }) => [name, place])).toEqual(
      masks.map(({ name, place }) => [name, place]),
    );
  });

  test('are none without dropout, nor in evaluation', () => {
    expect(gptDropoutMasks(tinyShape(modelType), options)).toEqual([]);
    const evaluation = buildLossGraph(nextToken, shape, { batchSize: 2, sequenceLength: 4, lossChunks: 1 });
    expect(inputNames(evaluation).filter((name) => name.startsWith('dropout.'))).toEqual([]);
  });

  test('change nothing when they keep everything', () => {
    const without = evaluateGraph(
      buildTrainingGraph(nextToken, tinyShape(modelType), options),
      inputsFor(tinyShape(modelType)),
    );
    const ones = Object.fromEntries(masks.map((mask) => [mask.name, tensor(mask.shape, () => 1)]));
    const results = evaluateGraph(graph, { ...inputsFor(tinyShape(modelType)), ...ones });
    for (const [name, { data }] of Object.entries(without)) expect(results[name]!.data, name).toEqual(data);
  });

  /** Parameters whose values reach the loss through one place alone. */
  const behind: Readonly<Record<string, RegExp>> = {
    'dropout.block.1.attention': /\.1\.(self_attn|attn|ln_1|input_layernorm)\./,
    'dropout.block.0.feed_forward': /\.0\.(mlp|ln_2|post_attention_layernorm)\./,
    'dropout.block.1.probabilities':
      /\.1\.(self_attn\.|attn\.c_attn|attn\.c_proj\.weight|ln_1|input_layernorm)/,
    ...(modelType === 'gpt2' ? { 'dropout.embedding': /wpe|h\.0\.ln_1\.weight/ } : {}),
  };
  test.each(Object.entries(behind))('cut off what lies behind them: %s', (mask, parameters) => {
    const inputs = inputsFor(shape);
    const zeros = { [mask]: tensor(inputs[mask]!.shape, () => 0) };
    const gradients = gradientsIn(evaluateGraph(graph, { ...inputs, ...zeros }));
    const silent = gradients.filter(([, { data }]) => data.every((x) => x === 0)).map(([name]) => name);
    expect(silent.toSorted()).toEqual(
      gradients
        .map(([name]) => name)
        .filter((name) => parameters.test(name))
        .toSorted(),
    );
    expect(silent.length).toBeGreaterThan(0);
  });
});

describe('Memory of a training step', () => {
  /** The most bytes that lie between nodes at once, when each value is freed after its last reader. */
  const peakBytes = (graph: Graph): number => {
    const bytes = (value: Value): number =>
      (value.dtype === 'int64' ? 8 : 4) *
      // Distinct ids are at most as many as tokens.
      value.shape.reduce<number>((n, extent) => n * (typeof extent === 'number' ? extent : 256), 1);
    const lastReader = new Map<Value, number>();
    graph.nodes.forEach((node, index) =>
      node.inputs.forEach((input) => input !== undefined && lastReader.set(input, index)),
    );
    const results = new Set(graph.outputs.map(({ value }) => value));
    const made = new Set<Value>();
    let alive = 0;
    let peak = 0;
    graph.nodes.forEach((node, index) => {
      for (const output of node.outputs) {
        if (output === undefined || results.has(output)) continue;
        made.add(output);
        alive += bytes(output);
      }
      peak = Math.max(peak, alive);
      for (const input of new Set(node.inputs))
        if (input !== undefined && made.has(input) && lastReader.get(input) === index) alive -= bytes(input);
    });
    return peak;
  };

  test.each(gptModelTypes)(
    'is less than half with gradient checkpointing in eight layers (%s)',
    (modelType) => {
      const shape = resolveGptShape(
        gptConfigurationSchema.parse({ modelType, contextLength: 64, hiddenSize: 64, layers: 8, heads: 4 }),
        100,
      );
      const step = { microBatchSize: 4, sequenceLength: 64, lossChunks: 4, accumulate: false };
      const kept = peakBytes(buildTrainingGraph(nextToken, shape, { ...step, gradientCheckpointing: false }));
      const recomputed = peakBytes(
        buildTrainingGraph(nextToken, shape, { ...step, gradientCheckpointing: true }),
      );
      expect(recomputed / kept).toBeLessThan(0.5);
    },
  );

  test('holds the logits of one loss chunk at a time', () => {
    const shape = resolveGptShape(
      gptConfigurationSchema.parse({ contextLength: 64, hiddenSize: 16, layers: 1, heads: 1 }),
      5000,
    );
    const step = { microBatchSize: 4, sequenceLength: 64, gradientCheckpointing: false, accumulate: false };
    const peakOf = (lossChunks: number): number =>
      peakBytes(buildTrainingGraph(nextToken, shape, { ...step, lossChunks }));
    const logits = 4 * 4 * 64 * 5000;
    expect(peakOf(1)).toBeGreaterThan(logits);
    expect(peakOf(8)).toBeLessThan(peakOf(1) - 0.8 * logits);
  });
});
