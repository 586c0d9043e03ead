import type { Tensor } from '@tensorflow/tfjs-core';
import { intAttribute } from '../../../graph/operators/declaration.ts';
import { reducedAxes } from '../../../graph/operators/reduction.ts';
import { drop, type KernelContext, type KernelDeclaration } from './kernel.ts';

/** A reduction, after a first step over each element where the operator has one. */
function reduction(name: string, first?: string): KernelDeclaration {
  return {
    hostInputs: [1],
    mayShare: true,
    make: ({ tensorflow, node, integers, keep }) => {
      const listed = node.inputs[1] === undefined ? undefined : integers(1);
      const axes = keep(
        tensorflow.integers([...reducedAxes(node.operator, node.inputs[0]!.shape.length, listed)]),
      );
      const attributes = [
        tensorflow.boolean('keep_dims', intAttribute(node.attributes, 'keepdims', 1) === 1),
      ];
      return ([x]) => {
        if (first === undefined) return [tensorflow.run(name, [x!, axes], attributes)];
        const between = tensorflow.run(first, [x!]);
        return [drop(tensorflow.run(name, [between, axes], attributes), between)];
      };
    },
  };
}

/** Softmax and its logarithm, which TensorFlow computes along the last axis alone. */
function alongLastAxis(name: string): KernelDeclaration {
  return {
    make: (context) => {
      const { tensorflow, node } = context;
      const rank = node.inputs[0]!.shape.length;
      const axis = intAttribute(node.attributes, 'axis', -1);
      const last = rank - 1;
      const at = axis < 0 ? axis + rank : axis;
      if (at === last) return ([x]) => [tensorflow.run(name, [x!])];
      const swap = swapAxes(context, rank, at, last);
      return ([x]) => {
        const turned = swap(x!);
        const result = drop(tensorflow.run(name, [turned]), turned);
        return [drop(swap(result), result)];
      };
    },
  };
}

/** Exchanges two axes of a tensor. */
export function swapAxes(
  { tensorflow, keep }: Pick<KernelContext, 'tensorflow' | 'keep'>,
  rank: number,
  a: number,
  b: number,
): (x: Tensor) => Tensor {
  const permutation = keep(
    tensorflow.integers(Array.from({ length: rank }, (_, axis) => (axis === a ? b : axis === b ? a : axis))),
  );
  return (x) => tensorflow.run('Transpose', [x, permutation]);
}

export const reductionKernels: Readonly<Record<string, KernelDeclaration>> = {
  ReduceSum: reduction('Sum'),
  ReduceMean: reduction('Mean'),
  ReduceMax: reduction('Max'),
  ReduceSumSquare: reduction('Sum', 'Square'),
  Softmax: alongLastAxis('Softmax'),
  LogSoftmax: alongLastAxis('LogSoftmax'),
};
