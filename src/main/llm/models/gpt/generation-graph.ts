import type { GptShape } from '../../../../shared/models/gpt-configuration.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import { add } from '../../graph/operators/elementwise.ts';
import { gather } from '../../graph/operators/indexing.ts';
import { reshape } from '../../graph/operators/layout.ts';
import { gemm } from '../../graph/operators/matrix.ts';
import type { Graph } from '../../graph/types.ts';
import { cachedAttention, cachedHeadSize } from './cached-attention.ts';
import { gpt } from './model.ts';
import { gptNames, gptParameters } from './parameters.ts';

/**
 * Prefill and decode in one graph, for one sequence, with a cache of fixed length that is written in place. Inputs:
 * `input_ids` and `position_ids` (int64 [1, sequence]), `total_length` (int32 []: tokens in the cache after this run),
 * `sequence_lengths` (int32 [1]: total_length − 1), the parameters, `past.N.key` and `past.N.value` (float32
 * [1, keyValueHeads, cacheLength, cachedHeadSize]). Outputs: `logits` of the last token (float32 [1, vocabulary]) and
 * `present.N.key` / `present.N.value`, which lie where the past lies.
 */
export function buildGptGenerationGraph(
  shape: GptShape,
  { cacheLength }: { readonly cacheLength: number },
): Graph {
  const { keyValueHeads, headSize } = shape;
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
  const attention = cachedAttention(builder, shape, positionIds, cacheLength);

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
      const past = (kind: 'key' | 'value') =>
        builder.input(`past.${layer}.${kind}`, 'float32', [
          1,
          keyValueHeads,
          cacheLength,
          cachedHeadSize(shape),
        ]);
      const [attended, presentKey, presentValue] = attention(query, key, value, {
        pastKey: past('key'),
        pastValue: past('value'),
        sequenceLengths,
        totalLength,
      });
      builder.output(`present.${layer}.key`, presentKey, `past.${layer}.key`);
      builder.output(`present.${layer}.value`, presentValue, `past.${layer}.value`);
      return attended;
    },
    perHead: (x, count, norm) => reshape(norm(reshape(x, [-1, count, headSize])), [-1, count * headSize]),
    drop: (x) => x,
    block: (x, _, body) => body(x),
  });
  const last = gather(hidden, builder.integers([-1])); // (1, hidden)
  builder.output('logits', gemm(last, weights.get(gptNames(shape).output)!, { transB: true }));
  return builder.finish();
}
