import type { DataType, TensorData } from '../../graph/types.ts';

/** How each element type looks to ONNX Runtime (ONNXTensorElementDataType), in memory, and in JavaScript. */
interface DataTypeLayout {
  readonly elementType: number;
  readonly bytes: number;
  readonly array: new (buffer: ArrayBufferLike, byteOffset: number, length: number) => TensorData;
}

export const dataTypeLayouts: Readonly<Record<DataType, DataTypeLayout>> = {
  float32: { elementType: 1, bytes: 4, array: Float32Array },
  float16: { elementType: 10, bytes: 2, array: Uint16Array },
  int64: { elementType: 7, bytes: 8, array: BigInt64Array },
  int32: { elementType: 6, bytes: 4, array: Int32Array },
  uint8: { elementType: 2, bytes: 1, array: Uint8Array },
  bool: { elementType: 9, bytes: 1, array: Uint8Array },
};

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
