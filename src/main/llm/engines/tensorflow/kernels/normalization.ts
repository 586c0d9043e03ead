import type { Tensor } from '@tensorflow/tfjs-core';
import { floatAttribute } from '../../../graph/operators/declaration.ts';
import { drop, type KernelDeclaration } from './kernel.ts';

const layerNormalization: KernelDeclaration = {
  make: ({ tensorflow, node, keep }) => {
    const epsilon = keep(tensorflow.number(floatAttribute(node.attributes, 'epsilon', 1e-5)));
    const lastAxis = keep(tensorflow.integers([node.inputs[0]!.shape.length - 1]));
    const keepDimensions = [tensorflow.boolean('keep_dims', true)];
    const wanted = node.outputs.map((output) => output !== undefined);
    return ([x, scale, bias]) => {
      const mean = tensorflow.run('Mean', [x!, lastAxis], keepDimensions);
      const centered = tensorflow.run('Sub', [x!, mean]);
      const squares = tensorflow.run('Square', [centered]);
      const variance = drop(tensorflow.run('Mean', [squares, lastAxis], keepDimensions), squares);
      const steadied = drop(tensorflow.run('AddV2', [variance, epsilon]), variance);
      const inverse = drop(tensorflow.run('Rsqrt', [steadied]), steadied);
      const normalized = drop(tensorflow.run('Mul', [centered, inverse]), centered);
      const scaled = drop(tensorflow.run('Mul', [normalized, scale!]), normalized);
      const result = bias === undefined ? scaled : drop(tensorflow.run('AddV2', [scaled, bias]), scaled);
      return [result, mean, inverse].filter((tensor, index): tensor is Tensor => {
        if (wanted[index] === true) return true;
        tensor.dispose();
        return false;
      });
    };
  },
};

export const normalizationKernels: Readonly<Record<string, KernelDeclaration>> = {
  LayerNormalization: layerNormalization,
};
