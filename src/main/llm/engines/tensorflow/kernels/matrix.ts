import { floatAttribute, intAttribute } from '../../../graph/operators/declaration.ts';
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

const gemm: KernelDeclaration = {
  make: ({ tensorflow, node, keep }) => {
    const attributes = [
      tensorflow.boolean('transpose_a', intAttribute(node.attributes, 'transA', 0) === 1),
      tensorflow.boolean('transpose_b', intAttribute(node.attributes, 'transB', 0) === 1),
    ];
    const alpha = floatAttribute(node.attributes, 'alpha', 1);
    const beta = floatAttribute(node.attributes, 'beta', 1);
    const [scale, share] = [alpha, beta].map((factor) =>
      factor === 1 ? undefined : keep(tensorflow.number(factor)),
    );
    const addend = node.inputs[2];
    const isBias =
      addend !== undefined && addend.shape.length === 1 && addend.shape[0] === node.outputs[0]!.shape[1];
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
