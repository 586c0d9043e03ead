import type { GptShape } from '../../../../shared/models/gpt-configuration.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import { foldSums } from '../../graph/fold-sums.ts';
import { linearCrossEntropy } from '../../graph/functions/cross-entropy.ts';
import { gradient } from '../../graph/gradient.ts';
import type { Graph, Value } from '../../graph/types.ts';
import { gpt } from './model.ts';
import { gptNames, gptParameters } from './parameters.ts';
import type { RowsFormOptions } from './rows-form.ts';
import { rowsForm, rowsOf } from './rows-form.ts';

export interface TrainingGraphOptions {
  readonly microBatchSize: number;
  readonly sequenceLength: number;
  /** Parts in which the output layer and the loss are computed. */
  readonly lossChunks: number;
  readonly gradientCheckpointing: boolean;
  /** Add to the gradients that are already there, instead of overwriting them. */
  readonly accumulate: boolean;
}

/** One dropout mask that a training graph reads: float32, 0 or 1/(1 − p). */
export interface DropoutMask {
  /** The graph's input. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Its number among the model's masks: part of the random generator's counter. */
  readonly place: number;
}

/** The masks that a training graph of this shape reads; none when dropout is 0. */
export function gptDropoutMasks(
  shape: GptShape,
  { microBatchSize, sequenceLength }: { readonly microBatchSize: number; readonly sequenceLength: number },
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

/** The inputs that say what to predict, and the weighted loss Σ weight · −log p(target). */
function lossOf(
  builder: GraphBuilder,
  shape: GptShape,
  lossChunks: number,
  options: RowsFormOptions,
): { readonly loss: Value; readonly weight: (name: string) => Value } {
  const { batchSize, sequenceLength } = options;
  const inputIds = builder.input('input_ids', 'int64', [batchSize, sequenceLength]);
  const targets = builder.input('targets', 'int64', [batchSize, sequenceLength]);
  const lossWeights = builder.input('loss_weights', 'float32', [batchSize, sequenceLength]);
  const form = rowsForm(builder, shape, inputIds, options);
  const hidden = gpt(shape, form); // (sequence·batch, hidden)
  const loss = linearCrossEntropy(
    hidden,
    form.weight(gptNames(shape).output),
    rowsOf(targets, batchSize),
    rowsOf(lossWeights, batchSize),
    lossChunks,
  );
  return { loss, weight: form.weight };
}

/**
 * One micro-batch of training. Inputs: `input_ids`, `targets` (int64 [batch, sequence]), `loss_weights` (float32
 * [batch, sequence]; 1/tokens of the whole step, 0 ignores a position), the parameters under their names, the dropout
 * masks, and with `accumulate` `gradient.<name>` for each parameter. Outputs: `loss` (float32 scalar) and
 * `gradient.<name>` for each parameter.
 */
export function buildGptTrainingGraph(shape: GptShape, options: TrainingGraphOptions): Graph {
  const builder = new GraphBuilder(`gpt_training_${shape.style}`);
  const masks = new Map(gptDropoutMasks(shape, options).map((mask) => [mask.name, mask]));
  const dropoutMask = (place: string): Value => {
    const mask = masks.get(`dropout.${place}`)!;
    return builder.input(mask.name, 'float32', mask.shape);
  };
  const { loss, weight } = lossOf(builder, shape, options.lossChunks, {
    batchSize: options.microBatchSize,
    sequenceLength: options.sequenceLength,
    gradientCheckpointing: options.gradientCheckpointing,
    ...(masks.size === 0 ? {} : { dropoutMask }),
  });
  builder.output('loss', loss);

  const parameters = gptParameters(shape).map(({ name }) => weight(name));
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
export function buildGptEvaluationGraph(
  shape: GptShape,
  options: { readonly batchSize: number; readonly sequenceLength: number; readonly lossChunks: number },
): Graph {
  const builder = new GraphBuilder(`gpt_evaluation_${shape.style}`);
  builder.output('loss', lossOf(builder, shape, options.lossChunks, options).loss);
  return builder.finish();
}
