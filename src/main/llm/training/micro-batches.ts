import type { ModelShape } from '../../../shared/models/model-shape.ts';
import type { DeviceTensor, Engine, Program } from '../engines/engine.ts';
import { microBatchesOf, type Batch, type BatchForm } from '../objectives/batch.ts';
import type { Objective } from '../objectives/objective.ts';
import { buildTrainingGraph } from '../objectives/training-graph.ts';
import { createDropoutMasks, type DropoutMasks } from './dropout-masks.ts';
import type { ModelParameters } from './model-parameters.ts';

export interface MicroBatchOptions {
  readonly engine: Engine;
  readonly shape: ModelShape;
  readonly objective: Objective;
  readonly parameters: ModelParameters;
  /** The form of the largest batches: its programs are made at once. */
  readonly largestForm: BatchForm;
  /** Sequences in a whole batch, at most. */
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
   * Leaves the gradients of the batch's mean loss in the parameter set and returns that loss, in nats.
   * @param step with the seed it decides the dropout masks
   */
  computeGradients(batch: Batch, step: number): Promise<number>;
  dispose(): Promise<void>;
}

/** What computes micro-batches of one form. */
interface Programs {
  /** Overwrites the gradients. */
  readonly first: Program;
  /** Adds to them. */
  readonly following: Program;
  readonly masks: DropoutMasks;
}

/**
 * Two programs for each form of batches, made when a batch of that form first comes; those of the largest at once. The first
 * micro-batch overwrites the gradients, the following ones add theirs. Where an adapter learns, whose gradients are few, they
 * are set to zero instead and one program adds to them: a second one would take more memory than they do. The objective weights each loss as its part of the
 * whole batch's mean, so the sum over the micro-batches is that mean.
 */
export async function createMicroBatches(options: MicroBatchOptions): Promise<MicroBatches> {
  const { engine, shape, objective, parameters, batchSize, microBatchSize, seed } = options;
  const { lossChunks, gradientCheckpointing, largestForm } = options;
  await using resources = new AsyncDisposableStack();
  const owned = <Resource extends { dispose(): void | Promise<void> }>(resource: Resource): Resource =>
    resources.adopt(resource, (it) => it.dispose());
  const loss = owned(engine.allocate('float32', []));
  const gradients = Object.fromEntries(
    Object.entries(parameters.trained.buffer('gradients')).map(([name, tensor]) => [
      `gradient.${name}`,
      tensor,
    ]),
  );
  const trained = new Set(parameters.trained.specifications.map(({ name }) => name));
  const fixed = { ...parameters.weights, ...gradients, loss };

  const kept = resources.move();
  const keep = <Resource extends { dispose(): void | Promise<void> }>(resource: Resource): Resource =>
    kept.adopt(resource, (it) => it.dispose());
  const addsAlways = parameters.adapter !== undefined;
  const prepare = async ({ sequenceLength, predictions }: BatchForm): Promise<Programs> => {
    const masks = keep(createDropoutMasks({ engine, shape, microBatchSize, sequenceLength, seed }));
    const compile = async (accumulate: boolean): Promise<Program> =>
      keep(
        await engine.compile(
          buildTrainingGraph(objective, shape, {
            microBatchSize,
            sequenceLength,
            predictions,
            lossChunks,
            gradientCheckpointing,
            accumulate,
            trained,
            adapter: parameters.adapter,
          }),
        ),
      );
    const first = await compile(addsAlways);
    return {
      first,
      following: microBatchSize < batchSize && !addsAlways ? await compile(true) : first,
      masks,
    };
  };
  const programs = new Map<string, Programs>();
  const programsFor = async (form: BatchForm): Promise<Programs> => {
    const key = `${form.sequenceLength} ${form.predictions ?? ''}`;
    const known = programs.get(key);
    if (known !== undefined) return known;
    const made = await prepare(form);
    programs.set(key, made);
    return made;
  };

  /** A tensor for each input of a batch, kept from micro-batch to micro-batch. */
  const inputs = new Map<string, DeviceTensor>();
  const upload = async (batch: Batch): Promise<Readonly<Record<string, DeviceTensor>>> => {
    const bindings: Record<string, DeviceTensor> = {};
    for (const [name, { dtype, shape: extents, data }] of Object.entries(batch.inputs)) {
      const key = `${name} ${extents.join('×')}`;
      const tensor = inputs.get(key) ?? keep(engine.allocate(dtype, extents));
      inputs.set(key, tensor);
      await engine.write(tensor, data);
      bindings[name] = tensor;
    }
    return bindings;
  };

  try {
    await programsFor(largestForm);
  } catch (error) {
    await kept.disposeAsync();
    throw error;
  }
  return {
    async computeGradients(batch, step) {
      const { first, following, masks } = await programsFor(batch);
      if (addsAlways) await parameters.trained.zeroGradients();
      let total = 0;
      let microBatch = 0;
      for (const part of microBatchesOf(batch, microBatchSize)) {
        const given = await upload(part);
        await masks.fill(step, microBatch);
        await (microBatch === 0 ? first : following).run({ ...fixed, ...masks.bindings, ...given });
        total += Number((await engine.read(loss))[0]);
        microBatch += 1;
      }
      return total;
    },
    dispose: () => kept.disposeAsync(),
  };
}
