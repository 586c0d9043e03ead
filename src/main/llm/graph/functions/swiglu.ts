import { builderOf } from '../builder.ts';
import { add, mul, sigmoid, sub } from '../operators/elementwise.ts';
import type { Value } from '../types.ts';

/** Swish-gated linear unit (Shazeer, "GLU Variants Improve Transformer", 2020): y = silu(gate)·up, silu(x) = x·σ(x). */
export function swiglu(gate: Value, up: Value): Value {
  return builderOf(gate).composite(
    'swiglu',
    [gate, up],
    () => {
      const s = sigmoid(gate);
      return { outputs: [mul(mul(gate, s), up)], saved: [s] };
    },
    // silu′ = σ + silu·(1 − σ)
    ({ inputs, saved, outputGradients }) => {
      const [x, u] = inputs as readonly [Value, Value];
      const [s] = saved as readonly [Value];
      const dy = outputGradients[0]!;
      const silu = mul(x, s);
      return [mul(mul(dy, u), add(s, sub(silu, mul(silu, s)))), mul(dy, silu)];
    },
  )[0]!;
}
