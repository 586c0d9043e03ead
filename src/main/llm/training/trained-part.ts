import type { TrainedSettings } from '../../../shared/runs/configuration.ts';
import { adapterParameters } from '../models/low-rank-adapter.ts';
import { elementCount, type Parameter } from '../models/parameter.ts';
import type { TrainedPart } from './model-parameters.ts';

/** How many layers parameters belong to. */
export function countLayers(parameters: readonly Parameter[]): number {
  return parameters.reduce((most, { layer = -1 }) => Math.max(most, layer + 1), 0);
}

/**
 * Which parameters learn where only the topmost layers do: those of so many layers, and what comes after the last one (its
 * norm, and an output layer of its own). Embeddings stay as they were, and with them an output layer that is tied to them.
 * @param count layers that learn; all of them where there are no more. Undefined: every parameter learns.
 */
function learnsInTopLayers(
  parameters: readonly Parameter[],
  count: number | undefined,
): (parameter: Parameter) => boolean {
  if (count === undefined) return () => true;
  const layers = countLayers(parameters);
  return ({ layer, part }) => (layer === undefined ? part !== 'embedding' : layer >= layers - count);
}

/** What learns of a model with these parameters: its topmost layers or all of it, or adapters of these. */
export function trainedPart(
  parameters: readonly Parameter[],
  { lora, trainedLayers }: TrainedSettings,
): TrainedPart {
  const inLayers = learnsInTopLayers(parameters, trainedLayers);
  if (lora === undefined) return { learns: inLayers };
  const { rank, alpha, rankStabilized, layers } = lora;
  const adapted = parameters.filter(
    (parameter) =>
      parameter.linear !== undefined &&
      inLayers(parameter) &&
      (layers === 'all' || parameter.part === layers),
  );
  return {
    learns: () => false,
    adapter: { rank, alpha, rankStabilized, targets: new Set(adapted.map(({ name }) => name)) },
  };
}

/** How many values learn. */
export function countTrained(parameters: readonly Parameter[], { learns, adapter }: TrainedPart): number {
  return [...parameters.filter(learns), ...adapterParameters(parameters, adapter)].reduce(
    (sum, { shape }) => sum + elementCount(shape),
    0,
  );
}
