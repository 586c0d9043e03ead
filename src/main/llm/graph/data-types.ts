import type { DataType } from './types.ts';

/** ONNX's numbers for element types (TensorProto.DataType). */
export const onnxDataTypes: Readonly<Record<DataType, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
};

/** The element type behind one of ONNX's numbers; undefined for types that Loam does not compute with. */
export function dataTypeOf(onnxNumber: number): DataType | undefined {
  return (Object.keys(onnxDataTypes) as DataType[]).find((dtype) => onnxDataTypes[dtype] === onnxNumber);
}
