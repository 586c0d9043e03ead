import { open } from 'node:fs/promises';
import { LoamError } from '../../../shared/errors.ts';
import { fileError } from '../files/file-errors.ts';
import type { EncodingName } from './encoding-detection.ts';
import { createUtf8Surveyor } from './utf8-survey.ts';

const chunkBytes = 2 ** 18;

/** How reading a file is followed and stopped. */
export interface ReadingOptions {
  /** Told of the bytes read since it was told last. */
  readonly onBytes?: (bytes: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * The bytes of a file, in chunks of 256 KiB. A chunk is valid until the next one is asked for.
 * @param label the name by which errors call the file.
 */
export async function* readChunks(
  path: string,
  label: string,
  { onBytes, signal }: ReadingOptions = {},
): AsyncGenerator<Uint8Array> {
  try {
    const file = await open(path, 'r');
    try {
      const buffer = new Uint8Array(chunkBytes);
      for (;;) {
        const { bytesRead } = await file.read(buffer, 0, chunkBytes, null);
        if (bytesRead === 0) return;
        signal?.throwIfAborted();
        onBytes?.(bytesRead);
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(error, label);
  }
}

/**
 * The text of a file, decoded in pieces; a byte order mark is left out.
 * @throws LoamError with the offset of the first byte that is no text in that encoding.
 */
export async function* decodeFile(
  path: string,
  label: string,
  encoding: EncodingName,
  options: ReadingOptions = {},
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let decodedChunks = 0;
  for await (const chunk of readChunks(path, label, options)) {
    const text = await decodeOrExplain(
      () => decoder.decode(chunk, { stream: true }),
      path,
      label,
      encoding,
      decodedChunks,
    );
    decodedChunks += 1;
    if (text !== '') yield text;
  }
  const rest = await decodeOrExplain(() => decoder.decode(), path, label, encoding, decodedChunks);
  if (rest !== '') yield rest;
}

async function decodeOrExplain(
  decode: () => string,
  path: string,
  label: string,
  encoding: EncodingName,
  decodedChunks: number,
): Promise<string> {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const offset =
      encoding === 'utf-8'
        ? await firstInvalidUtf8(path, label)
        : await firstUndecodable(path, label, encoding, decodedChunks);
    throw undecodable(label, encoding, offset);
  }
}

/** An error about bytes that do not belong to a text of this encoding. */
export function undecodable(label: string, encoding: EncodingName, offset: number): LoamError {
  return new LoamError({
    kind: 'input',
    what: `The byte at offset ${offset} is no valid ${encoding} text; the file may be damaged or a mixture of encodings.`,
    where: label,
    remedy: 'Save the file as UTF-8 with the program that it comes from, or repair it at that place.',
  });
}

async function firstInvalidUtf8(path: string, label: string): Promise<number> {
  const surveyor = createUtf8Surveyor();
  for await (const chunk of readChunks(path, label)) surveyor.push(chunk);
  return surveyor.finish().firstInvalid ?? 0;
}

/** Decodes again, byte by byte from the chunk that failed: the offset of the byte that the decoder refuses. */
async function firstUndecodable(
  path: string,
  label: string,
  encoding: EncodingName,
  decodedChunks: number,
): Promise<number> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let chunks = 0;
  let offset = 0;
  for await (const chunk of readChunks(path, label)) {
    if (chunks < decodedChunks) {
      decoder.decode(chunk, { stream: true });
    } else {
      for (let place = 0; place < chunk.length; place++) {
        try {
          decoder.decode(chunk.subarray(place, place + 1), { stream: true });
        } catch {
          return offset + place;
        }
      }
    }
    chunks += 1;
    offset += chunk.length;
  }
  return Math.max(0, offset - 1); // the last character is incomplete
}
