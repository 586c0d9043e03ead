import type { ModelShape } from '../../../../shared/models/model-shape.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import { linearCrossEntropy, linearLosses } from '../../graph/functions/cross-entropy.ts';
import { add, mul } from '../../graph/operators/elementwise.ts';
import { gather } from '../../graph/operators/indexing.ts';
import { reshape } from '../../graph/operators/layout.ts';
import type { Graph, Value } from '../../graph/types.ts';
import { rowsOf } from '../../models/layers/rows-layer-ops.ts';
import { architectureOf } from '../../models/registry.ts';
import type { LossGraph, LossOptions } from '../objective.ts';

/** What a model hands on at the places that are predicted, and no other. */
interface Predicted {
  /** (predictions·batch, hidden), time before batch. */
  readonly hidden: Value;
  readonly outputWeight: Value;
  readonly weight: (name: string) => Value;
  /** int64 [predictions·batch] */
  readonly targets: Value;
}

/**
 * Declares the inputs `input_ids`, `segments`, `positions` (int64 [batch, sequence]), `predicted` and `targets` (int64
 * [batch, predictions]: places in a row, and what follows there).
 */
function addPredicted(builder: GraphBuilder, shape: ModelShape, options: LossOptions): Predicted {
  const { batchSize, sequenceLength, predictions = sequenceLength } = options;
  const tokens = (name: string) => builder.input(name, 'int64', [batchSize, sequenceLength]);
  const places = (name: string) => builder.input(name, 'int64', [batchSize, predictions]);
  const inputIds = tokens('input_ids');
  const packed = { segments: tokens('segments'), positions: tokens('positions') };
  const predicted = places('predicted');
  const targets = places('targets');
  const layers = architectureOf(shape).addLayers?.(builder, shape, inputIds, { ...options, packed });
  if (layers === undefined) throw new Error(`Models of the kind "${shape.architecture}" predict no tokens.`);
  // Time comes before batch in `hidden`: place p of row r lies in row p · batch + r.
  const count = batchSize * predictions;
  const rowNumbers = builder.constant({
    dtype: 'int64',
    shape: [count],
    data: BigInt64Array.from({ length: count }, (_, index) => BigInt(index % batchSize)),
  });
  const inHidden = add(mul(rowsOf(predicted, batchSize), builder.integers([batchSize])), rowNumbers);
  return { ...layers, hidden: gather(layers.hidden, inHidden), targets: rowsOf(targets, batchSize) };
}

/**
 * The weighted loss Σ weight · −log p(target) of the places that are predicted, and no logits of others. Declares the inputs of
 * `addPredicted` and `loss_weights` (float32 [batch, predictions]: 1/predictions of the whole step, 0 for none).
 */
export function addAnswersLoss(builder: GraphBuilder, shape: ModelShape, options: LossOptions): LossGraph {
  const { batchSize, sequenceLength, predictions = sequenceLength, lossChunks } = options;
  const { hidden, outputWeight, weight, targets } = addPredicted(builder, shape, options);
  const lossWeights = rowsOf(builder.input('loss_weights', 'float32', [batchSize, predictions]), batchSize);
  return { loss: linearCrossEntropy(hidden, outputWeight, targets, lossWeights, lossChunks), weight };
}

/**
 * The loss of each place by itself. Inputs: those of `addPredicted` and the parameters. Output `losses` (float32
 * [predictions, batch], in nats), also of places that fill a row up.
 */
export function buildAnswerLosses(shape: ModelShape, options: LossOptions): Graph {
  const { batchSize, sequenceLength, predictions = sequenceLength, lossChunks } = options;
  const builder = new GraphBuilder(`${shape.architecture}_answers_losses`);
  const { hidden, outputWeight, targets } = addPredicted(builder, shape, options);
  const losses = linearLosses(hidden, outputWeight, targets, lossChunks);
  builder.output('losses', reshape(losses, [predictions, batchSize]));
  return builder.finish();
}
