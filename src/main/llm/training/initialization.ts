import type { ModelShape } from '../../../shared/models/model-shape.ts';
import type { Engine, ParameterSet } from '../engines/engine.ts';
import { initializeParameters } from '../models/initialize-parameters.ts';
import { parametersOf } from '../models/registry.ts';

/** Puts the untrained model in place: parameters drawn from the seed, the optimizer's moments zero. */
export async function writeInitialParameters(
  engine: Engine,
  parameters: ParameterSet,
  shape: ModelShape,
  seed: number,
): Promise<void> {
  const weights = parameters.plane('parameters');
  for (const { name, data } of initializeParameters(parametersOf(shape), seed)) {
    const tensor = weights[name];
    if (tensor === undefined) throw new Error(`The parameter set lacks ${name}.`);
    await engine.write(tensor, data);
  }
  await writeZeroMoments(engine, parameters);
}

/** An optimizer that remembers nothing yet. */
export async function writeZeroMoments(engine: Engine, parameters: ParameterSet): Promise<void> {
  for (const plane of ['firstMoments', 'secondMoments'] as const) {
    for (const tensor of Object.values(parameters.plane(plane))) {
      await engine.write(
        tensor,
        new Float32Array(tensor.shape.reduce((product, extent) => product * extent, 1)),
      );
    }
  }
}
