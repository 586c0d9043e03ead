import { builderOf } from '../../graph/builder.ts';
import { add, mul, sub } from '../../graph/operators/elementwise.ts';
import { concat, split } from '../../graph/operators/layout.ts';
import type { HostTensor, Value } from '../../graph/types.ts';

/**
 * Cosines and sines of the rotary angles (Su et al., "RoFormer", 2021, §3.4.2) for positions 0 … length − 1:
 * two tensors [length, headSize/2]; pair i turns by position · base^(−2i/headSize).
 */
export function rotaryTables(
  { headSize, base }: { readonly headSize: number; readonly base: number },
  length: number,
): { readonly cosines: HostTensor; readonly sines: HostTensor } {
  const half = headSize / 2;
  const angles = Float64Array.from(
    { length: length * half },
    (_, index) => Math.floor(index / half) * base ** ((-2 * (index % half)) / headSize),
  );
  const tensor = (compute: (angle: number) => number): HostTensor => ({
    dtype: 'float32',
    shape: [length, half],
    data: Float32Array.from(angles, compute),
  });
  return { cosines: tensor(Math.cos), sines: tensor(Math.sin) };
}

/** Turns each head's two halves by its position's angles: x [.., headSize], cosines and sines broadcast to [.., headSize/2]. */
export function rotate(x: Value, cosines: Value, sines: Value, headSize: number): Value {
  return builderOf(x).scope('rotary', () => {
    const [first, second] = split(x, [headSize / 2, headSize / 2], -1) as readonly [Value, Value];
    return concat(
      [sub(mul(first, cosines), mul(second, sines)), add(mul(second, cosines), mul(first, sines))],
      x.shape.length - 1,
    );
  });
}
