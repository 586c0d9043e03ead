import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../../src/main/llm/graph/builder.ts';
import { exp, mul, tanh } from '../../../src/main/llm/graph/operators/elementwise.ts';
import { split } from '../../../src/main/llm/graph/operators/layout.ts';
import { layerNormalizationOperator } from '../../../src/main/llm/graph/operators/normalization.ts';

function withInput(): { builder: GraphBuilder; x: ReturnType<GraphBuilder['input']> } {
  const builder = new GraphBuilder('pruned');
  return { builder, x: builder.input('x', 'float32', [2, 4]) };
}

describe('A finished graph', () => {
  test('lacks the nodes and constants that no output needs', () => {
    const { builder, x } = withInput();
    exp(mul(x, 7));
    builder.output('y', tanh(mul(x, 3)));
    const { nodes, constants } = builder.finish();
    expect(nodes.map((node) => node.operator)).toEqual(['Mul', 'Tanh']);
    expect([...constants.values()].map((tensor) => tensor.data[0])).toEqual([3]);
  });

  test('keeps its inputs, used or not', () => {
    const { builder, x } = withInput();
    builder.input('unused', 'int64', []);
    builder.output('y', tanh(x));
    expect(builder.finish().inputs.map((input) => input.name)).toEqual(['x', 'unused']);
  });

  test('keeps a constant that is an output', () => {
    const { builder } = withInput();
    builder.output('one', builder.scalar(1));
    expect(builder.finish().constants.size).toBe(1);
  });

  test('keeps all parts of a Split, since its lengths name them', () => {
    const { builder, x } = withInput();
    const parts = split(x, [1, 1, 2], -1);
    builder.output('y', parts[0]!);
    expect(builder.finish().nodes[0]!.outputs).toEqual(parts);
  });

  test.each([
    [[0], 1],
    [[0, 2], 3],
    [[1], 2],
    [[0, 1, 2], 3],
  ])('asks a LayerNormalization for the outputs that are read: of %j, the first %i', (read, count) => {
    const { builder, x } = withInput();
    const scale = builder.input('scale', 'float32', [4]);
    const outputs = builder.apply(layerNormalizationOperator, [x, scale], {}, 3);
    for (const index of read) builder.output(`y.${index}`, outputs[index]!);
    const kept = builder.finish().nodes[0]!.outputs;
    expect(kept).toHaveLength(count);
    kept.forEach((output, index) =>
      expect(output).toBe(index === 0 || read.includes(index) ? outputs[index] : undefined),
    );
  });

  test('is a copy: nodes added later do not appear in it', () => {
    const { builder, x } = withInput();
    builder.output('y', tanh(x));
    const graph = builder.finish();
    builder.output('z', exp(x));
    expect(graph.nodes).toHaveLength(1);
    expect(graph.outputs).toHaveLength(1);
    expect(builder.finish().nodes).toHaveLength(2);
  });
});
