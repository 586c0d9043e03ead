import type { ModelShape } from '../../../shared/models/model-shape.ts';
import type { Batch } from '../data/batch.ts';
import type { DeviceTensor, Engine, ParameterSet, Program } from '../engines/engine.ts';
import { buildTrainingGraph } from '../objectives/next-token/graphs.ts';
import { createDropoutMasks } from './dropout-masks.ts';

export interface MicroBatchOptions {
  readonly engine: Engine;
  readonly shape: ModelShape;
  readonly parameters: ParameterSet;
  /** Sequences in a whole batch: a multiple of `microBatchSize`. */
  readonly batchSize: number;
  /** Sequences computed at once. */
  readonly microBatchSize: number;
  readonly lossChunks: number;
  readonly gradientCheckpointing: boolean;
  /** Key of the dropout masks. */
  readonly seed: number;
}

/** Computes a batch's gradients in micro-batches, so that only one micro-batch's activations exist at a time. */
export interface MicroBatches {
  /**
   * Leaves the gradients of the batch's mean loss in the parameter set and returns that loss, in nats per token.
   * @param step with the seed it decides the dropout masks
   */
  computeGradients(batch: Batch, step: number): Promise<number>;
  dispose(): Promise<void>;
}

/**
 * Two programs: the first micro-batch overwrites the gradients, the following ones add theirs. Each token's loss is
 * weighted by 1 / (tokens of the whole batch), so the sum over the micro-batches is the batch's mean.
 */
export async function createMicroBatches(options: MicroBatchOptions): Promise<MicroBatches> {
  const { engine, shape, parameters, batchSize, microBatchSize, lossChunks, gradientCheckpointing, seed } =
    options;
  const sequenceLength = shape.contextLength;
  const positions = microBatchSize * sequenceLength;
  await using resources = new AsyncDisposableStack();
  const owned = <Resource extends { dispose(): void | Promise<void> }>(resource: Resource): Resource =>
    resources.adopt(resource, (it) => it.dispose());
  const inputIds = owned(engine.allocate('int64', [microBatchSize, sequenceLength]));
  const targets = owned(engine.allocate('int64', [microBatchSize, sequenceLength]));
  const lossWeights = owned(engine.allocate('float32', [microBatchSize, sequenceLength]));
  const loss = owned(engine.allocate('float32', []));
  const masks = owned(createDropoutMasks({ engine, shape, microBatchSize, sequenceLength, seed }));
  await engine.write(lossWeights, new Float32Array(positions).fill(1 / (batchSize * sequenceLength)));

  const compile = async (accumulate: boolean): Promise<Program> =>
    owned(
      await engine.compile(
        buildTrainingGraph(shape, {
          microBatchSize,
          sequenceLength,
          lossChunks,
          gradientCheckpointing,
          accumulate,
        }),
      ),
    );
  const overwrite = await compile(false);
  const accumulate = microBatchSize < batchSize ? await compile(true) : undefined;

  const gradients = Object.fromEntries(
    Object.entries(parameters.plane('gradients')).map(([name, tensor]): [string, DeviceTensor] => [
      `gradient.${name}`,
      tensor,
    ]),
  );
  const bindings = {
    ...parameters.plane('parameters'),
    ...gradients,
    ...masks.bindings,
    input_ids: inputIds,
    targets,
    loss_weights: lossWeights,
    loss,
  };

  const kept = resources.move();
  return {
    async computeGradients(batch, step) {
      let total = 0;
      for (let microBatch = 0; microBatch * positions < batch.inputIds.length; microBatch += 1) {
        const rows = [microBatch * positions, (microBatch + 1) * positions] as const;
        await engine.write(inputIds, batch.inputIds.subarray(...rows));
        await engine.write(targets, batch.targets.subarray(...rows));
        await masks.fill(step, microBatch);
        await (microBatch === 0 ? overwrite : (accumulate ?? overwrite)).run(bindings);
        total += Number((await engine.read(loss))[0]);
      }
      return total;
    },
    dispose: () => kept.disposeAsync(),
  };
}
