import type { GptShape } from '../../../../shared/models/gpt-configuration.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import { transpose } from '../../graph/operators/layout.ts';
import { matMul } from '../../graph/operators/matrix.ts';
import type { ExportGraph } from '../architecture.ts';
import { batchedLayerOps } from '../layers/batched-layer-ops.ts';
import { attentionSettings, gpt } from './model.ts';
import { gptNames, gptParameters } from './parameters.ts';

/** The model for other programs: the inputs and outputs of `batchedLayerOps`, and `logits` [batch, sequence, vocabulary]. */
export function buildGptExportGraph(shape: GptShape): ExportGraph {
  const builder = new GraphBuilder(`gpt_${shape.modelType}`);
  const ops = batchedLayerOps(builder, {
    parameters: gptParameters(shape),
    attention: attentionSettings(shape),
    contextLength: shape.contextLength,
  });
  const output = gpt(shape, ops);
  // A tied embedding is stored once, as the lookup needs it.
  const table = gptNames(shape).output;
  const projection = shape.tiedEmbeddings ? transpose(ops.weight(table), [1, 0]) : ops.parameter(table, true);
  builder.output('logits', matMul(output, projection));
  const graph = builder.finish();
  // The logits come first, as readers of such models expect.
  return {
    graph: {
      ...graph,
      outputs: graph.outputs.toSorted((a, b) => Number(b.name === 'logits') - Number(a.name === 'logits')),
    },
    parameters: ops.used(),
  };
}
