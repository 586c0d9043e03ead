import { GraphError } from '../shape-error.ts';
import type { Attribute, Attributes, HostTensor, OperatorDomain, TensorType } from '../types.ts';

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

/** What an operator understands of an attribute: any value of a type, or these values alone. */
export type AttributeRule = Attribute['type'] | readonly (number | string)[];

/**
 * An operator: its name, what it makes of its inputs' shapes, and what it computes, in float64. How gradients flow back
 * through it stands in the table of the same family under `gradients/`, since those rules use operators of all families.
 */
export interface OperatorDeclaration {
  readonly name: string;
  readonly domain: OperatorDomain;
  /** ONNX's names of the inputs; `bias?` may be left out, `inputs...` stands for one or more. */
  readonly inputs: readonly string[];
  /** The attributes that are understood; ONNX's defaults hold for those that a node lacks. */
  readonly attributes: Readonly<Record<string, AttributeRule>>;
  /**
   * Types of all outputs that the operator can have. `checkNode` has passed: inputs that must be there are.
   * @throws GraphError when the inputs do not fit.
   */
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

/**
 * Checks a node's inputs and attributes against its operator's declaration.
 * @throws GraphError when an input is missing or one too many, or an attribute is not understood.
 */
export function checkNode(
  { name, inputs: declared, attributes: rules }: OperatorDeclaration,
  inputs: readonly (TensorType | undefined)[],
  attributes: Attributes,
): void {
  const variadic = declared.at(-1)?.endsWith('...') === true;
  for (const [index, input] of declared.entries()) {
    if (!input.endsWith('?') && inputs[index] === undefined)
      throw new GraphError(name, `the input '${input.replace('...', '')}' is missing`, inputs);
  }
  if (variadic ? inputs.includes(undefined) : inputs.slice(declared.length).some(Boolean))
    throw new GraphError(name, `the inputs are not (${declared.join(', ')})`, inputs);
  for (const [attribute, { type, value }] of Object.entries(attributes)) {
    const rule = rules[attribute];
    const understood = typeof rule === 'string' ? type === rule : rule?.some((one) => one === value) === true;
    if (!understood)
      throw new GraphError(name, `the attribute ${attribute} = ${value.toString()} is not supported`, inputs);
  }
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

/**
 * The elements of an input that must be a constant list of integers: axes, shapes, bounds.
 * @throws GraphError when it is something else.
 */
export function constantIntegers(
  operator: string,
  input: InputType | undefined,
  what: string,
): readonly number[] {
  const constant = input?.constant;
  if (constant === undefined || (constant.dtype !== 'int64' && constant.dtype !== 'int32'))
    throw new GraphError(operator, `${what} must be constant integers`, [input]);
  return Array.from(constant.data, Number);
}

/** @throws GraphError when tensors that an operator puts together have different element types. */
export function requireSameType(operator: string, inputs: readonly (TensorType | undefined)[]): void {
  const dtypes = new Set(inputs.flatMap((input) => (input === undefined ? [] : [input.dtype])));
  if (dtypes.size > 1) throw new GraphError(operator, 'the element types differ', inputs);
}

/** @throws GraphError when indices are not integers. */
export function requireIntegers(operator: string, indices: TensorType): void {
  if (indices.dtype !== 'int64' && indices.dtype !== 'int32')
    throw new GraphError(operator, 'the indices must be integers', [indices]);
}
