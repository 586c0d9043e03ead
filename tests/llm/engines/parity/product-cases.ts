import { gelu, relu, sigmoid, tanh } from '../../../../src/main/llm/graph/operators/elementwise.ts';
import { gemm } from '../../../../src/main/llm/graph/operators/matrix.ts';
import type { Value } from '../../../../src/main/llm/graph/types.ts';
import { normal } from './cases.ts';
import type { GraphCase } from './graph-case.ts';

const activations: readonly (readonly [name: string, activate: (x: Value) => Value])[] = [
  ['Relu', relu],
  ['Tanh', tanh],
  ['Sigmoid', sigmoid],
  ['GELU', (x) => gelu(x, 'none')],
  ['GELU by tanh', (x) => gelu(x, 'tanh')],
];

/** Products with a bias and what comes after them, which engines may compute in one kernel. */
export const productCases: readonly GraphCase[] = activations.flatMap(([name, activate]) =>
  [false, true].flatMap((transB): readonly GraphCase[] => {
    const inputs = [normal(5, 3), transB ? normal(4, 3) : normal(3, 4), normal(4)];
    const sums = ([a, b, bias]: readonly (Value | undefined)[]): Value =>
      gemm(a!, b!, { transB, addend: bias! });
    const product = `a product${transB ? ' with a transposed matrix' : ''}, a bias and ${name}`;
    return [
      { name: product, inputs, build: (values) => [activate(sums(values))] },
      {
        name: `${product}, and the sums themselves`,
        inputs,
        build: (values) => {
          const shared = sums(values);
          return [activate(shared), shared];
        },
      },
    ];
  }),
);
