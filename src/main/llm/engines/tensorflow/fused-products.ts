import type { Tensor } from '@tensorflow/tfjs-core';
import { GraphBuilder } from '../../graph/builder.ts';
import { gelu, relu, sigmoid, tanh } from '../../graph/operators/elementwise.ts';
import { gemm } from '../../graph/operators/matrix.ts';
import type { Value } from '../../graph/types.ts';
import { evaluateGraph, toReal } from '../reference/evaluate.ts';
import type { OperationAttribute, TensorFlow } from './tensorflow.ts';

/** What a fused product can do with its sums, in the words of TensorFlow's attribute `fused_ops`. */
const activations = {
  Relu: relu,
  Tanh: tanh,
  Sigmoid: sigmoid,
  GeluApproximate: (x: Value) => gelu(x, 'tanh'),
  GeluExact: (x: Value) => gelu(x, 'none'),
} as const;
export type FusedActivation = keyof typeof activations;

/** TensorFlow's kernels for a product with a bias and an activation in one pass over the result. */
export interface FusedProducts {
  /** Whether this TensorFlow has one with that activation. It is tried when it is first asked for. */
  readonly has: (activation: FusedActivation) => boolean;
  /** Makes act(a · b + bias), or act(a · bᵀ + bias), of matrices a and b and a vector, with an activation that there is. */
  readonly product: (transB: boolean, activation: FusedActivation) => Product;
}

type Product = (a: Tensor, b: Tensor, bias: Tensor) => Tensor;

/** An operation of TensorFlow that computes fused products. */
interface FusedOperation {
  readonly name: string;
  /** The label of its kernel, where TensorFlow hides it from those that do not ask. */
  readonly label?: string;
}

/** oneDNN's, for x86 processors: as fast as the plain product, with every activation. */
const ofOneDnn: FusedOperation = { name: '_MklNativeFusedMatMul', label: 'MklNameChangeOp' };
/** TensorFlow's own: for processors with Relu, for cards by cuBLAS. */
const ofTensorFlow: FusedOperation = { name: '_FusedMatMul' };

/**
 * The operations with which this TensorFlow computes fused products: each is tried, and must give what the float64 evaluation
 * does. There are none where the binding passes no list of texts, as in TensorFlow.js's own archives.
 */
export function createFusedProducts(tensorflow: TensorFlow): FusedProducts {
  const known = tensorflow.usesGpu ? [ofTensorFlow] : [ofOneDnn, ofTensorFlow];
  const tried = new Map<FusedActivation, FusedOperation | undefined>();
  const operationFor = (activation: FusedActivation): FusedOperation | undefined => {
    if (!tried.has(activation))
      tried.set(
        activation,
        known.find((one) => isRight(tensorflow, one, activation)),
      );
    return tried.get(activation);
  };
  return {
    has: (activation) => operationFor(activation) !== undefined,
    product: (transB, activation) => {
      const operation = operationFor(activation);
      if (operation === undefined)
        throw new Error(`TensorFlow has no product fused with ${activation} here.`);
      return productOf(tensorflow, operation, transB, activation);
    },
  };
}

function productOf(
  tensorflow: TensorFlow,
  { name, label }: FusedOperation,
  transB: boolean,
  activation: FusedActivation,
): Product {
  const attributes: readonly OperationAttribute[] = [
    tensorflow.boolean('transpose_a', false),
    tensorflow.boolean('transpose_b', transB),
    tensorflow.type('T', 'float32'),
    tensorflow.integer('num_args', 1),
    tensorflow.texts('fused_ops', ['BiasAdd', activation]),
    ...(label === undefined ? [] : [tensorflow.text('_kernel', label)]),
  ];
  return (a, b, bias) => tensorflow.run(name, [a, b, bias], attributes);
}

const [rows, inner, columns] = [4, 24, 32];

/** Tries a fused product with two matrices b, since one that kept the first would be no use for weights that learn. */
function isRight(tensorflow: TensorFlow, operation: FusedOperation, activation: FusedActivation): boolean {
  const builder = new GraphBuilder('fused product');
  const sums = gemm(
    builder.input('a', 'float32', [rows, inner]),
    builder.input('b', 'float32', [inner, columns]),
    { addend: builder.input('bias', 'float32', [columns]) },
  );
  builder.output('y', activations[activation](sums));
  const graph = builder.finish();
  const compute = productOf(tensorflow, operation, false, activation);
  return [1, 2].every((seed) => {
    const inputs = [
      { name: 'a', shape: [rows, inner], data: figures(rows * inner, 0.3) },
      { name: 'b', shape: [inner, columns], data: figures(inner * columns, seed) },
      { name: 'bias', shape: [columns], data: figures(columns, seed + 0.5) },
    ] as const;
    const given = Object.fromEntries(
      inputs.map(({ name, ...tensor }) => [name, toReal({ dtype: 'float32', ...tensor })]),
    );
    const expected = evaluateGraph(graph, given)['y']!.data;
    const tensors: Tensor[] = [];
    try {
      for (const { shape, data } of inputs) tensors.push(tensorflow.upload('float32', shape, data));
      const [a, b, bias] = tensors;
      const made = tensorflow.clean(() => compute(a!, b!, bias!));
      tensors.push(made);
      const actual = tensorflow.read('float32', made) as Float32Array;
      return (
        actual.length === expected.length &&
        actual.every((value, index) => Math.abs(value - expected[index]!) <= 1e-4)
      );
    } catch {
      return false;
    } finally {
      for (const tensor of tensors) tensor.dispose();
    }
  });
}

/** Numbers between −1 and 1. */
function figures(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => Math.sin(seed * (index + 1)));
}
