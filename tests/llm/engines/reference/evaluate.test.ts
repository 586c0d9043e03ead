import { describe, expect, test } from 'vitest';
import { evaluateGraph, toReal } from '../../../../src/main/llm/engines/reference/evaluate.ts';
import { GraphBuilder } from '../../../../src/main/llm/graph/builder.ts';
import { add, cast } from '../../../../src/main/llm/graph/operators/elementwise.ts';
import { gather, gatherElements, addRows } from '../../../../src/main/llm/graph/operators/indexing.ts';
import type { Value } from '../../../../src/main/llm/graph/types.ts';

const vector = (...elements: readonly number[]) =>
  ({ dtype: 'float32', shape: [elements.length], data: Float64Array.from(elements) }) as const;
const integers = (...elements: readonly number[]) =>
  ({ dtype: 'int64', shape: [elements.length], data: Float64Array.from(elements) }) as const;

describe('The float64 evaluation', () => {
  test('keeps differences that float32 would lose', () => {
    const builder = new GraphBuilder('sum');
    builder.output('y', add(builder.input('a', 'float32', [2]), builder.input('b', 'float32', [2])));
    const { y } = evaluateGraph(builder.finish(), { a: vector(1, -1), b: vector(1e-12, 2e-12) });
    expect(Array.from(y!.data)).toEqual([1 + 1e-12, -1 + 2e-12]);
  });

  test('takes any extent for an open dimension', () => {
    const builder = new GraphBuilder('open');
    const x = builder.input('x', 'float32', ['length']);
    builder.output('y', add(x, x));
    for (const elements of [[1], [1, 2, 3]]) {
      const { y } = evaluateGraph(builder.finish(), { x: vector(...elements) });
      expect(Array.from(y!.data)).toEqual(elements.map((element) => 2 * element));
    }
  });

  test('widens float16 and 64-bit integers of the host', () => {
    const half = { dtype: 'float16', shape: [2], data: Uint16Array.of(0x3c00, 0xc100) } as const;
    expect(Array.from(toReal(half).data)).toEqual([1, -2.5]);
    const long = { dtype: 'int64', shape: [2], data: BigInt64Array.of(-7n, 2n ** 40n) } as const;
    expect(Array.from(toReal(long).data)).toEqual([-7, 2 ** 40]);
  });

  test('gives an input or a constant that is an output as it is', () => {
    const builder = new GraphBuilder('same');
    const x = builder.input('x', 'float32', [1]);
    builder.output('input', x);
    builder.output('constant', builder.scalar(0.5));
    const results = evaluateGraph(builder.finish(), { x: vector(3) });
    expect(results['input']!.data[0]).toBe(3);
    expect(results['constant']!.data[0]).toBe(0.5);
  });

  const graphOfVector = () => {
    const builder = new GraphBuilder('vector');
    builder.output('y', cast(builder.input('x', 'float32', [2]), 'bool'));
    return builder.finish();
  };
  test.each([
    ['a missing input', {}, "No tensor was given for the input 'x'."],
    ['an input of another length', { x: vector(1, 2, 3) }, "The input 'x' is float32[2], not float32[3]."],
    ['an input of another element type', { x: integers(1, 2) }, "The input 'x' is float32[2], not int64[2]."],
  ])('refuses %s', (_, inputs, message) => {
    expect(() => evaluateGraph(graphOfVector(), inputs)).toThrow(new RangeError(message));
  });

  const lookUps: Readonly<Record<string, (x: Value, ids: Value) => Value>> = {
    Gather: (x, ids) => gather(x, ids),
    GatherElements: (x, ids) => gatherElements(x, ids, 0),
    ScatterND: (x, ids) => addRows(x, ids, x),
  };
  test.each(Object.entries(lookUps).flatMap(([name, use]) => [3, -4].map((id) => [name, id, use] as const)))(
    'refuses to look up beyond the data: %s of %i',
    (name, id, use) => {
      const builder = new GraphBuilder('look up');
      builder.output('y', use(builder.input('x', 'float32', [3]), builder.input('ids', 'int64', [3])));
      expect(() => evaluateGraph(builder.finish(), { x: vector(1, 2, 3), ids: integers(0, id, 1) })).toThrow(
        new RangeError(`${name}: index ${id} lies outside 3 elements.`),
      );
    },
  );
});
