import type { ParameterSpecification } from '../engines/engine.ts';

/** How a parameter starts. */
export type Initialization =
  | { readonly kind: 'normal'; readonly standardDeviation: number }
  /** Evenly between −bound and bound. */
  | { readonly kind: 'uniform'; readonly bound: number }
  | { readonly kind: 'constant'; readonly value: number };

/** What a parameter is for: the parts into which a model's size is broken down. */
export const parameterParts = ['embedding', 'attention', 'feedForward', 'normalization', 'output'] as const;
export type ParameterPart = (typeof parameterParts)[number];

/** How the matrix of a linear layer lies: GPT-2's are [in, out], those of most other models [out, in]. */
export type LinearLayout = 'in-out' | 'out-in';

/**
 * One parameter of a model, under the name that Hugging Face gives it. Weight decay applies to matrices of layers, not to
 * biases, norms and embeddings.
 */
export interface Parameter extends ParameterSpecification {
  readonly initialization: Initialization;
  readonly part: ParameterPart;
  /** The layer that it belongs to, from 0 at the bottom; absent for what lies below or above all of them. */
  readonly layer?: number;
  /** Of the matrix of a linear layer: how it lies. Such a layer can be adapted. */
  readonly linear?: LinearLayout;
}

/** Number of values in a tensor of this shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** Adds up the values of parameters by the part that they belong to. */
export function countByPart(parameters: Iterable<Parameter>): Readonly<Record<ParameterPart, number>> {
  const counts = { embedding: 0, attention: 0, feedForward: 0, normalization: 0, output: 0 };
  for (const { part, shape } of parameters) counts[part] += elementCount(shape);
  return counts;
}
