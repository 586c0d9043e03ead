import { builderOf } from '../builder.ts';
import { add, mul, sub } from '../operators/elementwise.ts';
import { transpose } from '../operators/layout.ts';
import { matMul } from '../operators/matrix.ts';
import { reduceSum, softmax } from '../operators/reduction.ts';
import type { Value } from '../types.ts';

/** Exchanges the last two of four axes. */
const swap = (x: Value): Value => transpose(x, [0, 1, 3, 2]);

/** What attention can be told besides its inputs. */
export interface AttentionOptions {
  /** Added to the scores: 0 where a position may look, a very negative number where not. Broadcast to [B, H, Q, K]. */
  readonly mask: Value;
  /** Multiplies the scores: 1/√(head size). */
  readonly scale: number;
  /** Dropout on the probabilities: 0 or 1/(1 − p), [B, H, Q, K]. */
  readonly dropout?: Value | undefined;
}

/**
 * Scaled dot-product attention (Vaswani et al., "Attention Is All You Need", 2017, §3.2.1): softmax(q·kᵀ·scale + mask)·v.
 * query [B, H, Q, size], key and value [B, H, K, size] → the attention output [B, H, Q, size] and the probabilities
 * [B, H, Q, K] (which carry no gradient).
 */
export function scaledDotProductAttention(
  query: Value,
  key: Value,
  value: Value,
  { mask, scale, dropout }: AttentionOptions,
): readonly [attentionOutput: Value, probabilities: Value] {
  let probabilities: Value | undefined;
  const [attentionOutput] = builderOf(query).composite(
    'attention',
    [query, key, value],
    () => {
      const scaled = mul(query, scale);
      probabilities = softmax(add(matMul(scaled, swap(key)), mask)); // (B, H, Q, K)
      const kept = dropout === undefined ? probabilities : mul(probabilities, dropout);
      return { outputs: [matMul(kept, value)], saved: [scaled, probabilities, kept] };
    },
    // The softmax's row sums Σ P·dP equal Σ dO·O, which are as many numbers as the output has instead of Q×K
    // (Dao et al., "FlashAttention", 2022, §B.2).
    ({ inputs, outputs, saved, outputGradients }) => {
      const [, k, v] = inputs as readonly [Value, Value, Value];
      const [scaled, p, kept] = saved as readonly [Value, Value, Value];
      const dO = outputGradients[0]!;
      const dKept = matMul(dO, swap(v)); // (B, H, Q, K)
      const dP = dropout === undefined ? dKept : mul(dKept, dropout);
      const dScores = mul(p, sub(dP, reduceSum(mul(dO, outputs[0]!), [-1])));
      return [mul(matMul(dScores, k), scale), matMul(swap(dScores), scaled), matMul(swap(kept), dO)];
    },
  );
  return [attentionOutput!, probabilities!];
}
