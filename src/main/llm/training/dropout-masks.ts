import type { ModelShape } from '../../../shared/models/model-shape.ts';
import type { DeviceTensor, Engine } from '../engines/engine.ts';
import { fillDropoutMask } from '../kernels/dropout-mask.ts';
import { elementCount } from '../models/parameter.ts';
import { architectureOf } from '../models/registry.ts';

/** The dropout masks of a training program: inputs that hold 0 where a value is dropped and 1 / (1 − p) elsewhere. */
export interface DropoutMasks {
  readonly bindings: Readonly<Record<string, DeviceTensor>>;
  /** Fills every mask: a pure function of seed, step, micro-batch, place in the model, and element. */
  fill(step: number, microBatch: number): Promise<void>;
  dispose(): void;
}

export interface DropoutMaskOptions {
  readonly engine: Engine;
  readonly shape: ModelShape;
  readonly microBatchSize: number;
  readonly sequenceLength: number;
  readonly seed: number;
}

/** Memory for the masks of one micro-batch. A model without dropout has none. */
export function createDropoutMasks({
  engine,
  shape,
  microBatchSize,
  sequenceLength,
  seed,
}: DropoutMaskOptions): DropoutMasks {
  const masks = architectureOf(shape)
    .dropoutMasks(shape, { microBatchSize, sequenceLength })
    .map((mask) => ({
      ...mask,
      tensor: engine.allocate('float32', mask.shape),
      elements: elementCount(mask.shape),
    }));
  const scratch = new Float32Array(Math.max(0, ...masks.map(({ elements }) => elements)));
  return {
    bindings: Object.fromEntries(masks.map(({ name, tensor }) => [name, tensor])),
    async fill(step, microBatch) {
      for (const { place, tensor, elements } of masks) {
        const values = scratch.subarray(0, elements);
        fillDropoutMask(values, { seed, step, microBatch, place }, shape.dropout);
        await engine.write(tensor, values);
      }
    },
    dispose() {
      for (const { tensor } of masks) tensor.dispose();
    },
  };
}
