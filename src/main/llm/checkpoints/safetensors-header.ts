import { LoamError } from '../../../shared/errors.ts';
import { weightLimits } from '../../../shared/models/limits.ts';
import { parseForeignJson } from '../files/foreign-json.ts';

/**
 * The head of a safetensors file (https://github.com/huggingface/safetensors, "Format"): eight bytes with the header's
 * length N as a little-endian integer, N bytes of JSON, then the tensors' bytes without gaps. The JSON maps each name to
 * dtype, shape and the range of its bytes; `__metadata__` maps strings to strings.
 */

/** Bytes of one element, by the format's names of types. Types that Loam cannot compute with are here too: their files open. */
const elementBytes = {
  F64: 8,
  I64: 8,
  U64: 8,
  F32: 4,
  I32: 4,
  U32: 4,
  F16: 2,
  BF16: 2,
  I16: 2,
  U16: 2,
  F8_E5M2: 1,
  F8_E4M3: 1,
  F8_E8M0: 1,
  I8: 1,
  U8: 1,
  BOOL: 1,
  C64: 8,
} as const;

export type SafetensorsType = keyof typeof elementBytes;

/** One tensor of a file: type, shape, and where its bytes are, counted from the file's beginning. */
export interface SafetensorsEntry {
  readonly dtype: SafetensorsType;
  readonly shape: readonly number[];
  readonly byteLength: number;
  readonly position: number;
}

export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, SafetensorsEntry>;
  readonly metadata: Readonly<Record<string, string>>;
}

export const LENGTH_BYTES = 8;

function isSafetensorsType(value: unknown): value is SafetensorsType {
  return typeof value === 'string' && Object.hasOwn(elementBytes, value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Number of bytes of a tensor, or undefined when it is beyond what a number holds exactly. */
export function tensorBytes(dtype: SafetensorsType, shape: readonly number[]): number | undefined {
  // An extent of zero makes the tensor empty however large the others are.
  if (shape.includes(0)) return 0;
  const bytes = shape.reduce((product, extent) => product * extent, elementBytes[dtype]);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

function refuse(file: string, what: string): LoamError {
  return new LoamError({
    kind: 'input',
    where: file,
    what,
    remedy:
      'The file is damaged or no safetensors file: copy or download it again, or take another checkpoint.',
  });
}

/** Shortens names from a foreign file for a message. */
function quote(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 77)}...` : name);
}

/**
 * The header's length, from the file's first eight bytes.
 * @throws LoamError when the file is shorter than its header or the length is beyond the limit.
 */
export function readHeaderLength(file: string, prefix: Uint8Array, fileBytes: number): number {
  if (fileBytes < LENGTH_BYTES || prefix.byteLength < LENGTH_BYTES) {
    throw refuse(file, `The file has ${fileBytes} bytes, too few for the head of a safetensors file.`);
  }
  const length = new DataView(prefix.buffer, prefix.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (length > BigInt(weightLimits.headerBytes)) {
    throw refuse(file, `The header claims ${length} bytes; the format allows ${weightLimits.headerBytes}.`);
  }
  if (length > BigInt(fileBytes - LENGTH_BYTES)) {
    throw refuse(file, `The header claims ${length} bytes, but the file ends after ${fileBytes} bytes.`);
  }
  return Number(length);
}

/** Where the JSON string that opens at `start` ends: the index after its closing quote. */
function stringEnd(json: string, start: number): number {
  let end = start + 1;
  while (json[end] !== '"') end += json[end] === '\\' ? 2 : 1;
  return end + 1;
}

/**
 * A key that occurs twice in one object of a JSON text known to be valid. `JSON.parse` silently keeps the last one, so
 * that two readers could see two different tensors under one name.
 */
function findDuplicateKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  const afterKey = /\s*:/y;
  for (let index = 0; index < json.length; index++) {
    const character = json[index];
    if (character === '{') open.push(new Set());
    else if (character === '}') open.pop();
    else if (character === '"') {
      const end = stringEnd(json, index);
      afterKey.lastIndex = end;
      if (afterKey.test(json)) {
        const key = JSON.parse(json.slice(index, end)) as string;
        if (open.at(-1)?.has(key)) return key;
        open.at(-1)?.add(key);
      }
      index = end - 1;
    }
  }
  return undefined;
}

function parseJson(file: string, bytes: Uint8Array): Readonly<Record<string, unknown>> {
  if (bytes[0] !== 0x7b) throw refuse(file, 'The header does not begin with "{".');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refuse(file, 'The header is not valid JSON in UTF-8.');
  }
  let value: unknown;
  try {
    value = parseForeignJson(text);
  } catch (error) {
    throw refuse(file, `The header ${error instanceof Error ? error.message : 'is not valid JSON'}.`);
  }
  if (!isRecord(value)) throw refuse(file, 'The header is not a JSON object.');
  const duplicate = findDuplicateKey(text);
  if (duplicate !== undefined) throw refuse(file, `The header has the name ${quote(duplicate)} twice.`);
  return value;
}

function parseMetadata(file: string, value: unknown): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  if (!isRecord(value)) throw refuse(file, 'The header’s __metadata__ is not a JSON object.');
  const entries = Object.entries(value).map(([key, text]) => {
    if (typeof text !== 'string') throw refuse(file, `The metadata ${quote(key)} is not a string.`);
    return [key, text] as const;
  });
  return Object.fromEntries(entries);
}

interface Range extends SafetensorsEntry {
  readonly name: string;
  readonly begin: number;
  readonly end: number;
}

function parseEntry(file: string, name: string, value: unknown, dataStart: number): Range {
  const wrong = (what: string) => refuse(file, `The header’s entry for the tensor ${quote(name)} ${what}.`);
  if (!isRecord(value)) throw wrong('is not a JSON object');
  const { dtype, shape, data_offsets: offsets } = value;
  if (!isSafetensorsType(dtype))
    throw wrong(
      `has the unknown type ${quote(typeof dtype === 'string' ? dtype : (JSON.stringify(dtype) ?? 'nothing'))}`,
    );
  if (!Array.isArray(shape) || !shape.every(isCount))
    throw wrong('has a shape that is not a list of whole numbers from 0 up');
  if (shape.length > weightLimits.rank)
    throw wrong(`has ${shape.length} extents; at most ${weightLimits.rank} are read`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    throw wrong('has offsets that are not two whole numbers from 0 up');
  }
  const [begin, end] = offsets as [number, number];
  if (end < begin) throw wrong(`ends (${end}) before it begins (${begin})`);
  const bytes = tensorBytes(dtype, shape);
  if (bytes === undefined) throw wrong(`has a shape too large to exist, [${shape.join(', ')}]`);
  if (bytes !== end - begin) {
    throw wrong(
      `gives ${end - begin} bytes to shape [${shape.join(', ')}] of ${dtype}, which takes ${bytes}`,
    );
  }
  return { name, dtype, shape, byteLength: bytes, position: dataStart + begin, begin, end };
}

/**
 * Checks a header and gives the tensors it lists, in the order of their bytes in the file.
 * @param bytes the header's JSON
 * @param fileBytes the size of the whole file
 * @throws LoamError naming the tensor when a type is unknown, a shape does not fit its bytes, ranges overlap, leave
 * gaps or end elsewhere than the file, or a name occurs twice.
 */
export function parseSafetensorsHeader(
  file: string,
  bytes: Uint8Array,
  fileBytes: number,
): SafetensorsHeader {
  const { __metadata__: metadata, ...entries } = parseJson(file, bytes);
  const dataStart = LENGTH_BYTES + bytes.byteLength;
  const listed = Object.entries(entries);
  if (listed.length > weightLimits.tensors)
    throw refuse(
      file,
      `The header lists ${listed.length.toLocaleString('en')} tensors; at most ${weightLimits.tensors.toLocaleString('en')} are read.`,
    );
  const ranges = listed
    .map(([name, entry]) => parseEntry(file, name, entry, dataStart))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  let end = 0;
  for (const range of ranges) {
    if (range.begin < end)
      throw refuse(
        file,
        `The tensor ${quote(range.name)} overlaps another one at byte ${range.begin} of the data.`,
      );
    if (range.begin > end)
      throw refuse(
        file,
        `The bytes ${end} to ${range.begin} before the tensor ${quote(range.name)} belong to no tensor.`,
      );
    end = range.end;
  }
  const dataBytes = fileBytes - dataStart;
  if (end > dataBytes)
    throw refuse(file, `The file is cut off: it has ${dataBytes} of ${end} bytes of tensors.`);
  if (end < dataBytes) throw refuse(file, `The file has ${dataBytes - end} bytes after its last tensor.`);
  return {
    tensors: new Map(
      ranges.map(({ name, dtype, shape, byteLength, position }) => [
        name,
        { dtype, shape, byteLength, position },
      ]),
    ),
    metadata: parseMetadata(file, metadata),
  };
}

/** What the writer needs to know of a tensor. */
export interface SafetensorsDescription {
  readonly name: string;
  readonly dtype: SafetensorsType;
  readonly shape: readonly number[];
}

/**
 * The head of a file, length included, padded with spaces so that the tensors' bytes begin at a multiple of eight, and
 * the tensors in the order in which their bytes shall follow: widest elements first, so that each is aligned.
 * @throws Error for a name given twice or a shape that cannot be: a fault of the caller.
 */
export function layoutSafetensors<T extends SafetensorsDescription>(
  tensors: readonly T[],
  metadata: Readonly<Record<string, string>>,
): { head: Uint8Array; ordered: readonly { tensor: T; bytes: number }[] } {
  const ordered = tensors
    .map((tensor) => {
      const bytes = tensor.shape.every(isCount) ? tensorBytes(tensor.dtype, tensor.shape) : undefined;
      if (bytes === undefined)
        throw new Error(`Tensor ${quote(tensor.name)} cannot have the shape [${tensor.shape.join(', ')}].`);
      return { tensor, bytes };
    })
    .sort((a, b) => elementBytes[b.tensor.dtype] - elementBytes[a.tensor.dtype]);
  // A Map first: an object would take the name "__proto__" for something else.
  const entries = new Map<string, unknown>();
  if (Object.keys(metadata).length > 0) entries.set('__metadata__', metadata);
  let offset = 0;
  for (const { tensor, bytes } of ordered) {
    if (tensor.name === '__metadata__' || entries.has(tensor.name))
      throw new Error(`Two tensors have the name ${quote(tensor.name)}.`);
    entries.set(tensor.name, {
      dtype: tensor.dtype,
      shape: tensor.shape,
      data_offsets: [offset, offset + bytes],
    });
    offset += bytes;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const length = Math.ceil(json.byteLength / 8) * 8;
  const head = new Uint8Array(LENGTH_BYTES + length).fill(0x20);
  new DataView(head.buffer).setBigUint64(0, BigInt(length), true);
  head.set(json, LENGTH_BYTES);
  return { head, ordered };
}
