import type { ModelShape } from '../../../shared/models/model-shape.ts';
import type { DeviceTensor, Engine, ParameterSet } from '../engines/engine.ts';
import { adapterParameters, type LowRankAdapter } from '../models/low-rank-adapter.ts';
import type { Parameter } from '../models/parameter.ts';
import { parametersOf } from '../models/registry.ts';

/**
 * A model's parameters in training: those that learn, with gradients and moments, and those that are only read. What is
 * frozen takes four bytes a value, what is trained sixteen.
 */
export interface ModelParameters {
  /** Every parameter of the model, in the architecture's order. */
  readonly ofModel: readonly Parameter[];
  /** What is learned beside them. */
  readonly adapter: LowRankAdapter | undefined;
  /** The adapter's own parameters. */
  readonly ofAdapter: readonly Parameter[];
  readonly trained: ParameterSet;
  /** The values of all these parameters by name, trained or not: one tensor each, bound by every program. */
  readonly weights: Readonly<Record<string, DeviceTensor>>;
  dispose(): Promise<void>;
}

/** What of a model a run trains. */
export interface TrainedPart {
  /** Whether a parameter of the model itself is trained. */
  readonly learns: (parameter: Parameter) => boolean;
  /** An adapter that is trained too. */
  readonly adapter?: LowRankAdapter | undefined;
}

/** Everything learns, and there is no adapter. */
export const wholeModel: TrainedPart = { learns: () => true };

/** Memory for a model's parameters and those of its adapter; their values are still zeros. */
export async function createModelParameters(
  engine: Engine,
  shape: ModelShape,
  { learns, adapter }: TrainedPart = wholeModel,
): Promise<ModelParameters> {
  const ofModel = parametersOf(shape);
  const ofAdapter = adapterParameters(ofModel, adapter);
  const trained = await engine.createParameterSet([...ofModel.filter(learns), ...ofAdapter]);
  const frozen: Record<string, DeviceTensor> = {};
  const dispose = async (): Promise<void> => {
    for (const tensor of Object.values(frozen)) tensor.dispose();
    await trained.dispose();
  };
  try {
    for (const parameter of ofModel)
      if (!learns(parameter)) frozen[parameter.name] = engine.allocate('float32', parameter.shape);
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    ofModel,
    adapter,
    ofAdapter,
    trained,
    weights: { ...frozen, ...trained.buffer('parameters') },
    dispose,
  };
}
