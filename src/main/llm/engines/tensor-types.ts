import { elementArrays } from '../graph/data-types.ts';
import type { DataType, TensorData } from '../graph/types.ts';

/**
 * Number of elements of a tensor of this shape.
 * @throws RangeError when an extent is negative or no integer, or the number is beyond 2^53
 */
export function elementCount(shape: readonly number[]): number {
  let count = 1;
  for (const extent of shape) {
    if (!Number.isSafeInteger(extent) || extent < 0)
      throw new RangeError(`[${shape.join(', ')}] is no shape: extents are whole numbers from 0.`);
    count *= extent;
  }
  if (!Number.isSafeInteger(count))
    throw new RangeError(`A tensor of shape [${shape.join(', ')}] is too large.`);
  return count;
}

/** A tensor's type as text: `float32 [2, batch]`. */
export function describeType(dtype: DataType, shape: readonly (number | string)[]): string {
  return `${dtype} [${shape.join(', ')}]`;
}

/** @throws TypeError or RangeError when elements are not those of a tensor of this type */
export function checkElements(dtype: DataType, shape: readonly number[], data: TensorData): void {
  const expected = elementArrays[dtype];
  if (data.constructor !== expected)
    throw new TypeError(
      `A ${describeType(dtype, shape)} tensor is written from a ${expected.name}, not from a ${data.constructor.name}.`,
    );
  const count = elementCount(shape);
  if (data.length !== count)
    throw new RangeError(
      `A ${describeType(dtype, shape)} tensor has ${count} elements; ${data.length} were given.`,
    );
}

/** @throws Error when two parameters have one name */
export function requireDistinctNames(specifications: readonly { readonly name: string }[]): void {
  const names = new Set<string>();
  for (const { name } of specifications) {
    if (names.has(name)) throw new Error(`There are two parameters named '${name}'.`);
    names.add(name);
  }
}
