import type { GptShape } from '../../../../shared/models/gpt-configuration.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import { gather } from '../../graph/operators/indexing.ts';
import { gemm } from '../../graph/operators/matrix.ts';
import type { Graph } from '../../graph/types.ts';
import type { GenerationGraphOptions } from '../architecture.ts';
import { cachedLayerOps } from '../layers/cached-layer-ops.ts';
import { attentionSettings, gpt } from './model.ts';
import { gptNames, gptParameters } from './parameters.ts';

/**
 * Prefill and decode in one graph, for one sequence: the inputs and outputs of `cachedLayerOps`, and `logits` of the last
 * token (float32 [1, vocabulary]).
 */
export function buildGptGenerationGraph(
  shape: GptShape,
  { cacheLength, adapter }: GenerationGraphOptions,
): Graph {
  const builder = new GraphBuilder(`gpt_generation_${shape.modelType}`);
  const ops = cachedLayerOps(builder, {
    parameters: gptParameters(shape),
    attention: attentionSettings(shape),
    cacheLength,
    adapter,
  });
  const last = gather(gpt(shape, ops), builder.integers([-1])); // (1, hidden)
  builder.output('logits', gemm(last, ops.weight(gptNames(shape).output), { transB: true }));
  return builder.finish();
}
