import type { GraphBuilder } from '../../graph/builder.ts';
import { add } from '../../graph/operators/elementwise.ts';
import { gather } from '../../graph/operators/indexing.ts';
import { reshape } from '../../graph/operators/layout.ts';
import { adapterParameters, type LowRankAdapter } from '../low-rank-adapter.ts';
import type { Parameter } from '../parameter.ts';
import { cachedAttention, cachedHeadSize } from './cached-attention.ts';
import { parameterInputs, type AttentionSettings, type LayerOps } from './layer-ops.ts';
import { linearLayers } from './linear-layers.ts';

/** A model that writes with a key-value cache. */
export interface CachedModel {
  readonly parameters: readonly Parameter[];
  readonly attention: AttentionSettings;
  /** Tokens that the cache holds. */
  readonly cacheLength: number;
  /** Its matrices are further inputs of the graph. */
  readonly adapter?: LowRankAdapter | undefined;
}

/**
 * How models write: new tokens of one sequence as rows [sequence, width], over a cache of fixed length that is written in
 * place. Declares the inputs `input_ids` and `position_ids` (int64 [1, sequence]), `total_length` (int32 []: tokens in the
 * cache after this run), `sequence_lengths` (int32 [1]: total_length − 1), the parameters, `past.N.key` and `past.N.value`
 * (float32 [1, keyValueHeads, cacheLength, cachedHeadSize]), and the outputs `present.N.key` / `present.N.value`, which lie
 * where the past lies.
 */
export function cachedLayerOps(
  builder: GraphBuilder,
  { parameters, attention, cacheLength, adapter }: CachedModel,
): LayerOps {
  const { keyValueHeads, headSize } = attention;
  const inputIds = builder.input('input_ids', 'int64', [1, 'sequence']);
  const positionIds = builder.input('position_ids', 'int64', [1, 'sequence']);
  const totalLength = builder.input('total_length', 'int32', []);
  const sequenceLengths = builder.input('sequence_lengths', 'int32', [1]);
  const weight = parameterInputs(builder, [...parameters, ...adapterParameters(parameters, adapter)]);
  const attendOver = cachedAttention(builder, attention, positionIds, cacheLength);
  return {
    weight,
    linear: linearLayers(parameters, weight, adapter),
    embed: (table) => gather(table, reshape(inputIds, [-1])), // (sequence, hidden)
    addPositions: (x, table) => add(x, gather(table, reshape(positionIds, [-1]))),
    attend: (query, key, value, layer) => {
      const past = (kind: 'key' | 'value') =>
        builder.input(`past.${layer}.${kind}`, 'float32', [
          1,
          keyValueHeads,
          cacheLength,
          cachedHeadSize(headSize),
        ]);
      const [attentionOutput, presentKey, presentValue] = attendOver(query, key, value, {
        pastKey: past('key'),
        pastValue: past('value'),
        sequenceLengths,
        totalLength,
      });
      builder.output(`present.${layer}.key`, presentKey, `past.${layer}.key`);
      builder.output(`present.${layer}.value`, presentValue, `past.${layer}.value`);
      return attentionOutput;
    },
    perHead: (x, count, norm) => reshape(norm(reshape(x, [-1, count, headSize])), [-1, count * headSize]),
    drop: (x) => x,
    block: (x, _, body) => body(x),
  };
}
