import type { ModelShape } from '../../../shared/models/model-shape.ts';
import { GraphBuilder } from '../graph/builder.ts';
import { foldSums } from '../graph/fold-sums.ts';
import { gradient } from '../graph/gradient.ts';
import type { Graph, Value } from '../graph/types.ts';
import type { BatchSize } from '../models/architecture.ts';
import { adapterParameters, type LowRankAdapter } from '../models/low-rank-adapter.ts';
import { architectureOf } from '../models/registry.ts';
import type { Objective } from './objective.ts';

export interface TrainingGraphOptions extends BatchSize {
  /** Parts in which the output layer and the loss are computed. */
  readonly lossChunks: number;
  readonly gradientCheckpointing: boolean;
  /** Add to the gradients that are already there, instead of overwriting them. */
  readonly accumulate: boolean;
  /** The names of the parameters that learn: only their gradients are computed. Default: all of them. */
  readonly trained?: ReadonlySet<string>;
  /** Places of each sequence at which something is predicted, as the form of a batch has it. */
  readonly predictions?: number | undefined;
  /** What is learned beside the weights. */
  readonly adapter?: LowRankAdapter | undefined;
}

/**
 * One micro-batch of training. Inputs: those of the objective's loss, the parameters under their names, the dropout masks,
 * and with `accumulate` `gradient.<name>` for each that learns. Outputs: `loss` (float32 scalar) and `gradient.<name>` for
 * each that learns.
 */
export function buildTrainingGraph(
  objective: Pick<Objective, 'declaration' | 'addLoss'>,
  shape: ModelShape,
  options: TrainingGraphOptions,
): Graph {
  const architecture = architectureOf(shape);
  const builder = new GraphBuilder(`${shape.architecture}_${objective.declaration.name}_training`);
  const masks = new Map(architecture.dropoutMasks(shape, options).map((mask) => [mask.name, mask]));
  const dropoutMask = (place: string): Value => {
    const mask = masks.get(`dropout.${place}`)!;
    return builder.input(mask.name, 'float32', mask.shape);
  };
  const { loss, weight } = objective.addLoss(builder, shape, {
    batchSize: options.microBatchSize,
    sequenceLength: options.sequenceLength,
    lossChunks: options.lossChunks,
    predictions: options.predictions,
    gradientCheckpointing: options.gradientCheckpointing,
    adapter: options.adapter,
    ...(masks.size === 0 ? {} : { dropoutMask }),
  });
  builder.output('loss', loss);

  const ofModel = architecture.parameters(shape);
  const parameters = [...ofModel, ...adapterParameters(ofModel, options.adapter)]
    .filter(({ name }) => options.trained?.has(name) ?? true)
    .map(({ name }) => weight(name));
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

/** The loss alone: the inputs of the objective's loss, the parameters and those of an adapter; output `loss`. */
export function buildLossGraph(
  objective: Pick<Objective, 'declaration' | 'addLoss'>,
  shape: ModelShape,
  options: {
    readonly batchSize: number;
    readonly sequenceLength: number;
    readonly lossChunks: number;
    readonly predictions?: number | undefined;
    readonly adapter?: LowRankAdapter | undefined;
  },
): Graph {
  const builder = new GraphBuilder(`${shape.architecture}_${objective.declaration.name}_loss`);
  builder.output('loss', objective.addLoss(builder, shape, options).loss);
  return builder.finish();
}
