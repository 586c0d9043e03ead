import { open } from 'node:fs/promises';
import { LoamError, assertNever } from '../../../../shared/errors.ts';
import type { ModelShape } from '../../../../shared/models/model-shape.ts';
import { fileError } from '../../files/file-errors.ts';
import type { GgufArrangement } from '../../models/gguf-reader.ts';
import type { WeightFiles } from '../named-weights.ts';
import { decodeBlocks } from './block-formats.ts';
import { readGgufHeader } from './gguf-header.ts';
import { requireGgufReader } from './gguf-readers.ts';

/**
 * The weights of a GGUF file under the names and in the arrangement of Hugging Face, as float32. What the model has no
 * parameter for keeps its own name, so that whoever matches names finds it.
 * @throws LoamError when the file cannot be read, or its models are not
 */
export async function openGgufWeights(file: string, shape: ModelShape): Promise<WeightFiles> {
  const { metadata, tensors } = await readGgufHeader(file);
  const places = requireGgufReader(metadata, file).places(shape);
  const handle = await open(file).catch((error: unknown) => {
    throw fileError(error, file);
  });
  const owners = new Map([...places].map(([name, { tensor }]) => [tensor, name]));
  const named = new Map(
    [...tensors].map(([tensor, { shape: extents, ...rest }]) => {
      const name = owners.get(tensor) ?? tensor;
      const arrangement: GgufArrangement = places.get(name)?.arrangement ?? { kind: 'same' };
      const transposed = arrangement.kind === 'transposed';
      return [
        name,
        { ...rest, own: extents, shape: transposed ? extents.toReversed() : extents, arrangement },
      ] as const;
    }),
  );
  async function values(name: string): Promise<Float32Array<ArrayBuffer>> {
    const tensor = named.get(name);
    if (tensor === undefined) throw new Error(`There is no tensor "${name}" in ${file}.`);
    const bytes = new Uint8Array(tensor.byteLength);
    for (let done = 0; done < bytes.length;) {
      const { bytesRead } = await handle.read(bytes, done, bytes.length - done, tensor.position + done);
      if (bytesRead === 0)
        throw new LoamError({
          kind: 'input',
          where: file,
          what: `The file ends within the tensor "${name}".`,
          remedy: 'Copy or download the file again.',
        });
      done += bytesRead;
    }
    return arranged(decodeBlocks(tensor.format, bytes), tensor.own, tensor.arrangement);
  }
  return {
    tensors: new Map(
      [...named].map(([name, { shape: extents }]) => [
        name,
        {
          dtype: 'F32',
          shape: extents,
          byteLength: 4 * extents.reduce((product, each) => product * each, 1),
        },
      ]),
    ),
    read: async (name) => ({
      dtype: 'float32',
      shape: named.get(name)?.shape ?? [],
      data: await values(name),
    }),
    readBytes: async (name, start, length) =>
      new Uint8Array((await values(name)).buffer).subarray(start, start + length),
    close: () => handle.close(),
  };
}

/** A tensor's values in the arrangement of the parameter that it is. @param shape the tensor's own */
function arranged(
  values: Float32Array<ArrayBuffer>,
  shape: readonly number[],
  arrangement: GgufArrangement,
): Float32Array<ArrayBuffer> {
  const [rows = 1, columns = 1] = shape;
  switch (arrangement.kind) {
    case 'same':
      return values;
    case 'transposed': {
      const turned = new Float32Array(values.length);
      for (let row = 0; row < rows; row += 1)
        for (let column = 0; column < columns; column += 1)
          turned[column * rows + row] = values[row * columns + column]!;
      return turned;
    }
    case 'interleavedHeads': {
      const half = rows / arrangement.heads / 2;
      const apart = new Float32Array(values.length);
      for (let row = 0; row < rows; row += 1) {
        const head = Math.floor(row / (2 * half));
        const within = row - head * 2 * half;
        const own = head * 2 * half + (within % 2) * half + Math.floor(within / 2);
        apart.set(values.subarray(row * columns, (row + 1) * columns), own * columns);
      }
      return apart;
    }
    default:
      return assertNever(arrangement);
  }
}
