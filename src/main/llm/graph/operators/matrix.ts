import { builderOf } from '../builder.ts';
import { GraphError } from '../shape-error.ts';
import { broadcastShapes } from '../shapes.ts';
import type { TensorType, Value } from '../types.ts';
import type { OperatorDeclaration, RealTensor } from './declaration.ts';
import { floatAttribute, intAttribute, requireSameType } from './declaration.ts';
import { broadcastExtents, broadcastIndices, sizeOf } from './real-arrays.ts';

/** Rows × columns product of two row-major matrices, either read as transposed. */
function multiply(
  a: Float64Array,
  b: Float64Array,
  m: number,
  k: number,
  n: number,
  transA: boolean,
  transB: boolean,
): Float64Array {
  const product = new Float64Array(m * n);
  for (let row = 0; row < m; row++) {
    for (let inner = 0; inner < k; inner++) {
      const left = transA ? a[inner * m + row]! : a[row * k + inner]!;
      for (let column = 0; column < n; column++) {
        product[row * n + column]! += left * (transB ? b[column * k + inner]! : b[inner * n + column]!);
      }
    }
  }
  return product;
}

export const matMulOperator: OperatorDeclaration = {
  name: 'MatMul',
  domain: '',
  inputs: ['A', 'B'],
  attributes: {},
  infer: ([a, b]) => {
    requireSameType('MatMul', [a, b]);
    const [left, right] = [a!.shape, b!.shape];
    if (left.length < 2 || right.length < 2)
      throw new GraphError('MatMul', 'both inputs need a rank of at least 2', [a, b]);
    if (left.at(-1) !== right.at(-2))
      throw new GraphError('MatMul', `the inner dimensions differ (${left.at(-1)} against ${right.at(-2)})`, [
        a,
        b,
      ]);
    const batch = broadcastShapes(
      'MatMul',
      { dtype: a!.dtype, shape: left.slice(0, -2) },
      { dtype: b!.dtype, shape: right.slice(0, -2) },
    );
    return [{ dtype: a!.dtype, shape: [...batch, left.at(-2)!, right.at(-1)!] }];
  },
  evaluate: ([a, b]) => [batchedProduct(a!, b!)],
};

function batchedProduct(a: RealTensor, b: RealTensor): RealTensor {
  const [m, k, n] = [a.shape.at(-2)!, a.shape.at(-1)!, b.shape.at(-1)!];
  const batch = broadcastExtents(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const left = broadcastIndices(a.shape.slice(0, -2), batch);
  const right = broadcastIndices(b.shape.slice(0, -2), batch);
  const data = new Float64Array(sizeOf(batch) * m * n);
  for (let item = 0; item < left.length; item++) {
    const from = left[item]! * m * k;
    const against = right[item]! * k * n;
    data.set(
      multiply(
        a.data.subarray(from, from + m * k),
        b.data.subarray(against, against + k * n),
        m,
        k,
        n,
        false,
        false,
      ),
      item * m * n,
    );
  }
  return { dtype: a.dtype, shape: [...batch, m, n], data };
}

export const gemmOperator: OperatorDeclaration = {
  name: 'Gemm',
  domain: '',
  inputs: ['A', 'B', 'C?'],
  attributes: { alpha: 'float', beta: 'float', transA: [0, 1], transB: [0, 1] },
  infer: ([a, b, c], attributes) => {
    requireSameType('Gemm', [a, b, c]);
    if (a?.shape.length !== 2 || b?.shape.length !== 2)
      throw new GraphError('Gemm', 'both matrices need rank 2', [a, b, c]);
    const transA = intAttribute(attributes, 'transA', 0) === 1;
    const transB = intAttribute(attributes, 'transB', 0) === 1;
    const [m, inner] = transA ? [a.shape[1]!, a.shape[0]!] : [a.shape[0]!, a.shape[1]!];
    const [otherInner, n] = transB ? [b.shape[1]!, b.shape[0]!] : [b.shape[0]!, b.shape[1]!];
    if (inner !== otherInner)
      throw new GraphError('Gemm', `the inner dimensions differ (${inner} against ${otherInner})`, [a, b, c]);
    const result: TensorType = { dtype: a.dtype, shape: [m, n] };
    if (
      c !== undefined &&
      broadcastShapes('Gemm', result, c).some((dimension, axis) => dimension !== result.shape[axis])
    )
      throw new GraphError('Gemm', 'the addend does not broadcast to the product', [a, b, c]);
    return [result];
  },
  evaluate: ([a, b, c], attributes) => {
    const transA = intAttribute(attributes, 'transA', 0) === 1;
    const transB = intAttribute(attributes, 'transB', 0) === 1;
    const alpha = floatAttribute(attributes, 'alpha', 1);
    const beta = floatAttribute(attributes, 'beta', 1);
    const [m, k] = transA ? [a!.shape[1]!, a!.shape[0]!] : [a!.shape[0]!, a!.shape[1]!];
    const n = transB ? b!.shape[0]! : b!.shape[1]!;
    const product = multiply(a!.data, b!.data, m, k, n, transA, transB).map((x) => alpha * x);
    if (c !== undefined) {
      const indices = broadcastIndices(c.shape, [m, n]);
      for (let element = 0; element < product.length; element++)
        product[element]! += beta * c.data[indices[element]!]!;
    }
    return [{ dtype: a!.dtype, shape: [m, n], data: product }];
  },
};

/** Matrix product of the last two axes, broadcast over the others: [..., M, K] × [..., K, N] → [..., M, N]. */
export function matMul(a: Value, b: Value): Value {
  return builderOf(a).apply(matMulOperator, [a, b])[0]!;
}

/** How `gemm` reads its matrices. */
export interface GemmOptions {
  readonly transA?: boolean;
  readonly transB?: boolean;
  readonly alpha?: number;
  readonly addend?: Value;
}

/** alpha · A × B + addend, for matrices: [M, K] × [K, N] → [M, N], each read as transposed where asked. */
export function gemm(
  a: Value,
  b: Value,
  { transA = false, transB = false, alpha = 1, addend }: GemmOptions = {},
): Value {
  return builderOf(a).apply(gemmOperator, addend === undefined ? [a, b] : [a, b, addend], {
    ...(alpha === 1 ? {} : { alpha: { type: 'float', value: alpha } }),
    ...(transA ? { transA: { type: 'int', value: 1 } } : {}),
    ...(transB ? { transB: { type: 'int', value: 1 } } : {}),
  })[0]!;
}

export const matrixOperators: readonly OperatorDeclaration[] = [matMulOperator, gemmOperator];
