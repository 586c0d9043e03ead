import type { GptShape } from '../../../../shared/models/gpt-configuration.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import { add } from '../../graph/operators/elementwise.ts';
import { groupQueryAttention } from '../../graph/operators/grouped-query-attention.ts';
import { gather } from '../../graph/operators/indexing.ts';
import { reshape, unsqueeze } from '../../graph/operators/layout.ts';
import { gemm } from '../../graph/operators/matrix.ts';
import type { Graph, Value } from '../../graph/types.ts';
import { gpt } from './model.ts';
import { gptNames, gptParameters } from './parameters.ts';
import { rotate, rotaryTables } from './rotary.ts';

/**
 * Prefill and decode in one graph, for one sequence, with a cache of fixed length that is written in place. Inputs:
 * `input_ids` and `position_ids` (int64 [1, sequence]), `total_length` (int32 []: tokens in the cache after this run),
 * `sequence_lengths` (int32 [1]: total_length − 1), the parameters, `past.N.key` and `past.N.value` (float32
 * [1, keyValueHeads, cacheLength, headSize]). Outputs: `logits` of the last token (float32 [1, vocabulary]) and
 * `present.N.key` / `present.N.value`, which lie where the past lies.
 */
export function buildGptGenerationGraph(
  shape: GptShape,
  { cacheLength }: { readonly cacheLength: number },
): Graph {
  const { heads, keyValueHeads, headSize } = shape;
  const builder = new GraphBuilder(`gpt_generation_${shape.style}`);
  const inputIds = builder.input('input_ids', 'int64', [1, 'sequence']);
  const positionIds = builder.input('position_ids', 'int64', [1, 'sequence']);
  const totalLength = builder.input('total_length', 'int32', []);
  const sequenceLengths = builder.input('sequence_lengths', 'int32', [1]);
  const weights = new Map(
    gptParameters(shape).map((parameter) => [
      parameter.name,
      builder.input(parameter.name, 'float32', parameter.shape),
    ]),
  );
  const tables = shape.style === 'gpt2' ? undefined : rotaryTables(shape, cacheLength);
  const rotary = tables && {
    cosines: builder.constant(tables.cosines, 'cosines'),
    sines: builder.constant(tables.sines, 'sines'),
  };
  // ONNX Runtime's kernel turns heads only of sizes that are multiples of 16; others are turned before it.
  const turnsInKernel = headSize % 16 === 0;
  const turn = (x: Value, count: number): Value => {
    if (rotary === undefined || turnsInKernel) return x;
    const atPositions = (table: Value) => unsqueeze(gather(table, reshape(positionIds, [-1])), [1]); // (sequence, 1, size/2)
    const apart = reshape(x, [-1, count, headSize]);
    const turned = rotate(apart, atPositions(rotary.cosines), atPositions(rotary.sines), headSize);
    return reshape(turned, [-1, count * headSize]);
  };

  const hidden = gpt(shape, {
    weight: (name) => weights.get(name)!,
    linear: (x, weight, bias, layout) =>
      gemm(x, weights.get(weight)!, {
        transB: layout === 'out-in',
        ...(bias === undefined ? {} : { addend: weights.get(bias)! }),
      }),
    embed: (table) => gather(table, reshape(inputIds, [-1])), // (sequence, hidden)
    addPositions: (x, table) => add(x, gather(table, reshape(positionIds, [-1]))),
    attend: (query, key, value, layer) => {
      const cache = (kind: 'key' | 'value') =>
        builder.input(`past.${layer}.${kind}`, 'float32', [1, keyValueHeads, cacheLength, headSize]);
      const [attended, presentKey, presentValue] = groupQueryAttention(
        unsqueeze(turn(query, heads), [0]),
        unsqueeze(turn(key, keyValueHeads), [0]),
        unsqueeze(value, [0]),
        { pastKey: cache('key'), pastValue: cache('value'), sequenceLengths, totalLength },
        {
          heads,
          keyValueHeads,
          scale: 1 / Math.sqrt(headSize),
          ...(rotary !== undefined && turnsInKernel ? { rotary } : {}),
        },
      );
      builder.output(`present.${layer}.key`, presentKey, `past.${layer}.key`);
      builder.output(`present.${layer}.value`, presentValue, `past.${layer}.value`);
      return reshape(attended, [-1, heads * headSize]);
    },
    perHead: (x, count, norm) => reshape(norm(reshape(x, [-1, count, headSize])), [-1, count * headSize]),
    drop: (x) => x,
    block: (x, _, body) => body(x),
  });
  const last = gather(hidden, builder.integers([-1])); // (1, hidden)
  builder.output('logits', gemm(last, weights.get(gptNames(shape).output)!, { transB: true }));
  return builder.finish();
}
