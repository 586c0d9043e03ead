import type { GraphBuilder } from '../../graph/builder.ts';
import { scaledDotProductAttention } from '../../graph/functions/attention.ts';
import { add, equal, mul, where } from '../../graph/operators/elementwise.ts';
import { gather } from '../../graph/operators/indexing.ts';
import { concat, reshape, slice, transpose, unsqueeze } from '../../graph/operators/layout.ts';
import type { HostTensor, Value } from '../../graph/types.ts';
import { adapterParameters, type LowRankAdapter } from '../low-rank-adapter.ts';
import type { Parameter } from '../parameter.ts';
import { parameterInputs, type AttentionSettings, type LayerOps } from './layer-ops.ts';
import { linearLayers } from './linear-layers.ts';
import { rotate, rotaryTables } from './rotary.ts';

/** Something that a graph can be asked to show: a block's output, or its attention probabilities. */
export type Observe = (kind: 'hidden' | 'attention', layer: number, value: Value) => void;

export interface RowsOptions {
  readonly batchSize: number;
  readonly sequenceLength: number;
  /** Recompute each block in the backward pass. */
  readonly gradientCheckpointing?: boolean;
  /** The mask of a dropout place, if dropout is on. */
  readonly dropoutMask?: (place: string) => Value;
  readonly observe?: Observe;
  /**
   * Several texts in each sequence that must not see each other (int64 [batch, sequence] both): which text a token belongs to,
   * and its position in that. Default: each sequence is one text. An architecture that keeps a state begins it anew.
   */
  readonly packed?: { readonly segments: Value; readonly positions: Value };
  /** What is learned beside the weights. Its matrices are further inputs of the graph. */
  readonly adapter?: LowRankAdapter | undefined;
}

/** Far below any score, and still finite, so that no operator meets ∞ − ∞. */
const never = -1e9;

/** What a causal model may see: [sequence, sequence], 0 on and below the diagonal, `never` above. */
function causalMask(sequenceLength: number, repeats: number): Float32Array {
  const mask = new Float32Array(repeats * sequenceLength * sequenceLength);
  for (let row = 0; row < repeats * sequenceLength; row++)
    mask.fill(never, row * sequenceLength + (row % sequenceLength) + 1, (row + 1) * sequenceLength);
  return mask;
}

/**
 * The same where a sequence holds several texts: [batch, 1, repeats · sequence, sequence], a token sees those before it in its
 * own text.
 */
function packedMask(builder: GraphBuilder, segments: Value, sequenceLength: number, repeats: number): Value {
  const causal = builder.constant(
    {
      dtype: 'float32',
      shape: [sequenceLength, sequenceLength],
      data: causalMask(sequenceLength, 1),
    },
    'causal_mask',
  );
  const same = equal(unsqueeze(segments, [2]), unsqueeze(segments, [1])); // (batch, sequence, sequence)
  const mask = unsqueeze(where(same, causal, builder.scalar(never)), [1]);
  return repeats === 1
    ? mask
    : concat(
        Array.from({ length: repeats }, () => mask),
        2,
      );
}

/** A model whose layers are added as rows. */
export interface RowsModel {
  readonly parameters: readonly Parameter[];
  readonly attention: AttentionSettings;
  /** int64 [batch, sequence] */
  readonly inputIds: Value;
}

/**
 * How models train and are evaluated: fixed sizes, activations as rows [sequence · batch, width] with time
 * before batch. With time first, every reordering that attention needs is one that ONNX Runtime folds into its matrix
 * products (FusedMatMul with transposed batch axes).
 */
export function rowsLayerOps(
  builder: GraphBuilder,
  { parameters, attention, inputIds }: RowsModel,
  options: RowsOptions,
): LayerOps {
  const { batchSize, sequenceLength } = options;
  const { heads, keyValueHeads, headSize, rotaryBase } = attention;
  const groups = heads / keyValueHeads;
  const rows = sequenceLength * batchSize;
  const weight = parameterInputs(builder, [...parameters, ...adapterParameters(parameters, options.adapter)]);
  const { packed } = options;
  const mask =
    packed === undefined
      ? builder.constant(
          {
            dtype: 'float32',
            shape: [groups * sequenceLength, sequenceLength],
            data: causalMask(sequenceLength, groups),
          },
          'causal_mask',
        )
      : packedMask(builder, packed.segments, sequenceLength, groups);
  const tables =
    rotaryBase === undefined ? undefined : rotaryTables({ headSize, base: rotaryBase }, sequenceLength);
  /** A table of the angles, to be broadcast over rows [sequence, batch, …]: (sequence, 1, size/2) or (sequence, batch, size/2). */
  const anglesOf = (table: HostTensor, name: string): Value => {
    const constant = builder.constant(table, name);
    if (packed === undefined) return unsqueeze(constant, [1]);
    return reshape(gather(constant, rowsOf(packed.positions, batchSize)), [
      sequenceLength,
      batchSize,
      table.shape[1]!,
    ]);
  };
  const angles = tables && {
    cosines: anglesOf(tables.cosines, 'cosines'),
    sines: anglesOf(tables.sines, 'sines'),
  };

  /** Rows of keys or values as heads: [sequence·batch, keyValueHeads·size] → [batch, keyValueHeads, sequence, size]. */
  const splitHeads = (x: Value, rotary: boolean): Value => {
    const apart = reshape(x, [sequenceLength, batchSize, keyValueHeads, headSize]);
    const turned =
      rotary && angles !== undefined
        ? rotate(apart, unsqueeze(angles.cosines, [2]), unsqueeze(angles.sines, [2]), headSize)
        : apart;
    return transpose(turned, [1, 2, 0, 3]);
  };
  /** Query heads that share a key are rows of one matrix: [batch, keyValueHeads, groups·sequence, size]. */
  const splitQuery = (x: Value): Value => {
    if (groups === 1) return splitHeads(x, true);
    const apart = reshape(x, [sequenceLength, batchSize, keyValueHeads, groups, headSize]);
    const turned =
      angles === undefined
        ? apart
        : rotate(apart, unsqueeze(angles.cosines, [2, 3]), unsqueeze(angles.sines, [2, 3]), headSize);
    return reshape(transpose(turned, [1, 2, 3, 0, 4]), [
      batchSize,
      keyValueHeads,
      groups * sequenceLength,
      headSize,
    ]);
  };
  /** The way back: [batch, keyValueHeads, groups·sequence, size] → [sequence·batch, heads·size]. */
  const mergeHeads = (x: Value): Value =>
    groups === 1
      ? reshape(transpose(x, [2, 0, 1, 3]), [rows, heads * headSize])
      : reshape(
          transpose(
            reshape(x, [batchSize, keyValueHeads, groups, sequenceLength, headSize]),
            [3, 0, 1, 2, 4],
          ),
          [rows, heads * headSize],
        );

  return {
    weight,
    linear: linearLayers(parameters, weight, options.adapter),
    embed: (table) => gather(table, rowsOf(inputIds, batchSize)),
    addPositions: (x, table) => {
      if (packed !== undefined) return add(x, gather(table, rowsOf(packed.positions, batchSize)));
      const [positions, width] = table.shape.map(Number) as [number, number];
      const used = sequenceLength === positions ? table : slice(table, 0, 0, sequenceLength);
      if (batchSize === 1) return add(x, used);
      return reshape(add(reshape(x, [sequenceLength, batchSize, width]), unsqueeze(used, [1])), [
        rows,
        width,
      ]);
    },
    attend: (query, key, value, layer) => {
      const [attentionOutput, probabilities] = scaledDotProductAttention(
        splitQuery(query),
        splitHeads(key, true),
        splitHeads(value, false),
        {
          mask,
          scale: 1 / Math.sqrt(headSize),
          dropout: options.dropoutMask?.(`block.${layer}.probabilities`),
        },
      );
      options.observe?.('attention', layer, probabilities);
      return mergeHeads(attentionOutput);
    },
    perHead: (x, count, norm) =>
      reshape(norm(reshape(x, [rows * count, headSize])), [rows, count * headSize]),
    drop: (x, place) => (options.dropoutMask === undefined ? x : mul(x, options.dropoutMask(place))),
    block: (x, layer, body) => {
      const result =
        options.gradientCheckpointing === true ? builder.checkpoint([x], () => body(x)) : body(x);
      options.observe?.('hidden', layer, result);
      return result;
    },
  };
}

/** [batch, sequence] as one row of numbers, time before batch. */
export function rowsOf(x: Value, batchSize: number): Value {
  return reshape(batchSize === 1 ? x : transpose(x, [1, 0]), [-1]);
}
