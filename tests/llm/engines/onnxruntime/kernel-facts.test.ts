import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DeviceTensor, Engine } from '../../../../src/main/llm/engines/engine.ts';
import { createOnnxRuntimeEngine } from '../../../../src/main/llm/engines/onnxruntime/engine.ts';
import { figures, graph, node, value } from './small-graphs.ts';

/** What ONNX Runtime 1.27's CPU kernels do, where Loam's graphs are built on it. A new version is held to it first. */

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxRuntimeEngine({ threads: 2 });
});
afterAll(() => engine.dispose());

const tokens = 20_000;
const width = 32;
const vocabulary = 50;
const add = { reduction: { type: 'string', value: 'add' } } as const;

function plainSums(ids: readonly number[], updates: Float32Array): Float64Array {
  const sums = new Float64Array(vocabulary * width);
  ids.forEach((id, token) => {
    for (let column = 0; column < width; column++)
      sums[id * width + column]! += updates[token * width + column]!;
  });
  return sums;
}

function largestError(actual: Float32Array, expected: Float64Array): number {
  return expected.reduce((largest, figure, index) => Math.max(largest, Math.abs(figure - actual[index]!)), 0);
}

async function run(
  outputs: Record<string, DeviceTensor>,
  built: ReturnType<typeof graph>,
  inputs: Record<string, [DeviceTensor, Parameters<Engine['write']>[1]]>,
): Promise<void> {
  const program = await engine.compile(built);
  for (const [tensor, data] of Object.values(inputs)) await engine.write(tensor, data);
  await program.run({
    ...outputs,
    ...Object.fromEntries(Object.entries(inputs).map(([name, [tensor]]) => [name, tensor])),
  });
  await program.dispose();
}

it('ScatterElements with add is right on repeated indices, the same bits each time', async () => {
  const data = value('data', 'float32', [vocabulary, width]);
  const indices = value('indices', 'int64', [tokens, width]);
  const updates = value('updates', 'float32', [tokens, width]);
  const sums = value('sums', 'float32', [vocabulary, width]);
  const built = graph({
    inputs: [data, indices, updates],
    outputs: [sums],
    nodes: [
      node('ScatterElements', [data, indices, updates], [sums], { ...add, axis: { type: 'int', value: 0 } }),
    ],
  });
  const ids = Array.from({ length: tokens }, (_, token) => (token * 7919) % vocabulary);
  const results: unknown[] = [];
  for (let repeat = 0; repeat < 3; repeat++) {
    const target = engine.allocate('float32', [vocabulary, width]);
    await run({ sums: target }, built, {
      data: [engine.allocate('float32', [vocabulary, width]), new Float32Array(vocabulary * width)],
      indices: [
        engine.allocate('int64', [tokens, width]),
        BigInt64Array.from({ length: tokens * width }, (_, index) => BigInt(ids[Math.floor(index / width)]!)),
      ],
      updates: [engine.allocate('float32', [tokens, width]), figures(tokens * width)],
    });
    results.push(await engine.read(target));
  }
  expect(largestError(results[0] as Float32Array, plainSums(ids, figures(tokens * width)))).toBeLessThan(
    1e-2,
  );
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).toEqual(results[0]);
});

it('ScatterND with add is right on indices that do not repeat, the same bits each time', async () => {
  const count = 4000;
  const data = value('data', 'float32', [count, width]);
  const indices = value('indices', 'int64', [count, 1]);
  const updates = value('updates', 'float32', [count, width]);
  const sums = value('sums', 'float32', [count, width]);
  const built = graph({
    inputs: [data, indices, updates],
    outputs: [sums],
    nodes: [node('ScatterND', [data, indices, updates], [sums], add)],
  });
  // 1237 and 4000 have no common factor: a permutation.
  const order = Array.from({ length: count }, (_, index) => (index * 1237) % count);
  const target = engine.allocate('float32', [count, width]);
  await run({ sums: target }, built, {
    data: [engine.allocate('float32', [count, width]), figures(count * width, 2)],
    indices: [engine.allocate('int64', [count, 1]), BigInt64Array.from(order, BigInt)],
    updates: [engine.allocate('float32', [count, width]), figures(count * width)],
  });
  const [start, added] = [figures(count * width, 2), figures(count * width)];
  const expected = Float32Array.from(start);
  order.forEach((row, update) => {
    for (let column = 0; column < width; column++)
      expected[row * width + column] = start[row * width + column]! + added[update * width + column]!;
  });
  expect(await engine.read(target)).toEqual(expected);
});

it('GroupQueryAttention appends to a cache that is bound as past and present', async () => {
  const cacheLength = 8;
  const head = 8;
  const queries = value('queries', 'float32', [1, 1, 2 * head]);
  const keys = value('keys', 'float32', [1, 1, head]);
  const values = value('values', 'float32', [1, 1, head]);
  const cache = (name: string) => value(name, 'float32', [1, 1, cacheLength, head]);
  const [pastKey, pastValue, presentKey, presentValue] = [
    cache('pastKey'),
    cache('pastValue'),
    cache('presentKey'),
    cache('presentValue'),
  ];
  const lengths = value('lengths', 'int32', [1]);
  const total = value('total', 'int32', []);
  const attentionOutput = value('attentionOutput', 'float32', [1, 1, 2 * head]);
  const built = graph({
    inputs: [queries, keys, values, pastKey, pastValue, lengths, total],
    outputs: [attentionOutput, presentKey, presentValue],
    nodes: [
      node(
        'GroupQueryAttention',
        [queries, keys, values, pastKey, pastValue, lengths, total],
        [attentionOutput, presentKey, presentValue],
        { num_heads: { type: 'int', value: 2 }, kv_num_heads: { type: 'int', value: 1 } },
        'com.microsoft',
      ),
    ],
    aliases: { presentKey: 'pastKey', presentValue: 'pastValue' },
  });
  const program = await engine.compile(built);
  const [keyCache, valueCache] = [
    engine.allocate('float32', [1, 1, cacheLength, head]),
    engine.allocate('float32', [1, 1, cacheLength, head]),
  ];
  const bindings: Record<string, DeviceTensor> = {
    queries: engine.allocate('float32', [1, 1, 2 * head]),
    keys: engine.allocate('float32', [1, 1, head]),
    values: engine.allocate('float32', [1, 1, head]),
    pastKey: keyCache,
    presentKey: keyCache,
    pastValue: valueCache,
    presentValue: valueCache,
    lengths: engine.allocate('int32', [1]),
    total: engine.allocate('int32', []),
    attentionOutput: engine.allocate('float32', [1, 1, 2 * head]),
  };
  for (let position = 0; position < 4; position++) {
    await engine.write(bindings['queries']!, figures(2 * head, position + 1));
    await engine.write(bindings['keys']!, figures(head, position + 11));
    await engine.write(bindings['values']!, figures(head, position + 21));
    await engine.write(bindings['lengths']!, Int32Array.of(position));
    await engine.write(bindings['total']!, Int32Array.of(position + 1));
    await program.run(bindings);
  }
  const keyRows = (await engine.read(keyCache)) as Float32Array;
  for (let position = 0; position < 4; position++)
    expect(keyRows.subarray(position * head, (position + 1) * head)).toEqual(figures(head, position + 11));

  // The last position's attention, in float64.
  const query = figures(2 * head, 4);
  const attendedActual = (await engine.read(bindings['attentionOutput']!)) as Float32Array;
  for (let headIndex = 0; headIndex < 2; headIndex++) {
    const scores = Array.from(
      { length: 4 },
      (_, position) =>
        figures(head, position + 11).reduce(
          (sum, figure, index) => sum + figure * query[headIndex * head + index]!,
          0,
        ) / Math.sqrt(head),
    );
    const weights = scores.map(Math.exp);
    const sum = weights.reduce((one, other) => one + other);
    for (let index = 0; index < head; index++) {
      const expected = weights.reduce(
        (mixed, weight, position) => mixed + (weight / sum) * figures(head, position + 21)[index]!,
        0,
      );
      expect(attendedActual[headIndex * head + index]).toBeCloseTo(expected, 5);
    }
  }
  await program.dispose();
});
