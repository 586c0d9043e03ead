import type { FileHandle } from 'node:fs/promises';
import { LoamError } from '../../../shared/errors.ts';
import type { HostTensor } from '../graph/types.ts';
import { readAll, writeFileAtomically } from '../files/atomic-file.ts';
import type { FileDigest } from '../files/file-digest.ts';
import { fileError } from '../files/file-errors.ts';
import { openForeignFile } from '../files/foreign-file.ts';
import {
  layoutSafetensors,
  LENGTH_BYTES,
  parseSafetensorsHeader,
  readHeaderLength,
  type SafetensorsDescription,
  type SafetensorsEntry,
  type SafetensorsHeader,
} from './safetensors-header.ts';

/** A tensor to be written. Its bytes (little-endian, row-major) are asked for when their turn comes, one tensor at a time. */
export interface SafetensorsTensor extends SafetensorsDescription {
  readonly data: () => Uint8Array | Promise<Uint8Array>;
}

/**
 * Writes a safetensors file, whole or not at all.
 * @throws LoamError when the file cannot be written; an older file of that name is then untouched.
 */
export async function writeSafetensors(
  file: string,
  tensors: readonly SafetensorsTensor[],
  metadata: Readonly<Record<string, string>> = {},
): Promise<FileDigest> {
  const { head, ordered } = layoutSafetensors(tensors, metadata);
  return writeFileAtomically(file, async (inProgress) => {
    await inProgress.write(head);
    for (const { tensor, bytes } of ordered) {
      const data = await tensor.data();
      if (data.byteLength !== bytes) {
        throw new Error(
          `Tensor "${tensor.name}" of shape [${tensor.shape.join(', ')}] takes ${bytes} bytes and was given ${data.byteLength}.`,
        );
      }
      await inProgress.write(data);
    }
  });
}

/** An open safetensors file. Tensors are read one by one; the file is never in memory as a whole. */
export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, SafetensorsEntry>;
  readonly metadata: Readonly<Record<string, string>>;
  /**
   * A tensor's elements. F16, BF16 and F64 are converted to float32.
   * @throws LoamError when there is no such tensor, its type is not one that Loam computes with, or the file has become shorter.
   */
  read(name: string): Promise<HostTensor>;
  /** A tensor's bytes as they are in the file, or `length` of them from `start`. */
  readBytes(name: string, start?: number, length?: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** bfloat16 is the upper half of a float32. */
function bfloat16ToFloat32(bytes: Uint8Array<ArrayBuffer>): Float32Array {
  const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  const result = new Float32Array(halves.length);
  const bits = new Uint32Array(result.buffer);
  for (let index = 0; index < halves.length; index++) bits[index] = halves[index]! << 16;
  return result;
}

function toHostTensor(
  file: string,
  name: string,
  entry: SafetensorsEntry,
  bytes: Uint8Array<ArrayBuffer>,
): HostTensor {
  const { shape } = entry;
  const { buffer } = bytes;
  switch (entry.dtype) {
    case 'F32':
      return { dtype: 'float32', shape, data: new Float32Array(buffer) };
    case 'F16':
      return { dtype: 'float32', shape, data: Float32Array.from(new Float16Array(buffer)) };
    case 'BF16':
      return { dtype: 'float32', shape, data: bfloat16ToFloat32(bytes) };
    case 'F64':
      return { dtype: 'float32', shape, data: Float32Array.from(new Float64Array(buffer)) };
    case 'I64':
      return { dtype: 'int64', shape, data: new BigInt64Array(buffer) };
    case 'I32':
      return { dtype: 'int32', shape, data: new Int32Array(buffer) };
    case 'U8':
      return { dtype: 'uint8', shape, data: bytes };
    case 'BOOL':
      return { dtype: 'bool', shape, data: bytes };
    default:
      throw new LoamError({
        kind: 'input',
        where: file,
        what: `The tensor "${name}" is of type ${entry.dtype}, which Loam does not compute with.`,
        remedy: 'Save the model again in float32, float16 or bfloat16.',
      });
  }
}

async function readHeader(path: string, handle: FileHandle, size: number): Promise<SafetensorsHeader> {
  const prefix = new Uint8Array(Math.min(LENGTH_BYTES, size));
  await readAll(handle, prefix, 0);
  const header = new Uint8Array(readHeaderLength(path, prefix, size));
  await readAll(handle, header, LENGTH_BYTES);
  return parseSafetensorsHeader(path, header, size);
}

/**
 * Opens a safetensors file and checks its header.
 * @throws LoamError when there is no such file, or it is truncated or damaged, saying how.
 */
export async function openSafetensors(file: string): Promise<SafetensorsFile> {
  const { handle, bytes } = await openForeignFile(file);
  try {
    const header = await readHeader(file, handle, bytes);
    return fileOf(file, handle, header);
  } catch (error) {
    await handle.close();
    throw fileError(error, file);
  }
}

function fileOf(file: string, handle: FileHandle, header: SafetensorsHeader): SafetensorsFile {
  const entryOf = (name: string): SafetensorsEntry => {
    const entry = header.tensors.get(name);
    if (entry !== undefined) return entry;
    throw new LoamError({
      kind: 'input',
      where: file,
      what: `There is no tensor "${name}" in this file.`,
      remedy: 'Take a checkpoint of the kind of model that is asked for.',
    });
  };
  const readBytes = async (name: string, start = 0, length?: number): Promise<Uint8Array<ArrayBuffer>> => {
    const entry = entryOf(name);
    const count = length ?? entry.byteLength - start;
    if (start < 0 || count < 0 || start + count > entry.byteLength) {
      throw new RangeError(
        `Bytes ${start} to ${start + count} are outside the tensor "${name}" of ${entry.byteLength} bytes.`,
      );
    }
    const bytes = new Uint8Array(count);
    let read: number;
    try {
      read = await readAll(handle, bytes, entry.position + start);
    } catch (error) {
      throw fileError(error, file);
    }
    if (read < count) {
      throw new LoamError({
        kind: 'input',
        where: file,
        what: `The file became shorter while it was read: the tensor "${name}" is cut off.`,
        remedy: 'Copy or download it again, or take another checkpoint.',
      });
    }
    return bytes;
  };
  return {
    tensors: header.tensors,
    metadata: header.metadata,
    readBytes,
    read: async (name) => toHostTensor(file, name, entryOf(name), await readBytes(name)),
    close: () => handle.close(),
  };
}
