import type { ModelShape } from '../../../shared/models/model-shape.ts';
import type { GraphBuilder } from '../graph/builder.ts';
import { linearCrossEntropy } from '../graph/functions/cross-entropy.ts';
import { rowsOf } from '../models/layers/rows-layer-ops.ts';
import { architectureOf } from '../models/registry.ts';
import type { LossGraph, LossOptions } from './objective.ts';

/**
 * The weighted loss Σ weight · −log p(target). Declares the inputs `input_ids`, `targets` (int64 [batch, sequence]) and
 * `loss_weights` (float32 [batch, sequence]: 1/tokens of the whole step, 0 ignores a position).
 */
export function addTokenLoss(builder: GraphBuilder, shape: ModelShape, options: LossOptions): LossGraph {
  const { batchSize, sequenceLength } = options;
  const inputIds = builder.input('input_ids', 'int64', [batchSize, sequenceLength]);
  const targets = builder.input('targets', 'int64', [batchSize, sequenceLength]);
  const lossWeights = builder.input('loss_weights', 'float32', [batchSize, sequenceLength]);
  const layers = architectureOf(shape).addLayers?.(builder, shape, inputIds, options);
  if (layers === undefined) throw new Error(`Models of the kind "${shape.architecture}" predict no tokens.`);
  const { hidden, outputWeight, weight } = layers;
  const loss = linearCrossEntropy(
    hidden, // (sequence·batch, hidden)
    outputWeight,
    rowsOf(targets, batchSize),
    rowsOf(lossWeights, batchSize),
    options.lossChunks,
  );
  return { loss, weight };
}
