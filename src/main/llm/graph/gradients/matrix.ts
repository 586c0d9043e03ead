import { floatAttribute, intAttribute } from '../operators/declaration.ts';
import { mul } from '../operators/elementwise.ts';
import { transpose } from '../operators/layout.ts';
import { gemm, matMul } from '../operators/matrix.ts';
import type { Value } from '../types.ts';
import type { GradientRule } from './rule.ts';
import { ofOne } from './rule.ts';
import { unbroadcast } from './unbroadcast.ts';

/** Exchanges the last two axes. */
function transposeMatrix(x: Value): Value {
  const rank = x.shape.length;
  return transpose(x, [...Array.from({ length: rank - 2 }, (_, axis) => axis), rank - 1, rank - 2]);
}

/** Y = A·B: dA = dY·Bᵀ, dB = Aᵀ·dY; for Gemm with each matrix read as transposed where the node reads it so. */
export const matrixGradients: Readonly<Record<string, GradientRule>> = {
  MatMul: ofOne((g, [a, b]) => [
    unbroadcast(matMul(g, transposeMatrix(b!)), a!),
    unbroadcast(matMul(transposeMatrix(a!), g), b!),
  ]),
  Gemm: ofOne((g, [a, b, c], _, attributes) => {
    const transA = intAttribute(attributes, 'transA', 0) === 1;
    const transB = intAttribute(attributes, 'transB', 0) === 1;
    const alpha = floatAttribute(attributes, 'alpha', 1);
    const beta = floatAttribute(attributes, 'beta', 1);
    const dA = transA
      ? gemm(b!, g, { transA: transB, transB: true, alpha })
      : gemm(g, b!, { transB: !transB, alpha });
    const dB = transB
      ? gemm(g, a!, { transA: true, transB: transA, alpha })
      : gemm(a!, g, { transA: !transA, alpha });
    const dC = c === undefined ? [] : [unbroadcast(beta === 1 ? g : mul(g, beta), c)];
    return [dA, dB, ...dC];
  }),
};
