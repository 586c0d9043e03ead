import type { ModelShape } from '../../../shared/models/model-shape.ts';
import type { DeviceTensor, Engine, ParameterSet } from '../engines/engine.ts';
import type { Parameter } from '../models/parameter.ts';
import { parametersOf } from '../models/registry.ts';

/**
 * A model's parameters in training: those that learn, with gradients and moments, and those that are only read. What is
 * frozen takes four bytes a value, what is trained sixteen.
 */
export interface ModelParameters {
  /** Every parameter of the model, in the architecture's order. */
  readonly all: readonly Parameter[];
  readonly trained: ParameterSet;
  /** The values of every parameter by name, trained or not: one tensor each, bound by every program. */
  readonly weights: Readonly<Record<string, DeviceTensor>>;
  dispose(): Promise<void>;
}

/**
 * Memory for a model's parameters; their values are still zeros.
 * @param learns whether a parameter is trained. Default: every one is.
 */
export async function createModelParameters(
  engine: Engine,
  shape: ModelShape,
  learns: (parameter: Parameter) => boolean = () => true,
): Promise<ModelParameters> {
  const all = parametersOf(shape);
  const trained = await engine.createParameterSet(all.filter(learns));
  const frozen: Record<string, DeviceTensor> = {};
  const dispose = async (): Promise<void> => {
    for (const tensor of Object.values(frozen)) tensor.dispose();
    await trained.dispose();
  };
  try {
    for (const parameter of all)
      if (!learns(parameter)) frozen[parameter.name] = engine.allocate('float32', parameter.shape);
  } catch (error) {
    await dispose();
    throw error;
  }
  return { all, trained, weights: { ...frozen, ...trained.buffer('parameters') }, dispose };
}
