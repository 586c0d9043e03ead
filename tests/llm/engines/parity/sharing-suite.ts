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
import type { HostTensor, Value } from '../../../../src/main/llm/graph/types.ts';
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
