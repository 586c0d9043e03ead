import { stat } from 'node:fs/promises';
import { gguf, parseGgufShardFilename } from '@huggingface/gguf';
import { basename } from 'node:path';
import { LoamError } from '../../../../shared/errors.ts';
import { fileError } from '../../files/file-errors.ts';
import type { GgufMetadata } from '../../models/gguf-reader.ts';
import { blockFormats, type BlockFormat } from './block-formats.ts';

/** Where a tensor lies in a GGUF file. */
export interface GgufTensor {
  readonly format: BlockFormat;
  /** The slowest axis first, as in Hugging Face's files. */
  readonly shape: readonly number[];
  readonly position: number;
  readonly byteLength: number;
}

/** What a GGUF file says of itself: ggml-org/ggml, docs/gguf.md. */
export interface GgufHeader {
  readonly metadata: GgufMetadata;
  readonly tensors: ReadonlyMap<string, GgufTensor>;
}

const remedy = 'Copy or download the file again; it may be cut off.';
const broken = (where: string, what: string, cause?: unknown): LoamError =>
  new LoamError({ kind: 'input', where, what, remedy }, cause === undefined ? {} : { cause });

/**
 * Reads the head of a GGUF file; its weights stay where they are.
 * @throws LoamError when it is no such file, cut off, one of several parts, or keeps weights in a form that is not read
 */
export async function readGgufHeader(file: string): Promise<GgufHeader> {
  const { size } = await stat(file).catch((error: unknown) => {
    throw fileError(error, file);
  });
  const shard = parseGgufShardFilename(basename(file));
  if (shard !== null && Number(shard.total) > 1)
    throw new LoamError({
      kind: 'input',
      where: file,
      what: `This is part ${Number(shard.shard)} of ${Number(shard.total)} of a model, and Loam reads GGUF models of one file.`,
      remedy: 'Put the parts together with llama.cpp’s gguf-split, and take the whole file.',
    });
  const read = await gguf(file, { allowLocalFile: true }).catch((error: unknown) => {
    throw broken(
      file,
      `This is no GGUF file that can be read: ${error instanceof Error ? error.message : String(error)}.`.replace(
        '..',
        '.',
      ),
      error,
    );
  });
  if (!read.littleEndian)
    throw new LoamError({
      kind: 'input',
      where: file,
      what: 'The file’s numbers are in big-endian order, which is not read.',
      remedy: 'Take the model’s usual, little-endian file.',
    });
  // The library takes what lies behind the end for zeros.
  if (read.tensorInfoByteRange[1] > size) throw broken(file, 'The file ends within its head.');
  const tensors = new Map<string, GgufTensor>();
  for (const { name, shape, dtype, offset } of read.tensorInfos) {
    const tensor = place(file, name, {
      extents: shape.map(Number).toReversed(),
      type: dtype,
      position: Number(read.tensorDataOffset + offset),
    });
    if (tensors.has(name)) throw broken(file, `The file has two tensors "${name}".`);
    if (tensor.position + tensor.byteLength > size)
      throw broken(
        file,
        `The tensor "${name}" ends at byte ${(tensor.position + tensor.byteLength).toLocaleString('en')}, and the file has ${size.toLocaleString('en')}.`,
      );
    tensors.set(name, tensor);
  }
  return { metadata: new Map(Object.entries(read.metadata)), tensors };
}

function place(
  file: string,
  name: string,
  {
    extents,
    type,
    position,
  }: { readonly extents: readonly number[]; readonly type: number; readonly position: number },
): GgufTensor {
  const format = blockFormats.get(type);
  if (format === undefined)
    throw new LoamError({
      kind: 'input',
      where: file,
      what: `The tensor "${name}" is kept in a form that is not read (ggml type ${type}).`,
      remedy: `Take the model’s file in one of these: ${[...blockFormats.values()].map((each) => each.name).join(', ')}.`,
    });
  const row = extents.at(-1) ?? 1;
  const elements = extents.reduce((product, extent) => product * extent, 1);
  if (!Number.isSafeInteger(elements) || row % format.values !== 0)
    throw broken(
      file,
      `The tensor "${name}" of the shape ${extents.join(' × ')} cannot be kept in ${format.name}.`,
    );
  return { format, shape: extents, position, byteLength: (elements / format.values) * format.bytes };
}
