import type { DataType } from '../graph/types.ts';

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
