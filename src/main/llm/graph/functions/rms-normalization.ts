import { builderOf } from '../builder.ts';
import { add, mul, reciprocal, sqrt, sub } from '../operators/elementwise.ts';
import { reshape } from '../operators/layout.ts';
import { matMul } from '../operators/matrix.ts';
import { reduceSum, reduceSumSquare } from '../operators/reduction.ts';
import { elementCount, fixedShape } from '../shapes.ts';
import type { Value } from '../types.ts';

/**
 * Root-mean-square normalisation over the last axis (Zhang & Sennrich, "Root Mean Square Layer Normalization", 2019):
 * y = x̂·γ with x̂ = x / √(mean(x²) + epsilon). x is [..., width], scale [width].
 */
export function rmsNormalization(x: Value, scale: Value, epsilon: number): Value {
  const width = fixedShape('RMSNormalization', scale)[0]!;
  return builderOf(x).composite(
    'rms_normalization',
    [x, scale],
    () => {
      const inverse = reciprocal(sqrt(add(mul(reduceSumSquare(x, [-1]), 1 / width), epsilon)));
      return { outputs: [mul(mul(x, inverse), scale)], saved: [inverse] };
    },
    // With g = dy·γ: dx = (g − x̂·mean(g·x̂)) / √…; the mean is a product with γ.
    ({ inputs, saved, outputGradients }) => {
      const [input, gamma] = inputs as readonly [Value, Value];
      const [inverse] = saved as readonly [Value];
      const dy = outputGradients[0]!;
      const normalized = mul(input, inverse);
      const weighted = mul(dy, normalized);
      const mean = matMul(weighted, mul(reshape(gamma, [width, 1]), 1 / width));
      const rows = elementCount(fixedShape('RMSNormalization', input))! / width;
      return [
        mul(sub(mul(dy, gamma), mul(normalized, mean)), inverse),
        reduceSum(reshape(weighted, [rows, width]), [0], false),
      ];
    },
  )[0]!;
}
