import { add, mul, sub } from '../operators/elementwise.ts';
import { reshape } from '../operators/layout.ts';
import { matMul } from '../operators/matrix.ts';
import { reduceSum } from '../operators/reduction.ts';
import { GraphError } from '../shape-error.ts';
import { elementCount, fixedShape } from '../shapes.ts';
import type { Value } from '../types.ts';
import type { GradientRule } from './rule.ts';

/**
 * y = x̂·γ + β with x̂ = (x − μ)/σ. With g = dy·γ: dx = (g − mean(g) − x̂·mean(g·x̂))/σ. The two means are taken as products
 * with γ, which reads dy and dy·x̂ once each.
 */
export const normalizationGradients: Readonly<Record<string, GradientRule>> = {
  LayerNormalization: ({ inputs, outputs, outputGradients }) => {
    const [x, scale, bias] = inputs as readonly [Value, Value, Value | undefined];
    const [, mean, inverseDeviation] = outputs;
    const [dy, ...dMoments] = outputGradients;
    if (dMoments.some((gradient) => gradient !== undefined) || dy === undefined)
      throw new GraphError('LayerNormalization', 'no gradient flows through mean and deviation', inputs);
    if (mean === undefined || inverseDeviation === undefined)
      throw new GraphError('LayerNormalization', 'the gradient needs the outputs mean and deviation', inputs);
    const shape = fixedShape('LayerNormalization', x);
    const width = shape.at(-1)!;
    const rows = elementCount(shape.slice(0, -1))!;
    const asRows = (value: Value, columns: number): Value =>
      value.shape.length === 2 ? value : reshape(value, [rows, columns]);
    const gradient = asRows(dy, width);
    const inverse = asRows(inverseDeviation, 1);
    const normalized = mul(sub(asRows(x, width), asRows(mean, 1)), inverse);
    const weighted = mul(gradient, normalized);
    const column = mul(reshape(scale, [width, 1]), 1 / width);
    const meanGradient = matMul(gradient, column);
    const meanWeighted = matMul(weighted, column);
    const dx = mul(sub(mul(gradient, scale), add(mul(normalized, meanWeighted), meanGradient)), inverse);
    const sumRows = (value: Value): Value => reduceSum(value, [0], false);
    return [
      shape.length === 2 ? dx : reshape(dx, shape),
      sumRows(weighted),
      ...(bias === undefined ? [] : [sumRows(gradient)]),
    ];
  },
};
