import type { DataType, TensorData } from './types.ts';

/** ONNX's numbers for element types (TensorProto.DataType). */
export const onnxDataTypes: Readonly<Record<DataType, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
};

interface ElementArray {
  readonly name: string;
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): TensorData;
}

/** The arrays that hold the elements of each type in JavaScript; those of float16 as their bits. */
export const elementArrays: Readonly<Record<DataType, ElementArray>> = {
  float32: Float32Array,
  float16: Uint16Array,
  int64: BigInt64Array,
  int32: Int32Array,
  uint8: Uint8Array,
  bool: Uint8Array,
};

/** The element type behind one of ONNX's numbers; undefined for types that Loam does not compute with. */
export function dataTypeOf(onnxNumber: number): DataType | undefined {
  return (Object.keys(onnxDataTypes) as DataType[]).find((dtype) => onnxDataTypes[dtype] === onnxNumber);
}
