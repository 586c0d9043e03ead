import { builderOf } from '../builder.ts';
import { GraphError } from '../shape-error.ts';
import type { Value } from '../types.ts';
import type { OperatorDeclaration } from './declaration.ts';
import { floatAttribute, intAttribute, requireSameType } from './declaration.ts';

/** Layer normalisation over the last axis (Ba et al., "Layer Normalization", 2016), with mean and 1/σ as extra outputs. */
export const layerNormalizationOperator: OperatorDeclaration = {
  name: 'LayerNormalization',
  domain: '',
  inputs: ['X', 'Scale', 'B?'],
  attributes: { axis: 'int', epsilon: 'float', stash_type: [1] },
  infer: ([x, scale, bias], attributes) => {
    const name = 'LayerNormalization';
    requireSameType(name, [x, scale, bias]);
    const { dtype, shape } = x!;
    const axis = intAttribute(attributes, 'axis', -1);
    if (shape.length === 0 || (axis !== -1 && axis !== shape.length - 1))
      throw new GraphError(name, 'only the last axis is supported', [x]);
    for (const vector of [scale, bias]) {
      if (vector !== undefined && (vector.shape.length !== 1 || vector.shape[0] !== shape.at(-1)))
        throw new GraphError(name, 'scale and bias must have the length of the last axis', [x, scale, bias]);
    }
    const row = { dtype, shape: [...shape.slice(0, -1), 1] };
    return [{ dtype, shape }, row, row];
  },
  evaluate: ([x, scale, bias], attributes) => {
    const width = x!.shape.at(-1)!;
    const rows = x!.data.length / width;
    const epsilon = floatAttribute(attributes, 'epsilon', 1e-5);
    const [y, means, inverses] = [
      new Float64Array(x!.data.length),
      new Float64Array(rows),
      new Float64Array(rows),
    ];
    for (let row = 0; row < rows; row++) {
      const line = x!.data.subarray(row * width, (row + 1) * width);
      const mean = line.reduce((a, b) => a + b, 0) / width;
      const variance = line.reduce((sum, element) => sum + (element - mean) ** 2, 0) / width;
      const inverse = 1 / Math.sqrt(variance + epsilon);
      means[row] = mean;
      inverses[row] = inverse;
      for (let i = 0; i < width; i++)
        y[row * width + i] = (line[i]! - mean) * inverse * scale!.data[i]! + (bias?.data[i] ?? 0);
    }
    const rowShape = [...x!.shape.slice(0, -1), 1];
    return [
      { dtype: x!.dtype, shape: x!.shape, data: y },
      { dtype: x!.dtype, shape: rowShape, data: means },
      { dtype: x!.dtype, shape: rowShape, data: inverses },
    ];
  },
};

/**
 * (x − mean) / √(variance + epsilon) · scale + bias over the last axis: x is [..., width], scale and bias [width]. The
 * node also gives mean and 1/σ, which its gradient reads; a graph without a backward pass drops them.
 */
export function layerNormalization(x: Value, scale: Value, bias: Value | undefined, epsilon: number): Value {
  return builderOf(x).apply(
    layerNormalizationOperator,
    bias === undefined ? [x, scale] : [x, scale, bias],
    { axis: { type: 'int', value: -1 }, epsilon: { type: 'float', value: epsilon } },
    3,
  )[0]!;
}

export const normalizationOperators: readonly OperatorDeclaration[] = [layerNormalizationOperator];
