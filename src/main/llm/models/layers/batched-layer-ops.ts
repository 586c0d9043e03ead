import type { GraphBuilder } from '../../graph/builder.ts';
import { add, and, cast, equal, lessOrEqual, mul, sub, where } from '../../graph/operators/elementwise.ts';
import { cumSum, gather } from '../../graph/operators/indexing.ts';
import { concat, reshape, transpose, unsqueeze } from '../../graph/operators/layout.ts';
import { matMul } from '../../graph/operators/matrix.ts';
import { reduceSum, softmax } from '../../graph/operators/reduction.ts';
import type { Value } from '../../graph/types.ts';
import type { Parameter } from '../parameter.ts';
import type { ExportedParameter } from './exported-parameters.ts';
import { exportedParameters } from './exported-parameters.ts';
import type { AttentionSettings, LayerOps } from './layer-ops.ts';
import { rotate, rotaryTables } from './rotary.ts';

/** A decoder for other programs. */
export interface BatchedModel {
  readonly parameters: readonly Parameter[];
  readonly attention: AttentionSettings;
  /** Positions that the model knows. */
  readonly contextLength: number;
}

export interface BatchedLayerOps extends LayerOps {
  /** A parameter as the exported file holds it. */
  readonly parameter: (name: string, transposed: boolean) => Value;
  /** Those that were used, in the order in which they were. */
  readonly used: () => readonly ExportedParameter[];
}

/** Hides a position from attention, and is still finite: rows of nothing but padding stay free of NaN. */
const hidden = -1e9;

/**
 * How a decoder computes for other programs: standard ONNX operators, activations [batch, sequence, width], open sizes,
 * names and shapes as Optimum and transformers.js use them for decoders with a cache. Declares the inputs `input_ids` and
 * `position_ids` [batch, sequence], `attention_mask` [batch, past + sequence] (0 for padding, on the left),
 * `past_key_values.N.key` / `.value` [batch, keyValueHeads, past, headSize] and the outputs `present.N.key` / `.value`.
 */
export function batchedLayerOps(
  builder: GraphBuilder,
  { parameters, attention, contextLength }: BatchedModel,
): BatchedLayerOps {
  const { heads, keyValueHeads, headSize, rotaryBase } = attention;
  const groups = heads / keyValueHeads;
  const rows = ['batch_size', 'sequence_length'] as const;
  const inputIds = builder.input('input_ids', 'int64', rows);
  const attentionMask = builder.input('attention_mask', 'int64', [
    'batch_size',
    'past_sequence_length + sequence_length',
  ]);
  const positionIds = builder.input('position_ids', 'int64', rows);
  const { parameter, used } = exportedParameters(builder, parameters);
  const weight = (name: string): Value => parameter(name, false);
  const layouts = new Map(parameters.map(({ name, linear }) => [name, linear]));

  const mask = builder.scope('mask', () => visibility(builder, inputIds, attentionMask)); // (batch, 1, sequence, past + sequence)
  const tables =
    rotaryBase === undefined ? undefined : rotaryTables({ headSize, base: rotaryBase }, contextLength);
  const angles = tables && {
    cosines: unsqueeze(gather(builder.constant(tables.cosines, 'cosines'), positionIds), [2]), // (batch, sequence, 1, size/2)
    sines: unsqueeze(gather(builder.constant(tables.sines, 'sines'), positionIds), [2]),
  };
  const split = (x: Value, count: number, rotary: boolean): Value => {
    const apart = reshape(x, [0, 0, count, headSize]);
    return rotary && angles !== undefined ? rotate(apart, angles.cosines, angles.sines, headSize) : apart; // (batch, sequence, count, size)
  };

  return {
    parameter,
    used,
    weight,
    linear: (x, name, bias) => {
      const product = matMul(x, parameter(name, layouts.get(name) === 'out-in'));
      return bias === undefined ? product : add(product, weight(bias));
    },
    embed: (table) => gather(table, inputIds),
    addPositions: (x, table) => add(x, gather(table, positionIds)),
    attend: (query, key, value, layer) => {
      const extended = (kind: 'key' | 'value', fresh: Value): Value => {
        const past = builder.input(`past_key_values.${layer}.${kind}`, 'float32', [
          'batch_size',
          keyValueHeads,
          'past_sequence_length',
          headSize,
        ]);
        const present = concat([past, transpose(fresh, [0, 2, 1, 3])], 2);
        builder.output(`present.${layer}.${kind}`, present);
        return present; // (batch, keyValueHeads, past + sequence, size)
      };
      const keys = extended('key', split(key, keyValueHeads, true));
      const values = extended('value', split(value, keyValueHeads, false));
      const scaled = mul(split(query, heads, true), 1 / Math.sqrt(headSize));
      if (groups === 1) {
        const probabilities = softmax(
          add(matMul(transpose(scaled, [0, 2, 1, 3]), transpose(keys, [0, 1, 3, 2])), mask),
        );
        return reshape(transpose(matMul(probabilities, values), [0, 2, 1, 3]), [0, 0, heads * headSize]);
      }
      const grouped = transpose(reshape(scaled, [0, 0, keyValueHeads, groups, headSize]), [0, 2, 3, 1, 4]); // (batch, keyValueHeads, groups, sequence, size)
      const scores = matMul(grouped, unsqueeze(transpose(keys, [0, 1, 3, 2]), [2]));
      const attentionOutput = matMul(softmax(add(scores, unsqueeze(mask, [1]))), unsqueeze(values, [2]));
      return reshape(transpose(attentionOutput, [0, 3, 1, 2, 4]), [0, 0, heads * headSize]);
    },
    perHead: (x, count, norm) => reshape(norm(reshape(x, [0, 0, count, headSize])), [0, 0, count * headSize]),
    drop: (x) => x,
    block: (x, _, body) => body(x),
  };
}

/**
 * What is added to the scores, [batch, 1, sequence, past + sequence]: 0 where the key is no padding and not later than
 * the query. Positions are counted by running sums of ones, so that all lengths may be open.
 */
function visibility(builder: GraphBuilder, inputIds: Value, attentionMask: Value): Value {
  const ones = (x: Value): Value => cast(equal(x, x), 'int64');
  const keyNumber = cumSum(ones(attentionMask), 1); // 1 … past + sequence
  const past = sub(reduceSum(ones(attentionMask), [1]), reduceSum(ones(inputIds), [1])); // (batch, 1)
  const queryNumber = add(cumSum(ones(inputIds), 1), past);
  const causal = lessOrEqual(unsqueeze(keyNumber, [1, 2]), unsqueeze(queryNumber, [1, 3]));
  const real = unsqueeze(cast(attentionMask, 'bool'), [1, 2]);
  return where(and(causal, real), builder.scalar(0), builder.scalar(hidden));
}
