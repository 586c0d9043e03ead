import type { DeviceTensor, Engine } from '../engines/engine.ts';
import { initializeParameters } from '../models/initialize-parameters.ts';
import { elementCount } from '../models/parameter.ts';
import type { ModelParameters } from './model-parameters.ts';

/** Puts the untrained model in place, and its adapter: parameters drawn from the seed, the optimizer's moments zero. */
export async function writeInitialParameters(
  engine: Engine,
  parameters: ModelParameters,
  seed: number,
): Promise<void> {
  for (const { name, data } of initializeParameters(parameters.ofModel, seed))
    await engine.write(tensorOf(parameters, name), data);
  await writeInitialAdapter(engine, parameters, seed);
  await writeZeroMoments(engine, parameters);
}

/** An adapter that changes nothing yet. */
export async function writeInitialAdapter(
  engine: Engine,
  parameters: ModelParameters,
  seed: number,
): Promise<void> {
  for (const { name, data } of initializeParameters(parameters.ofAdapter, seed))
    await engine.write(tensorOf(parameters, name), data);
}

/** An optimizer that remembers nothing yet. */
export async function writeZeroMoments(engine: Engine, { trained }: ModelParameters): Promise<void> {
  for (const buffer of ['firstMoments', 'secondMoments'] as const) {
    for (const tensor of Object.values(trained.buffer(buffer)))
      await engine.write(tensor, new Float32Array(elementCount(tensor.shape)));
  }
}

function tensorOf({ weights }: ModelParameters, name: string): DeviceTensor {
  const tensor = weights[name];
  if (tensor === undefined) throw new Error(`The model has no parameter "${name}".`);
  return tensor;
}
