import type { GptShape } from '../../../../shared/models/gpt-configuration.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import { reshape } from '../../graph/operators/layout.ts';
import { gemm } from '../../graph/operators/matrix.ts';
import type { Graph } from '../../graph/types.ts';
import { rowsLayerOps } from '../layers/rows-layer-ops.ts';
import { attentionSettings, gpt } from './model.ts';
import { gptNames, gptParameters } from './parameters.ts';

/**
 * A look inside, for one text of `sequenceLength` tokens. Inputs: `input_ids` (int64 [1, sequence]) and the parameters.
 * Outputs: `logits` [sequence, vocabulary], `hidden.0` (the embeddings) and `hidden.1` … `hidden.N` (what each block
 * hands on) [sequence, hidden], `attention.0` … [heads, sequence, sequence] (where each position looks).
 */
export function buildGptInspectionGraph(
  shape: GptShape,
  { sequenceLength }: { readonly sequenceLength: number },
): Graph {
  const builder = new GraphBuilder(`gpt_inspection_${shape.modelType}`);
  const inputIds = builder.input('input_ids', 'int64', [1, sequenceLength]);
  const ops = rowsLayerOps(
    builder,
    { parameters: gptParameters(shape), attention: attentionSettings(shape), inputIds },
    {
      batchSize: 1,
      sequenceLength,
      observe: (kind, layer, value) => {
        if (kind === 'hidden') builder.output(`hidden.${layer + 1}`, value);
        else
          builder.output(`attention.${layer}`, reshape(value, [shape.heads, sequenceLength, sequenceLength]));
      },
    },
  );
  const hidden = gpt(shape, {
    ...ops,
    block: (x, layer, body) => {
      if (layer === 0) builder.output('hidden.0', x);
      return ops.block(x, layer, body);
    },
  });
  builder.output('logits', gemm(hidden, ops.weight(gptNames(shape).output), { transB: true }));
  return builder.finish();
}
