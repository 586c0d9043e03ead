import { LoamError } from '../../../shared/errors.ts';
import type { ModelShape } from '../../../shared/models/model-shape.ts';
import type { DeviceTensor, Engine } from '../engines/engine.ts';
import { parametersOf } from '../models/registry.ts';

/** A finished model's parameters in an engine's memory, by name: for binding to programs, or to be frozen. */
export interface DeviceWeights {
  readonly tensors: Readonly<Record<string, DeviceTensor>>;
  dispose(): void;
}

/**
 * Puts a model's parameters into an engine's memory, one at a time.
 * @param read a parameter's elements, in its shape; `ModelWeights.read` of an opened model folder
 * @throws LoamError of kind 'interrupted' when `signal` aborts, and whatever `read` throws; nothing is kept then
 */
export async function loadDeviceWeights(
  engine: Engine,
  shape: ModelShape,
  read: (name: string) => Promise<Float32Array>,
  signal?: AbortSignal,
): Promise<DeviceWeights> {
  const tensors: Record<string, DeviceTensor> = {};
  const dispose = (): void => {
    for (const tensor of Object.values(tensors)) tensor.dispose();
  };
  try {
    for (const { name, shape: extents } of parametersOf(shape)) {
      if (signal?.aborted) throw stopped();
      const tensor = engine.allocate('float32', extents);
      tensors[name] = tensor;
      await engine.write(tensor, await read(name));
    }
    return { tensors, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

function stopped(): LoamError {
  return new LoamError({
    kind: 'interrupted',
    what: 'Loading the model was stopped.',
    remedy: 'Load it again.',
  });
}
