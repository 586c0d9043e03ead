import { add, mul, sub } from '../operators/elementwise.ts';
import { reshape } from '../operators/layout.ts';
import { matMul } from '../operators/matrix.ts';
import { reduceSum } from '../operators/reduction.ts';
import { elementCount, fixedShape } from '../shapes.ts';
import type { GradientRule } from './rule.ts';

/**
 * y = x̂·γ + β with x̂ = (x − μ)/σ. With g = dy·γ: dx = (g − mean(g) − x̂·mean(g·x̂))/σ. The two means are taken as products
 * with γ, which reads dy and dy·x̂ once each.
 */
export const normalizationGradients: Readonly<Record<string, GradientRule>> = {
  LayerNormalization: ({ inputs, outputs, outputGradients }) => {
    const [x, scale, bias] = inputs;
    const [, mean, inverseDeviation] = outputs;
    const dy = outputGradients[0];
    if (
      x === undefined ||
      scale === undefined ||
      dy === undefined ||
      mean === undefined ||
      inverseDeviation === undefined
    )
      return inputs.map(() => undefined);
    const width = fixedShape('LayerNormalization', scale)[0]!;
    const leading = x.shape.slice(0, -1).map((_, axis) => axis);
    const normalized = mul(sub(x, mean), inverseDeviation);
    const weighted = mul(dy, normalized);
    const column = mul(reshape(scale, [width, 1]), 1 / width);
    const meanGradient = matMul(dy, column);
    const meanWeighted = matMul(weighted, column);
    const dx = mul(sub(mul(dy, scale), add(mul(normalized, meanWeighted), meanGradient)), inverseDeviation);
    const rows = elementCount(leading.map((axis) => fixedShape('LayerNormalization', x)[axis]!))!;
    const sumRows = (value: typeof dy) => reduceSum(reshape(value, [rows, width]), [0], false);
    return bias === undefined ? [dx, sumRows(weighted)] : [dx, sumRows(weighted), sumRows(dy)];
  },
};
