import { describe, expect, test } from 'vitest';
import { builderOf, GraphBuilder } from '../../../src/main/llm/graph/builder.ts';
import { add, mul } from '../../../src/main/llm/graph/operators/elementwise.ts';
import { reshape } from '../../../src/main/llm/graph/operators/layout.ts';

describe('A graph under construction', () => {
  test('holds equal scalars and lists of integers once', () => {
    const builder = new GraphBuilder('shared');
    expect(builder.scalar(0.5)).toBe(builder.scalar(0.5));
    expect(builder.integers([1, 2])).toBe(builder.integers([1, 2]));
    expect(builder.integer(1)).toBe(builder.integer(1));
    const distinct = [
      builder.scalar(1),
      builder.scalar(2),
      builder.integer(1),
      builder.integers([1]),
      builder.integers([1, 2]),
      builder.integers([12]),
      builder.integers([]),
    ];
    expect(new Set(distinct).size).toBe(distinct.length);
  });

  test('names nodes after the part of the model that they belong to', () => {
    const builder = new GraphBuilder('scopes');
    const x = builder.input('x', 'float32', [2]);
    const inner = builder.scope('block.0', () => builder.scope('rotary', () => add(x, x)));
    expect(inner.name).toMatch(/^block\.0\/rotary\/Add_\d+$/);
    expect(add(x, x).name).toMatch(/^Add_\d+$/);
  });

  test('leaves a scope when its part fails', () => {
    const builder = new GraphBuilder('failure');
    const x = builder.input('x', 'float32', [2]);
    expect(() => builder.scope('block', () => reshape(x, [3]))).toThrow('Reshape');
    expect(add(x, x).name).toMatch(/^Add_\d+$/);
  });

  test('gives every value a name of its own, whatever the inputs are named', () => {
    const builder = new GraphBuilder('names');
    const terms = Array.from({ length: 6 }, (_, i) => builder.input(`Add_${i}`, 'float32', [2]));
    builder.output(
      'y',
      mul(
        terms.reduce((sum, term) => add(sum, term)),
        2,
      ),
    );
    const { nodes, inputs } = builder.finish();
    const names = [...inputs, ...nodes.flatMap((node) => node.outputs)].map((value) => value!.name);
    expect(new Set(names).size).toBe(names.length);
  });

  test('is found by its values, and not by others', () => {
    const builder = new GraphBuilder('found');
    expect(builderOf(builder.input('x', 'float32', []))).toBe(builder);
    expect(() => builderOf({ name: 'stray', dtype: 'float32', shape: [] })).toThrow(
      "graph: value 'stray' belongs to no graph under construction.",
    );
  });
});
