import type { DataType, Shape, TensorType } from './types.ts';

/** A model function put tensors together that do not fit. Raised while a graph is built, never while it runs. */
export class GraphError extends Error {
  readonly operator: string;

  constructor(operator: string, problem: string, inputs: readonly (TensorType | undefined)[] = []) {
    const given = inputs.slice(0, inputs.findLastIndex((input) => input !== undefined) + 1);
    const types = given.map((input) => (input === undefined ? '(none)' : describeType(input)));
    super(`${operator}: ${problem}.${types.length === 0 ? '' : ` Inputs: ${types.join(', ')}.`}`);
    this.name = 'GraphError';
    this.operator = operator;
  }
}

/** A tensor type for a person: `float32[batch, 64, 128]`. */
export function describeType(type: { readonly dtype: DataType; readonly shape: Shape }): string {
  return `${type.dtype}[${type.shape.join(', ')}]`;
}
