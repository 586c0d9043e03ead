import { floatAttribute, intAttribute, stringAttribute } from '../../../graph/operators/declaration.ts';
import type { FusedActivation } from '../fused-products.ts';
import type { GraphNode } from '../../../graph/types.ts';
import { drop, type KernelDeclaration } from './kernel.ts';

/** A product over the last two axes; `transA` and `transB` are the rewrites' (see `rewrites.ts`), ONNX has none. */
const matMul: KernelDeclaration = {
  make: ({ tensorflow, node }) => {
    const transA = intAttribute(node.attributes, 'transA', 0) === 1;
    const transB = intAttribute(node.attributes, 'transB', 0) === 1;
    const plain = node.inputs[0]!.shape.length === 2 && node.inputs[1]!.shape.length === 2;
    const [name, ...attributes] = plain
      ? ([
          'MatMul',
          tensorflow.boolean('transpose_a', transA),
          tensorflow.boolean('transpose_b', transB),
        ] as const)
      : ([
          'BatchMatMulV2',
          tensorflow.boolean('adj_x', transA),
          tensorflow.boolean('adj_y', transB),
        ] as const);
    return ([a, b]) => [tensorflow.run(name, [a!, b!], attributes)];
  },
};

/** Scaled products of two matrices and something to add; `activation` is the rewrites', ONNX has none. */
const gemm: KernelDeclaration = {
  make: ({ tensorflow, fusedProducts, node, keep }) => {
    const transA = intAttribute(node.attributes, 'transA', 0) === 1;
    const transB = intAttribute(node.attributes, 'transB', 0) === 1;
    const activation = stringAttribute(node.attributes, 'activation', '');
    if (activation !== '') {
      const product = fusedProducts.product(transB, activation as FusedActivation);
      return ([a, b, c]) => [product(a!, b!, c!)];
    }
    const attributes = [tensorflow.boolean('transpose_a', transA), tensorflow.boolean('transpose_b', transB)];
    const alpha = floatAttribute(node.attributes, 'alpha', 1);
    const beta = floatAttribute(node.attributes, 'beta', 1);
    const [scale, share] = [alpha, beta].map((factor) =>
      factor === 1 ? undefined : keep(tensorflow.number(factor)),
    );
    const isBias = addsBias(node);
    return ([a, b, c]) => {
      let result = tensorflow.run('MatMul', [a!, b!], attributes);
      if (scale !== undefined) result = drop(tensorflow.run('Mul', [result, scale]), result);
      if (c === undefined) return [result];
      const part = share === undefined ? c : tensorflow.run('Mul', [c, share]);
      const sum = drop(tensorflow.run(isBias ? 'BiasAdd' : 'AddV2', [result, part]), result);
      if (part !== c) part.dispose();
      return [sum];
    };
  },
};

export const matrixKernels: Readonly<Record<string, KernelDeclaration>> = { MatMul: matMul, Gemm: gemm };

/** Whether what a Gemm adds is a bias: a vector with an element for each column. */
function addsBias({ inputs, outputs }: GraphNode): boolean {
  const shape = inputs[2]?.shape;
  return shape?.length === 1 && shape[0] === outputs[0]!.shape[1];
}

/** Whether a Gemm is one that a fused product computes: a · b or a · bᵀ, unscaled, with a bias. */
export function isFusable(node: GraphNode): boolean {
  const { attributes } = node;
  return (
    node.operator === 'Gemm' &&
    addsBias(node) &&
    node.outputs[0]!.dtype === 'float32' &&
    intAttribute(attributes, 'transA', 0) === 0 &&
    floatAttribute(attributes, 'alpha', 1) === 1 &&
    floatAttribute(attributes, 'beta', 1) === 1
  );
}
