import { describe, expect, test } from 'vitest';
import type { FusedActivation } from '../../../../src/main/llm/engines/tensorflow/fused-products.ts';
import { rewriteForTensorFlow } from '../../../../src/main/llm/engines/tensorflow/rewrites.ts';
import { GraphBuilder } from '../../../../src/main/llm/graph/builder.ts';
import { gelu, neg, relu, tanh } from '../../../../src/main/llm/graph/operators/elementwise.ts';
import { transpose } from '../../../../src/main/llm/graph/operators/layout.ts';
import { gemm, matMul } from '../../../../src/main/llm/graph/operators/matrix.ts';
import type { Value } from '../../../../src/main/llm/graph/types.ts';

const every: readonly FusedActivation[] = ['Relu', 'Tanh', 'Sigmoid', 'GeluApproximate', 'GeluExact'];

interface Given {
  readonly builder: GraphBuilder;
  readonly x: Value;
  readonly w: Value;
  readonly bias: Value;
}

/** What is left of a graph over x [5, 3], w [3, 4] and a bias [4]: each operator with the attributes that rewrites set. */
function rewritten(
  build: (given: Given) => Readonly<Record<string, Value>>,
  activations: readonly FusedActivation[] = every,
): readonly string[] {
  const builder = new GraphBuilder('rewrites');
  const outputs = build({
    builder,
    x: builder.input('x', 'float32', [5, 3]),
    w: builder.input('w', 'float32', [3, 4]),
    bias: builder.input('bias', 'float32', [4]),
  });
  for (const [name, value] of Object.entries(outputs)) builder.output(name, value);
  return rewriteForTensorFlow(builder.finish(), (one) => activations.includes(one)).nodes.map(
    ({ operator, attributes }) =>
      [
        operator,
        ...(['transA', 'transB', 'activation'] as const).flatMap((name) => {
          const attribute = attributes[name];
          return attribute === undefined || attribute.value === 0
            ? []
            : [`${name} ${String(attribute.value)}`];
        }),
      ].join(' '),
  );
}

describe('A graph for TensorFlow', () => {
  test('computes an activation with the product and the bias that nobody else reads', () => {
    const afterSums = (activate: (x: Value) => Value): readonly string[] =>
      rewritten(({ x, w, bias }) => ({ y: neg(activate(gemm(x, w, { addend: bias }))) }));
    expect(afterSums(relu)).toEqual(['Gemm activation Relu', 'Neg']);
    expect(afterSums(tanh)).toEqual(['Gemm activation Tanh', 'Neg']);
    expect(afterSums((sums) => gelu(sums, 'tanh'))).toEqual(['Gemm activation GeluApproximate', 'Neg']);
    expect(afterSums((sums) => gelu(sums, 'none'))).toEqual(['Gemm activation GeluExact', 'Neg']);
  });

  test('computes it apart where TensorFlow has no such kernel', () => {
    expect(rewritten(({ x, w, bias }) => ({ y: tanh(gemm(x, w, { addend: bias })) }), ['Relu'])).toEqual([
      'Gemm',
      'Tanh',
    ]);
  });

  test('computes it apart where the sums are read by others, as a backward pass does, or are a result', () => {
    expect(
      rewritten(({ x, w, bias }) => {
        const sums = gemm(x, w, { addend: bias });
        return { y: relu(sums), z: neg(sums) };
      }),
    ).toEqual(['Gemm', 'Relu', 'Neg']);
    expect(
      rewritten(({ x, w, bias }) => {
        const sums = gemm(x, w, { addend: bias });
        return { y: relu(sums), sums };
      }),
    ).toEqual(['Gemm', 'Relu']);
  });

  test('computes it apart where another of its kind cannot be fused, so that both give the same bits', () => {
    const twice = (second: (x: Value) => Value): readonly string[] =>
      rewritten(({ x, w, bias }) => {
        const sums = gemm(x, w, { addend: bias });
        const recomputed = gemm(x, w, { addend: bias });
        return { y: relu(sums), again: second(recomputed), sums: recomputed };
      });
    expect(twice(relu)).toEqual(['Gemm', 'Gemm', 'Relu', 'Relu']);
    expect(twice(tanh)).toEqual(['Gemm activation Relu', 'Gemm', 'Tanh']);
  });

  test('computes it apart where the product is scaled, adds no bias, or reads its first matrix as transposed', () => {
    expect(rewritten(({ x, w }) => ({ y: relu(gemm(x, w)) }))).toEqual(['Gemm', 'Relu']);
    expect(rewritten(({ x, w, bias }) => ({ y: relu(gemm(x, w, { addend: bias, alpha: 2 })) }))).toEqual([
      'Gemm',
      'Relu',
    ]);
    expect(
      rewritten(({ builder, x, bias }) => ({
        y: relu(gemm(x, builder.input('v', 'float32', [5, 4]), { addend: bias, transA: true })),
      })),
    ).toEqual(['Gemm transA 1', 'Relu']);
    expect(
      rewritten(({ builder, x, w }) => ({
        y: relu(gemm(x, w, { addend: builder.input('column', 'float32', [5, 1]) })),
      })),
    ).toEqual(['Gemm', 'Relu']);
  });

  test('reads a matrix as transposed instead of transposing it', () => {
    expect(rewritten(({ x, w }) => ({ y: matMul(transpose(w, [1, 0]), transpose(x, [1, 0])) }))).toEqual([
      'MatMul transA 1 transB 1',
    ]);
  });
});
