import type { ModelShape } from '../../../../shared/models/model-shape.ts';
import type { GraphBuilder } from '../../graph/builder.ts';
import { linearCrossEntropy } from '../../graph/functions/cross-entropy.ts';
import { add, mul } from '../../graph/operators/elementwise.ts';
import { gather } from '../../graph/operators/indexing.ts';
import { rowsOf } from '../../models/layers/rows-layer-ops.ts';
import { architectureOf } from '../../models/registry.ts';
import type { LossGraph, LossOptions } from '../objective.ts';

/**
 * The weighted loss Σ weight · −log p(target) of the places that are predicted, and no logits of others. Declares the inputs
 * `input_ids`, `segments`, `positions` (int64 [batch, sequence]), `predicted`, `targets` (int64 [batch, predictions]: places in
 * a row, and what follows there) and `loss_weights` (float32 [batch, predictions]: 1/predictions of the whole step, 0 for none).
 */
export function addAnswersLoss(builder: GraphBuilder, shape: ModelShape, options: LossOptions): LossGraph {
  const { batchSize, sequenceLength, predictions = sequenceLength } = options;
  const tokens = (name: string) => builder.input(name, 'int64', [batchSize, sequenceLength]);
  const places = (name: string) => builder.input(name, 'int64', [batchSize, predictions]);
  const inputIds = tokens('input_ids');
  const packed = { segments: tokens('segments'), positions: tokens('positions') };
  const predicted = places('predicted');
  const targets = places('targets');
  const lossWeights = builder.input('loss_weights', 'float32', [batchSize, predictions]);
  const layers = architectureOf(shape).addLayers?.(builder, shape, inputIds, { ...options, packed });
  if (layers === undefined) throw new Error(`Models of the kind "${shape.architecture}" predict no tokens.`);
  const { hidden, outputWeight, weight } = layers;
  // Time comes before batch in `hidden`: place p of row r lies in row p · batch + r.
  const count = batchSize * predictions;
  const rowNumbers = builder.constant({
    dtype: 'int64',
    shape: [count],
    data: BigInt64Array.from({ length: count }, (_, index) => BigInt(index % batchSize)),
  });
  const inHidden = add(mul(rowsOf(predicted, batchSize), builder.integers([batchSize])), rowNumbers);
  const loss = linearCrossEntropy(
    gather(hidden, inHidden), // (predictions·batch, hidden)
    outputWeight,
    rowsOf(targets, batchSize),
    rowsOf(lossWeights, batchSize),
    options.lossChunks,
  );
  return { loss, weight };
}
