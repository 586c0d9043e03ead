import { describe, expect, test } from 'vitest';
import { evaluateGraph } from '../../../src/main/llm/engines/reference/evaluate.ts';
import { GraphBuilder } from '../../../src/main/llm/graph/builder.ts';
import { scaledDotProductAttention } from '../../../src/main/llm/graph/functions/attention.ts';
import { gradient } from '../../../src/main/llm/graph/gradient.ts';
import type { RealTensor } from '../../../src/main/llm/graph/operators/declaration.ts';
import { add, equal, exp, mul, tanh } from '../../../src/main/llm/graph/operators/elementwise.ts';
import { addRows, cumSum, gather } from '../../../src/main/llm/graph/operators/indexing.ts';
import { split } from '../../../src/main/llm/graph/operators/layout.ts';
import { layerNormalizationOperator } from '../../../src/main/llm/graph/operators/normalization.ts';
import { reduceSum } from '../../../src/main/llm/graph/operators/reduction.ts';
import { operatorDeclaration } from '../../../src/main/llm/graph/operators/table.ts';
import type { Value } from '../../../src/main/llm/graph/types.ts';

const sumOf = (x: Value): Value => reduceSum(x, undefined, false);

function real(shape: readonly number[], ...elements: readonly number[]): RealTensor {
  return { dtype: 'float32', shape, data: Float64Array.from(elements) };
}

describe('The gradient of a graph', () => {
  test('sums what arrives over several ways', () => {
    const builder = new GraphBuilder('ways');
    const x = builder.input('x', 'float32', [2]);
    const loss = sumOf(add(mul(x, x), add(mul(x, 3), x))); // x² + 4x
    builder.output('slope', gradient(loss, [x]).get(x)!);
    const { slope } = evaluateGraph(builder.finish(), { x: real([2], 1, -2) });
    expect(Array.from(slope!.data)).toEqual([6, 0]);
  });

  test('is taken with respect to values inside the graph too', () => {
    const builder = new GraphBuilder('inside');
    const x = builder.input('x', 'float32', [2]);
    const doubled = mul(x, 2);
    const loss = sumOf(mul(doubled, doubled));
    const gradients = gradient(loss, [doubled, x]);
    builder.output('of doubled', gradients.get(doubled)!);
    builder.output('of x', gradients.get(x)!);
    const results = evaluateGraph(builder.finish(), { x: real([2], 1, -3) });
    expect(Array.from(results['of doubled']!.data)).toEqual([4, -12]);
    expect(Array.from(results['of x']!.data)).toEqual([8, -24]);
  });

  test('of the loss with respect to itself is 1', () => {
    const builder = new GraphBuilder('itself');
    const loss = sumOf(builder.input('x', 'float32', [2]));
    builder.output('slope', gradient(loss, [loss]).get(loss)!);
    expect(evaluateGraph(builder.finish(), { x: real([2], 1, 2) })['slope']!.data[0]).toBe(1);
  });

  test('is added to an accumulator', () => {
    const builder = new GraphBuilder('accumulated');
    const x = builder.input('x', 'float32', [2]);
    const before = builder.input('before', 'float32', [2]);
    const total = gradient(sumOf(mul(x, x)), [x], new Map([[x, before]])).get(x)!;
    builder.output('after', total, 'before');
    const { after } = evaluateGraph(builder.finish(), { x: real([2], 1, -2), before: real([2], 10, 20) });
    expect(Array.from(after!.data)).toEqual([12, 16]);
  });

  test('adds no nodes for values that the targets do not reach', () => {
    const builder = new GraphBuilder('unrelated');
    const [x, y] = [builder.input('x', 'float32', [2]), builder.input('y', 'float32', [2])];
    const loss = sumOf(mul(x, exp(y)));
    const forward = builder.nodes.length;
    builder.output('slope', gradient(loss, [x]).get(x)!);
    const { nodes } = builder.finish();
    expect(nodes.filter((node) => node.operator === 'Exp')).toHaveLength(1);
    expect(builder.nodes.slice(forward).some((node) => node.operator === 'Exp')).toBe(false);
  });

  test('flows through the parts of a Split that the loss reads', () => {
    const builder = new GraphBuilder('split');
    const x = builder.input('x', 'float32', [3]);
    const [, second] = split(x, [2, 1], 0);
    builder.output('slope', gradient(sumOf(mul(second!, 5)), [x]).get(x)!);
    const { slope } = evaluateGraph(builder.finish(), { x: real([3], 1, 2, 3) });
    expect(Array.from(slope!.data)).toEqual([0, 0, 5]);
  });
});

describe('A gradient is refused', () => {
  const vector = (): { builder: GraphBuilder; x: Value } => {
    const builder = new GraphBuilder('refused');
    return { builder, x: builder.input('x', 'float32', [3]) };
  };

  test('of a loss that is no float32 scalar', () => {
    const { x } = vector();
    expect(() => gradient(x, [x])).toThrow(
      'gradient: the loss must be a float32 scalar. Inputs: float32[3].',
    );
  });

  test('with respect to what the loss does not depend on', () => {
    const { builder, x } = vector();
    const other = builder.input('other', 'float32', [3]);
    expect(() => gradient(sumOf(x), [x, other])).toThrow("gradient: the loss does not depend on 'other'.");
  });

  test('that is accumulated, when there is none', () => {
    const { builder, x } = vector();
    const other = builder.input('other', 'float32', [3]);
    expect(() => gradient(sumOf(x), [other], new Map([[other, x]]))).toThrow(
      "gradient: the loss does not depend on 'other'.",
    );
  });

  test.each([
    ['CumSum', (x: Value) => cumSum(x, 0)],
    ['ScatterND', (x: Value, ids: Value) => addRows(x, ids, x)],
  ])('through %s, which has none', (operator, use) => {
    const { builder, x } = vector();
    const loss = sumOf(use(x, builder.input('ids', 'int64', [3])));
    expect(() => gradient(loss, [x])).toThrow(
      `${operator}: this operator has no gradient, but the loss depends on a parameter through it.`,
    );
  });

  test('through a Gather of columns', () => {
    const { builder } = vector();
    const table = builder.input('table', 'float32', [2, 3]);
    const loss = sumOf(gather(table, builder.input('ids', 'int64', [1]), 1));
    expect(() => gradient(loss, [table])).toThrow('Gather: a gradient exists for axis 0 alone.');
  });

  test('through a LayerNormalization that does not give its moments, instead of being left out', () => {
    const builder = new GraphBuilder('moments');
    const x = builder.input('x', 'float32', [2, 3]);
    const scale = builder.input('scale', 'float32', [3]);
    const [y] = builder.apply(layerNormalizationOperator, [x, scale]);
    expect(() => gradient(sumOf(y!), [x])).toThrow(
      'LayerNormalization: the gradient needs the outputs mean and deviation.',
    );
    const [, mean] = builder.apply(layerNormalizationOperator, [x, scale], {}, 3);
    expect(() => gradient(sumOf(mean!), [x])).toThrow(
      'LayerNormalization: no gradient flows through mean and deviation.',
    );
  });

  test('through a Split that does not name all of its parts', () => {
    const { builder, x } = vector();
    const [first] = builder.apply(operatorDeclaration('Split', ''), [x, builder.integers([1, 2])], {}, 1);
    expect(() => gradient(sumOf(first!), [x])).toThrow('Split: the gradient needs all parts.');
  });

  test('through attention probabilities, which the function’s own gradient does not know of', () => {
    const builder = new GraphBuilder('probabilities');
    const x = builder.input('x', 'float32', [1, 1, 3, 4]);
    const [attentionOutput, probabilities] = scaledDotProductAttention(x, x, x, {
      mask: builder.scalar(0),
      scale: 0.5,
    });
    const loss = add(sumOf(attentionOutput), sumOf(mul(probabilities, probabilities)));
    expect(() => gradient(loss, [x])).toThrow(
      /^attention: no gradient flows through '.*Softmax.*' inside it/,
    );
  });
});

describe('Gradients stop', () => {
  test('at comparisons, without an error', () => {
    const builder = new GraphBuilder('comparison');
    const x = builder.input('x', 'float32', [3]);
    const same = builder.apply(operatorDeclaration('Cast', ''), [equal(x, 1)], {
      to: { type: 'int', value: 1 },
    })[0]!;
    builder.output('slope', gradient(sumOf(mul(x, same)), [x]).get(x)!);
    const { slope } = evaluateGraph(builder.finish(), { x: real([3], 1, 2, 1) });
    expect(Array.from(slope!.data)).toEqual([1, 0, 1]);
  });
});

describe('A checkpointed segment', () => {
  /** Two segments tanh(tanh(x·w)) in a row, the input of each read again after it (a residual). */
  const build = (checkpointed: boolean) => {
    const builder = new GraphBuilder('segments');
    const x = builder.input('x', 'float32', [2, 3]);
    const weight = builder.input('weight', 'float32', [3]);
    let value = x;
    for (let segment = 0; segment < 2; segment++) {
      const input = value;
      const body = (): Value => tanh(tanh(mul(input, weight)));
      value = add(input, checkpointed ? builder.checkpoint([input], body) : body());
    }
    const loss = sumOf(mul(value, value));
    const forward = builder.nodes.length;
    for (const [target, slope] of gradient(loss, [x, weight]))
      builder.output(`gradient.${target.name}`, slope);
    return { graph: builder.finish(), forward: builder.nodes.slice(0, forward) };
  };
  const inputs = { x: real([2, 3], 0.1, -0.4, 0.7, 1.2, -0.9, 0.3), weight: real([3], 0.5, -1, 2) };

  test('has the gradients that it has without', () => {
    const kept = evaluateGraph(build(false).graph, inputs);
    const recomputed = evaluateGraph(build(true).graph, inputs);
    for (const [name, { data }] of Object.entries(kept)) expect(recomputed[name]!.data).toEqual(data);
  });

  test('is computed twice, and the backward pass reads the second copy alone', () => {
    const { graph, forward } = build(true);
    const tanhNodes = graph.nodes.filter((node) => node.operator === 'Tanh');
    expect(tanhNodes).toHaveLength(8);
    const inside = new Set(
      forward.filter((node) => node.operator === 'Tanh').map((node) => node.outputs[0]!),
    );
    const backward = graph.nodes.slice(graph.nodes.findIndex((node) => !forward.includes(node)));
    // What stays in memory between forward and backward pass are the segments' inputs.
    const kept = new Set(backward.flatMap((node) => node.inputs).filter((input) => inside.has(input!)));
    expect(kept.size).toBe(0);
  });

  test('lets what lies before it read its input, and not the copy of it', () => {
    const builder = new GraphBuilder('before');
    const x = builder.input('x', 'float32', [3]);
    const input = tanh(x);
    const loss = sumOf(builder.checkpoint([input], () => tanh(mul(input, 2))));
    builder.output('slope', gradient(loss, [x]).get(x)!);
    // tanh′ = 1 − tanh², of the segment's input as it is.
    const squares = builder
      .finish()
      .nodes.filter((node) => node.operator === 'Mul' && node.inputs[0] === node.inputs[1]);
    expect(squares.map((node) => node.inputs[0])).toContain(input);
  });

  test('begins its second copy only when the gradient has arrived', () => {
    const { graph } = build(true);
    const producers = new Map(graph.nodes.map((node) => [node.outputs[0], node]));
    const dependsOn = (value: Value | undefined, operator: string): boolean => {
      const producer = producers.get(value);
      if (producer === undefined) return false;
      return producer.operator === operator || producer.inputs.some((input) => dependsOn(input, operator));
    };
    // The gradient of the loss, x², passes an Expand; nothing in the forward pass does.
    const copies = graph.nodes.filter((node) => node.operator === 'Tanh').slice(4);
    expect(copies).toHaveLength(4);
    expect(copies.every((node) => dependsOn(node.outputs[0], 'Expand'))).toBe(true);
  });
});
