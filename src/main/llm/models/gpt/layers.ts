import type { GptShape } from '../../../../shared/models/gpt-configuration.ts';
import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/types.ts';
import type { BatchSize, DropoutMask, ModelOutput } from '../architecture.ts';
import { rowsLayerOps, type RowsOptions } from '../layers/rows-layer-ops.ts';
import { attentionSettings, gpt } from './model.ts';
import { gptNames, gptParameters } from './parameters.ts';

/** Adds the model's layers to a graph that trains or evaluates it. */
export function addGptLayers(
  builder: GraphBuilder,
  shape: GptShape,
  inputIds: Value,
  options: RowsOptions,
): ModelOutput {
  const ops = rowsLayerOps(
    builder,
    { parameters: gptParameters(shape), attention: attentionSettings(shape), inputIds },
    options,
  );
  return {
    hidden: gpt(shape, ops),
    outputWeight: ops.weight(gptNames(shape).output),
    weight: ops.weight,
  };
}

/** The dropout masks that a graph of this shape reads; none when dropout is 0. */
export function gptDropoutMasks(
  shape: GptShape,
  { microBatchSize, sequenceLength }: BatchSize,
): readonly DropoutMask[] {
  if (shape.dropout === 0) return [];
  const rows = [sequenceLength * microBatchSize, shape.hiddenSize];
  const groups = shape.heads / shape.keyValueHeads;
  const probabilities = [microBatchSize, shape.keyValueHeads, groups * sequenceLength, sequenceLength];
  const places: readonly (readonly [string, readonly number[]])[] = [
    ['embedding', rows],
    ...Array.from({ length: shape.layers }, (_, layer) => [
      [`block.${layer}.probabilities`, probabilities] as const,
      [`block.${layer}.attention`, rows] as const,
      [`block.${layer}.feed_forward`, rows] as const,
    ]).flat(),
  ];
  return places.map(([name, maskShape], place) => ({ name: `dropout.${name}`, shape: maskShape, place }));
}
