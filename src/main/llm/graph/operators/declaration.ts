import type { Attributes, HostTensor, OperatorDomain, TensorType } from '../types.ts';

/** A tensor in the float64 evaluation: every element type is held as numbers, row-major. */
export interface RealTensor {
  readonly dtype: TensorType['dtype'];
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** What a shape rule sees of one input: its type, and its elements where it is a constant of the graph. */
export interface InputType extends TensorType {
  readonly constant?: HostTensor;
}

/**
 * An operator: its name, what it makes of its inputs' shapes, and what it computes, in float64. How gradients flow back
 * through it stands in the table of the same family under `gradients/`, since those rules use operators of all families.
 */
export interface OperatorDeclaration {
  readonly name: string;
  readonly domain: OperatorDomain;
  /** Types of all outputs that the operator can have. @throws GraphError when the inputs do not fit. */
  readonly infer: (
    inputs: readonly (InputType | undefined)[],
    attributes: Attributes,
  ) => readonly TensorType[];
  /** The elements of all outputs. */
  readonly evaluate: (
    inputs: readonly (RealTensor | undefined)[],
    attributes: Attributes,
  ) => readonly RealTensor[];
}

/** An integer attribute, or its default. */
export function intAttribute(attributes: Attributes, name: string, fallback: number): number {
  const attribute = attributes[name];
  return attribute?.type === 'int' ? attribute.value : fallback;
}

/** A float attribute, or its default. */
export function floatAttribute(attributes: Attributes, name: string, fallback: number): number {
  const attribute = attributes[name];
  return attribute?.type === 'float' ? attribute.value : fallback;
}

/** A text attribute, or its default. */
export function stringAttribute(attributes: Attributes, name: string, fallback: string): string {
  const attribute = attributes[name];
  return attribute?.type === 'string' ? attribute.value : fallback;
}

/** A list-of-integers attribute, or undefined. */
export function intsAttribute(attributes: Attributes, name: string): readonly number[] | undefined {
  const attribute = attributes[name];
  return attribute?.type === 'ints' ? attribute.value : undefined;
}
