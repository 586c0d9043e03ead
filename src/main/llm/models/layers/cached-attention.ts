import type { GraphBuilder } from '../../graph/builder.ts';
import { groupQueryAttention, type KeyValueCache } from '../../graph/operators/grouped-query-attention.ts';
import { gather } from '../../graph/operators/indexing.ts';
import { padWithZeros, reshape, slice, unsqueeze } from '../../graph/operators/layout.ts';
import type { Value } from '../../graph/types.ts';
import type { AttentionSettings } from './layer-ops.ts';
import { rotate, rotaryTables } from './rotary.ts';

/**
 * Size of a head in the cache: ONNX Runtime's GroupQueryAttention takes multiples of 8, so that other heads get zeros at
 * their end, which change neither scores nor the output.
 */
export function cachedHeadSize(headSize: number): number {
  return Math.ceil(headSize / 8) * 8;
}

/** Attention of new tokens over the cache; rows are tokens of one sequence. */
export type CachedAttention = (
  query: Value,
  key: Value,
  value: Value,
  cache: KeyValueCache,
) => readonly [attentionOutput: Value, presentKey: Value, presentValue: Value];

/**
 * Causal attention, rotary positions included, by GroupQueryAttention.
 * @param positionIds int64 [1, sequence]
 */
export function cachedAttention(
  builder: GraphBuilder,
  settings: AttentionSettings,
  positionIds: Value,
  cacheLength: number,
): CachedAttention {
  const { heads, keyValueHeads, headSize, rotaryBase } = settings;
  const size = cachedHeadSize(headSize);
  const tables =
    rotaryBase === undefined ? undefined : rotaryTables({ headSize, base: rotaryBase }, cacheLength);
  const rotary = tables && {
    cosines: builder.constant(tables.cosines, 'cosines'),
    sines: builder.constant(tables.sines, 'sines'),
  };
  // The kernel turns heads of multiples of 16 itself; others are turned before it.
  const turnsInKernel = headSize % 16 === 0;
  const atPositions = (table: Value) => unsqueeze(gather(table, reshape(positionIds, [-1])), [1]); // (sequence, 1, size/2)
  const turn = (x: Value): Value =>
    rotary === undefined || turnsInKernel
      ? x
      : rotate(x, atPositions(rotary.cosines), atPositions(rotary.sines), headSize);
  const pad = (x: Value): Value => (size === headSize ? x : padWithZeros(x, 2, 0, size - headSize));
  /** [sequence, count·headSize] as [1, sequence, count·size]. */
  const asKernelWants = (x: Value, count: number, prepare: (apart: Value) => Value): Value =>
    unsqueeze(reshape(prepare(reshape(x, [-1, count, headSize])), [-1, count * size]), [0]);

  return (query, key, value, cache) => {
    const [attentionOutput, presentKey, presentValue] = groupQueryAttention(
      asKernelWants(query, heads, (x) => pad(turn(x))),
      asKernelWants(key, keyValueHeads, (x) => pad(turn(x))),
      asKernelWants(value, keyValueHeads, pad),
      cache,
      {
        heads,
        keyValueHeads,
        scale: 1 / Math.sqrt(headSize),
        ...(rotary !== undefined && turnsInKernel ? { rotary } : {}),
      },
    );
    const apart = reshape(attentionOutput, [-1, heads, size]); // (sequence, heads, size)
    const cut = size === headSize ? apart : slice(apart, 2, 0, headSize);
    return [reshape(cut, [-1, heads * headSize]), presentKey, presentValue];
  };
}
