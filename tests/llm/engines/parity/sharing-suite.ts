import { afterEach, describe, expect, test } from 'vitest';
import type { DeviceTensor, Engine } from '../../../../src/main/llm/engines/engine.ts';
import { GraphBuilder } from '../../../../src/main/llm/graph/builder.ts';
import { neg } from '../../../../src/main/llm/graph/operators/elementwise.ts';
import { addRows } from '../../../../src/main/llm/graph/operators/indexing.ts';
import {
  expandOperator,
  padWithZeros,
  reshape,
  slice,
  split,
  transpose,
  unsqueeze,
} from '../../../../src/main/llm/graph/operators/layout.ts';
import type { Graph, HostTensor, Value } from '../../../../src/main/llm/graph/types.ts';
import { toReal } from '../../../../src/main/llm/engines/reference/evaluate.ts';
import { evaluateInFloat64, relativeDifference, runOnEngine } from './run-graph.ts';

/** Ways to a tensor that an engine may let lie where its input lies, all of [4, 3] → [n, 3]. */
const ways: readonly (readonly [name: string, (x: Value, builder: GraphBuilder) => Value])[] = [
  ['the tensor itself', (x) => x],
  ['reshaped to its own shape', (x) => reshape(x, [4, 3])],
  ['put into another shape and back', (x) => reshape(unsqueeze(x, [0]), [4, 3])],
  [
    'expanded to its own shape',
    (x, builder) => builder.apply(expandOperator, [x, builder.integers([4, 3])])[0]!,
  ],
  ['a slice of all of it', (x) => slice(x, 0, 0, 4)],
  ['a slice of its first rows', (x) => slice(x, 0, 0, 2)],
  ['padded with nothing', (x) => padWithZeros(x, 0, 0, 0)],
  ['transposed to its own order', (x) => transpose(x, [0, 1])],
  ['a part of it', (x) => split(x, [2, 2], 0)[0]!],
];

/** Outputs of x [3, 2] that an engine may let lie in one memory, with x or with each other. */
const shownAgain: readonly (readonly [name: string, build: (x: Value) => Readonly<Record<string, Value>>])[] =
  [
    ['the input, reshaped', (x) => ({ y: reshape(x, [2, 3]) })],
    ['the input, reshaped there and back', (x) => ({ y: reshape(reshape(x, [6]), [3, 2]) })],
    [
      'a result and what is reshaped of it',
      (x) => {
        const a = neg(x);
        return { a, b: reshape(a, [2, 3]), c: reshape(reshape(a, [2, 3]), [3, 2]) };
      },
    ],
    [
      'a slice of all of a result, first',
      (x) => {
        const a = neg(x);
        return { b: slice(a, 0, 0, 3), a };
      },
    ],
  ];

/** y = x, with something added to the second row, in the memory of x where both are one tensor. */
function addsToSecondRow(): Graph {
  const builder = new GraphBuilder('adds');
  const x = builder.input('x', 'float32', [3, 2]);
  builder.output('y', addRows(x, builder.integers([1]), builder.input('rows', 'float32', [1, 2])), 'x');
  return builder.finish();
}

/** Checks that what an engine writes in place is seen nowhere else. */
export function describeSharing(engine: () => Engine): void {
  describe('shows rows that are added to a tensor nowhere but in the result, when it is', () => {
    test.each(ways)('%s', async (_, way) => {
      const builder = new GraphBuilder('sharing');
      const x = builder.input('x', 'float32', [4, 3]);
      const rows = builder.input('rows', 'float32', [1, 3]);
      const shown = way(x, builder);
      builder.output('y', addRows(shown, builder.integers([1]), rows));
      builder.output('z', neg(x));
      builder.output('shown', neg(shown));
      const graph = builder.finish();
      const inputs: Readonly<Record<string, HostTensor>> = {
        x: { dtype: 'float32', shape: [4, 3], data: Float32Array.from({ length: 12 }, (__, i) => i + 1) },
        rows: { dtype: 'float32', shape: [1, 3], data: Float32Array.of(10, 20, 30) },
      };
      const expected = evaluateInFloat64(graph, inputs);
      const actual = await runOnEngine(engine(), graph, inputs, expected);
      for (const { name } of graph.outputs)
        expect(relativeDifference(toReal(actual[name]!), expected[name]!), name).toBeLessThan(1e-6);
    });
  });

  describe('An input that an output may lie in', () => {
    const owned: DeviceTensor[] = [];
    afterEach(() => {
      for (const tensor of owned.splice(0)) tensor.dispose();
    });

    const filled = async (shape: readonly number[], value: number): Promise<DeviceTensor> => {
      const tensor = engine().allocate('float32', shape);
      owned.push(tensor);
      await engine().write(tensor, new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value));
      return tensor;
    };
    const numbersOf = async (tensor: DeviceTensor): Promise<readonly number[]> =>
      Array.from(await engine().read(tensor), Number);

    test('stays as it is where another tensor is bound to the output', async () => {
      const builder = new GraphBuilder('alias');
      const past = builder.input('past', 'float32', [4, 3]);
      const rows = builder.input('rows', 'float32', [1, 3]);
      builder.output('present', addRows(past, builder.integers([1]), rows), 'past');
      const program = await engine().compile(builder.finish());
      const tensors = Object.fromEntries(
        [
          ['past', [4, 3]],
          ['rows', [1, 3]],
          ['present', [4, 3]],
        ].map(([name, shape]) => {
          const tensor = engine().allocate('float32', shape as readonly number[]);
          owned.push(tensor);
          return [name as string, tensor] as const;
        }),
      );
      await engine().write(tensors['rows']!, Float32Array.of(10, 20, 30));
      await program.run(tensors);
      await program.dispose();
      expect(Array.from(await engine().read(tensors['past']!), Number)).toEqual(
        Array.from({ length: 12 }, () => 0),
      );
      expect(Array.from(await engine().read(tensors['present']!), Number).slice(3, 6)).toEqual([10, 20, 30]);
    });

    test('stays as it is where it is a parameter and another tensor is bound to the output', async () => {
      const program = await engine().compile(addsToSecondRow());
      const set = await engine().createParameterSet([{ name: 'x', shape: [3, 2], weightDecay: true }]);
      const x = set.buffer('parameters')['x']!;
      const [rows, y] = [await filled([1, 2], 10), await filled([3, 2], 0)];
      await engine().write(x, new Float32Array(6).fill(1));
      await program.run({ x, rows, y });
      expect(await numbersOf(x)).toEqual([1, 1, 1, 1, 1, 1]);
      expect(await numbersOf(y)).toEqual([1, 1, 11, 11, 1, 1]);
      await program.dispose();
      await set.dispose();
    });

    test.each(shownAgain)('is written apart from what an earlier run gave out: %s', async (_, build) => {
      const builder = new GraphBuilder('views');
      const outputs = build(builder.input('x', 'float32', [3, 2]));
      for (const [name, value] of Object.entries(outputs)) builder.output(name, value);
      const views = await engine().compile(builder.finish());
      const adds = await engine().compile(addsToSecondRow());
      const [x, rows] = [await filled([3, 2], 1), await filled([1, 2], 10)];
      const given: Record<string, DeviceTensor> = { x };
      for (const [name, { shape }] of Object.entries(outputs))
        given[name] = await filled(shape as readonly number[], 0);
      await views.run(given);
      const before = await Promise.all(Object.values(given).map(numbersOf));
      // Each of them in turn, in place: the others stay as they were.
      for (const [at, tensor] of Object.values(given).entries()) {
        if (String(tensor.shape) !== '3,2') continue;
        await adds.run({ x: tensor, rows, y: tensor });
        before[at] = before[at]!.map((value, index) => value + (index === 2 || index === 3 ? 10 : 0));
        expect(await Promise.all(Object.values(given).map(numbersOf))).toEqual(before);
      }
      await views.dispose();
      await adds.dispose();
    });

    test('is read and written apart from the array that was read', async () => {
      const tensor = engine().allocate('float32', [2]);
      owned.push(tensor);
      await engine().write(tensor, Float32Array.of(1, 2));
      const read = (await engine().read(tensor)) as Float32Array;
      read[0] = 7;
      expect(Array.from(await engine().read(tensor), Number)).toEqual([1, 2]);
    });
  });
}
