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
