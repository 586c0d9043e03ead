import type { ModelShape } from '../../../../shared/models/model-shape.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import { foldSums } from '../../graph/fold-sums.ts';
import { linearCrossEntropy } from '../../graph/functions/cross-entropy.ts';
import { gradient } from '../../graph/gradient.ts';
import type { Graph, Value } from '../../graph/types.ts';
import type { BatchSize } from '../../models/architecture.ts';
import { rowsOf, type RowsOptions } from '../../models/layers/rows-layer-ops.ts';
import { architectureOf } from '../../models/registry.ts';

export interface TrainingGraphOptions extends BatchSize {
  /** Parts in which the output layer and the loss are computed. */
  readonly lossChunks: number;
  readonly gradientCheckpointing: boolean;
  /** Add to the gradients that are already there, instead of overwriting them. */
  readonly accumulate: boolean;
}

/** The inputs that say what to predict, and the weighted loss Σ weight · −log p(target). */
function addLoss(
  builder: GraphBuilder,
  shape: ModelShape,
  lossChunks: number,
  options: RowsOptions,
): { readonly loss: Value; readonly weight: (name: string) => Value } {
  const { batchSize, sequenceLength } = options;
  const inputIds = builder.input('input_ids', 'int64', [batchSize, sequenceLength]);
  const targets = builder.input('targets', 'int64', [batchSize, sequenceLength]);
  const lossWeights = builder.input('loss_weights', 'float32', [batchSize, sequenceLength]);
  const { hidden, outputWeight, weight } = architectureOf(shape).addLayers(builder, shape, inputIds, options);
  const loss = linearCrossEntropy(
    hidden, // (sequence·batch, hidden)
    outputWeight,
    rowsOf(targets, batchSize),
    rowsOf(lossWeights, batchSize),
    lossChunks,
  );
  return { loss, weight };
}

/**
 * One micro-batch of training. Inputs: `input_ids`, `targets` (int64 [batch, sequence]), `loss_weights` (float32
 * [batch, sequence]; 1/tokens of the whole step, 0 ignores a position), the parameters under their names, the dropout
 * masks, and with `accumulate` `gradient.<name>` for each parameter. Outputs: `loss` (float32 scalar) and
 * `gradient.<name>` for each parameter.
 */
export function buildTrainingGraph(shape: ModelShape, options: TrainingGraphOptions): Graph {
  const architecture = architectureOf(shape);
  const builder = new GraphBuilder(`${architecture.name}_training`);
  const masks = new Map(architecture.dropoutMasks(shape, options).map((mask) => [mask.name, mask]));
  const dropoutMask = (place: string): Value => {
    const mask = masks.get(`dropout.${place}`)!;
    return builder.input(mask.name, 'float32', mask.shape);
  };
  const { loss, weight } = addLoss(builder, shape, options.lossChunks, {
    batchSize: options.microBatchSize,
    sequenceLength: options.sequenceLength,
    gradientCheckpointing: options.gradientCheckpointing,
    ...(masks.size === 0 ? {} : { dropoutMask }),
  });
  builder.output('loss', loss);

  const parameters = architecture.parameters(shape).map(({ name }) => weight(name));
  const accumulators = new Map(
    options.accumulate
      ? parameters.map((parameter) => [
          parameter,
          builder.input(`gradient.${parameter.name}`, 'float32', parameter.shape),
        ])
      : [],
  );
  for (const [parameter, total] of gradient(loss, parameters, accumulators)) {
    const name = `gradient.${parameter.name}`;
    builder.output(name, total, options.accumulate ? name : undefined);
  }
  return foldSums(builder.finish());
}

/** The loss alone: inputs `input_ids`, `targets`, `loss_weights` and the parameters; output `loss` = Σ weight · −log p(target). */
export function buildEvaluationGraph(
  shape: ModelShape,
  options: { readonly batchSize: number; readonly sequenceLength: number; readonly lossChunks: number },
): Graph {
  const builder = new GraphBuilder(`${architectureOf(shape).name}_evaluation`);
  builder.output('loss', addLoss(builder, shape, options.lossChunks, options).loss);
  return builder.finish();
}
