import type { Parameter } from '../models/parameter.ts';

/** How many layers parameters belong to. */
export function countLayers(parameters: readonly Parameter[]): number {
  return parameters.reduce((most, { layer = -1 }) => Math.max(most, layer + 1), 0);
}

/**
 * Which parameters learn where only the topmost layers do: those of so many layers, and what comes after the last one (its
 * norm, and an output layer of its own). Embeddings stay as they were, and with them an output layer that is tied to them.
 * @param count layers that learn; all of them where there are no more. Undefined: every parameter learns.
 */
export function learnsInTopLayers(
  parameters: readonly Parameter[],
  count: number | undefined,
): (parameter: Parameter) => boolean {
  if (count === undefined) return () => true;
  const layers = countLayers(parameters);
  return ({ layer, part }) => (layer === undefined ? part !== 'embedding' : layer >= layers - count);
}
