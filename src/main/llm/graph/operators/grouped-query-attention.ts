import { builderOf } from '../builder.ts';
import { GraphError } from '../shape-error.ts';
import { sameShape } from '../shapes.ts';
import type { Value } from '../types.ts';
import type { OperatorDeclaration } from './declaration.ts';
import { floatAttribute, intAttribute } from './declaration.ts';

/**
 * com.microsoft GroupQueryAttention (ONNX Runtime's contrib operators): causal attention of new queries over a cache of
 * fixed length, to which the new keys and values are appended; rotary positions are applied on the way if asked.
 * Inputs: query [B, S, heads·size], key and value [B, S, keyValueHeads·size], past key and value
 * [B, keyValueHeads, length, size], sequence lengths (int32 [B]: valid tokens after this run − 1), total length
 * (int32 []: their greatest number), cosine and sine tables [positions, size/2].
 * Used for generation alone: it has no gradient.
 */
export const groupQueryAttentionOperator: OperatorDeclaration = {
  name: 'GroupQueryAttention',
  domain: 'com.microsoft',
  inputs: [
    'query',
    'key',
    'value',
    'past_key',
    'past_value',
    'seqlens_k',
    'total_sequence_length',
    'cos_cache?',
    'sin_cache?',
  ],
  attributes: {
    num_heads: 'int',
    kv_num_heads: 'int',
    scale: 'float',
    do_rotary: [0, 1],
    rotary_interleaved: [0],
    local_window_size: [-1],
  },
  infer: (inputs, attributes) => {
    const [query, key, value, pastKey, pastValue, , , cosines, sines] = inputs;
    const fail = (problem: string): GraphError => new GraphError('GroupQueryAttention', problem, inputs);
    const heads = intAttribute(attributes, 'num_heads', 0);
    const keyValueHeads = intAttribute(attributes, 'kv_num_heads', 0);
    const width = query!.shape.at(-1);
    if (query!.shape.length !== 3 || key!.shape.length !== 3 || !sameShape(key!.shape, value!.shape))
      throw fail('query, key and value need rank 3, key and value the same shape');
    if (
      typeof width !== 'number' ||
      !(heads % keyValueHeads === 0 && width % heads === 0) ||
      key!.shape.at(-1) !== (width / heads) * keyValueHeads
    )
      throw fail(`the widths do not fit ${heads} and ${keyValueHeads} heads`);
    for (const past of [pastKey!, pastValue!]) {
      const [, pastHeads, , size] = past.shape;
      if (past.shape.length !== 4 || pastHeads !== keyValueHeads || size !== width / heads)
        throw fail(`the cache is not [batch, ${keyValueHeads}, length, ${width / heads}]`);
    }
    if (
      intAttribute(attributes, 'do_rotary', 0) === 1 &&
      (cosines?.shape.at(-1) !== width / heads / 2 || !sameShape(cosines.shape, sines?.shape ?? []))
    )
      throw fail(`rotary positions need tables of ${width / heads / 2} cosines and sines for each position`);
    return [
      { dtype: query!.dtype, shape: query!.shape },
      { dtype: pastKey!.dtype, shape: pastKey!.shape },
      { dtype: pastValue!.dtype, shape: pastValue!.shape },
    ];
  },
  evaluate: ([query, key, value, pastKey, pastValue, lengths, , cosines, sines], attributes) => {
    const heads = intAttribute(attributes, 'num_heads', 0);
    const groups = intAttribute(attributes, 'kv_num_heads', 0);
    const rotary = intAttribute(attributes, 'do_rotary', 0) === 1;
    const [batch, steps] = [query!.shape[0]!, query!.shape[1]!];
    const size = query!.shape[2]! / heads;
    const capacity = pastKey!.shape[2]!;
    const scale = floatAttribute(attributes, 'scale', 1 / Math.sqrt(size));
    const [keys, values, output] = [
      pastKey!.data.slice(),
      pastValue!.data.slice(),
      new Float64Array(query!.data.length),
    ];
    /** Turns the two halves of a head by its position's angles. */
    const rotate = (head: Float64Array, position: number): Float64Array => {
      if (!rotary) return head;
      const half = size / 2;
      return head.map((x, i) => {
        const angle = position * half + (i % half);
        return i < half
          ? x * cosines!.data[angle]! - head[i + half]! * sines!.data[angle]!
          : x * cosines!.data[angle]! + head[i - half]! * sines!.data[angle]!;
      });
    };
    for (let item = 0; item < batch; item++) {
      const past = lengths!.data[item]! + 1 - steps;
      const slot = (group: number, position: number): number =>
        ((item * groups + group) * capacity + position) * size;
      for (let step = 0; step < steps; step++) {
        for (let group = 0; group < groups; group++) {
          const from = ((item * steps + step) * groups + group) * size;
          keys.set(rotate(key!.data.subarray(from, from + size), past + step), slot(group, past + step));
          values.set(value!.data.subarray(from, from + size), slot(group, past + step));
        }
      }
      for (let step = 0; step < steps; step++) {
        for (let head = 0; head < heads; head++) {
          const from = ((item * steps + step) * heads + head) * size;
          const group = Math.floor(head / (heads / groups));
          const turned = rotate(query!.data.subarray(from, from + size), past + step);
          const scores = Array.from({ length: past + step + 1 }, (_, position) => {
            const at = slot(group, position);
            return scale * turned.reduce((sum, x, i) => sum + x * keys[at + i]!, 0);
          });
          const maximum = Math.max(...scores);
          const weights = scores.map((score) => Math.exp(score - maximum));
          const total = weights.reduce((a, b) => a + b, 0);
          weights.forEach((weight, position) => {
            const at = slot(group, position);
            for (let i = 0; i < size; i++) output[from + i]! += (weight / total) * values[at + i]!;
          });
        }
      }
    }
    return [
      { dtype: query!.dtype, shape: query!.shape, data: output },
      { dtype: pastKey!.dtype, shape: pastKey!.shape, data: keys },
      { dtype: pastValue!.dtype, shape: pastValue!.shape, data: values },
    ];
  },
};

/** What cached attention needs besides query, key and value. */
export interface KeyValueCache {
  readonly pastKey: Value;
  readonly pastValue: Value;
  /** int32 [batch]: valid tokens after this run, less one. */
  readonly sequenceLengths: Value;
  /** int32 []: valid tokens after this run. */
  readonly totalLength: Value;
}

/** Causal attention over a cache: gives the attention output [B, S, heads·size] and the cache with the new tokens. */
export function groupQueryAttention(
  query: Value,
  key: Value,
  value: Value,
  cache: KeyValueCache,
  options: {
    readonly heads: number;
    readonly keyValueHeads: number;
    readonly scale: number;
    readonly rotary?: { readonly cosines: Value; readonly sines: Value };
  },
): readonly [attentionOutput: Value, presentKey: Value, presentValue: Value] {
  const inputs = [
    query,
    key,
    value,
    cache.pastKey,
    cache.pastValue,
    cache.sequenceLengths,
    cache.totalLength,
  ];
  const [attentionOutput, presentKey, presentValue] = builderOf(query).apply(
    groupQueryAttentionOperator,
    options.rotary === undefined ? inputs : [...inputs, options.rotary.cosines, options.rotary.sines],
    {
      num_heads: { type: 'int', value: options.heads },
      kv_num_heads: { type: 'int', value: options.keyValueHeads },
      scale: { type: 'float', value: options.scale },
      do_rotary: { type: 'int', value: options.rotary === undefined ? 0 : 1 },
    },
    3,
  );
  return [attentionOutput!, presentKey!, presentValue!];
}
