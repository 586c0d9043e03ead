import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAll } from '../files/atomic-file.ts';
import { serializeGraph, type ExternalLocation } from '../graph/serialize.ts';
import type { Graph, HostTensor, Value } from '../graph/types.ts';
import type { ExportedParameter } from '../models/layers/exported-parameters.ts';

/** A protobuf message holds at most 2 GiB, and readers load it whole: above this size the weights get a file of their own. */
export const largestSingleFile = 256 * 2 ** 20;

/** Tensors in external data start at multiples of a page, so that readers can map them into memory. */
const alignment = 4096;

/** Exchanges rows and columns of a matrix. */
function transposed(data: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(data.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      result[column * rows + row] = data[row * columns + column]!;
  return result;
}

/** What to write: the graph, which of its inputs become weights, and where their elements come from. */
export interface OnnxContent {
  readonly graph: Graph;
  readonly parameters: readonly ExportedParameter[];
  readonly read: (name: string) => Promise<Float32Array>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Weights of more bytes than this get a file of their own. */
  readonly singleFileBytes: number;
  /** Share of the weights written, 0 … 1. */
  readonly onProgress?: (share: number) => void;
}

/**
 * Writes `model.onnx` into a folder that is there, with `model.onnx_data` beside it when the weights are large. One
 * weight is in memory at a time in that case.
 * @returns whether the weights were split off, and the bytes written
 */
export async function writeOnnxFiles(
  folder: string,
  content: OnnxContent,
): Promise<{ readonly external: boolean; readonly bytes: number }> {
  const sizes = content.parameters.map(
    ({ value }) => 4 * value.shape.reduce<number>((product, extent) => product * Number(extent), 1),
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const external = total > content.singleFileBytes;
  const elements = async ({
    value,
    source,
    transposed: exchanged,
  }: ExportedParameter): Promise<Float32Array> => {
    const data = await content.read(source);
    return exchanged ? transposed(data, Number(value.shape[1]), Number(value.shape[0])) : data;
  };
  const initializers = new Map<Value, HostTensor | ExternalLocation>();
  const data = external ? await open(join(folder, 'model.onnx_data'), 'wx') : undefined;
  let written = 0;
  let offset = 0;
  try {
    for (const [index, parameter] of content.parameters.entries()) {
      const { value } = parameter;
      const array = await elements(parameter);
      if (data === undefined) {
        initializers.set(value, { dtype: 'float32', shape: value.shape.map(Number), data: array });
      } else {
        const padding = (alignment - (offset % alignment)) % alignment;
        await writeAll(data, new Uint8Array(padding));
        await writeAll(data, new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
        initializers.set(value, {
          file: 'model.onnx_data',
          offset: offset + padding,
          length: array.byteLength,
        });
        offset += padding + array.byteLength;
      }
      written += sizes[index]!;
      content.onProgress?.(written / total);
    }
  } finally {
    await data?.close();
  }
  const model = serializeGraph(content.graph, { initializers, metadata: content.metadata });
  const file = await open(join(folder, 'model.onnx'), 'wx');
  try {
    await writeAll(file, model);
  } finally {
    await file.close();
  }
  return { external, bytes: model.byteLength + offset };
}
