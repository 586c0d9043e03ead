import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import { fileError } from '../files/file-errors.ts';
import { bytesPerToken, type ShardEntry, type TokenDtype } from './token-index.ts';

const blockTokens = 2 ** 12;
const cachedBlocks = 512;

/** A sequence of tokens in shard files, with random access. */
export interface TokenSequence {
  readonly tokens: number;
  /**
   * Tokens start … start + count − 1.
   * @throws RangeError outside the sequence; LoamError when a shard cannot be read or holds what is no token.
   */
  read(start: number, count: number): Uint32Array;
  close(): void;
}

export interface TokenSequenceOptions {
  readonly folder: string;
  readonly shards: readonly ShardEntry[];
  readonly dtype: TokenDtype;
  readonly vocabularySize: number;
}

/**
 * Opens a sequence of shards. Reads are synchronous and by position, in blocks of 4096 tokens of which the 512 last
 * used are kept: a small text is soon read whole, a large one never occupies more than some megabytes.
 * @throws LoamError when a shard is missing or has another size than the index says.
 */
export function openTokenSequence({
  folder,
  shards,
  dtype,
  vocabularySize,
}: TokenSequenceOptions): TokenSequence {
  const width = bytesPerToken(dtype);
  const descriptors: number[] = [];
  const close = (): void => {
    for (const descriptor of descriptors.splice(0)) closeSync(descriptor);
  };
  const ends: number[] = [];
  let tokens = 0;
  try {
    for (const shard of shards) {
      descriptors.push(openShard(path.join(folder, shard.file), shard.tokens * width));
      tokens += shard.tokens;
      ends.push(tokens);
    }
  } catch (error) {
    close();
    throw error;
  }

  /** Part of one shard, straight from its file. */
  function readFile(shard: number, start: number, count: number): Uint16Array | Uint32Array {
    const block = dtype === 'uint16' ? new Uint16Array(count) : new Uint32Array(count);
    const bytes = new Uint8Array(block.buffer);
    const file = path.join(folder, shards[shard]!.file);
    for (let done = 0; done < bytes.length;) {
      const read = readBytes(descriptors[shard]!, bytes, done, start * width + done, file);
      if (read === 0) throw damaged(file, `It ends early, at byte ${start * width + done}.`);
      done += read;
    }
    for (let place = 0; place < count; place++) {
      if (block[place]! < vocabularySize) continue;
      throw damaged(
        file,
        `Token ${start + place} is ${block[place]!}, beyond the vocabulary of ${vocabularySize}.`,
      );
    }
    return block;
  }

  // Keys are SHARD:BLOCK; a Map keeps them in the order of their last use.
  const cache = new Map<string, Uint16Array | Uint32Array>();
  function readBlock(shard: number, block: number): Uint16Array | Uint32Array {
    const key = `${shard}:${block}`;
    const first = block * blockTokens;
    const found =
      cache.get(key) ?? readFile(shard, first, Math.min(blockTokens, shards[shard]!.tokens - first));
    cache.delete(key);
    cache.set(key, found);
    if (cache.size > cachedBlocks) cache.delete(cache.keys().next().value!);
    return found;
  }

  return {
    tokens,
    close,
    read(start, count) {
      if (
        !Number.isSafeInteger(start) ||
        !Number.isSafeInteger(count) ||
        start < 0 ||
        count < 0 ||
        start + count > tokens
      ) {
        throw new RangeError(`Tokens ${start} to ${start + count} of ${tokens}.`);
      }
      const ids = new Uint32Array(count);
      let shard = firstAbove(ends, start);
      for (let filled = 0; filled < count;) {
        const offset = start + filled - (shard === 0 ? 0 : ends[shard - 1]!);
        if (offset === shards[shard]!.tokens) {
          shard += 1;
          continue;
        }
        const block = readBlock(shard, Math.floor(offset / blockTokens));
        const within = offset % blockTokens;
        const part = block.subarray(within, Math.min(block.length, within + count - filled));
        ids.set(part, filled);
        filled += part.length;
      }
      return ids;
    },
  };
}

function openShard(file: string, bytes: number): number {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw damaged(file, 'The file is missing.');
    throw fileError(error, file);
  }
  const size = fstatSync(descriptor).size;
  if (size === bytes) return descriptor;
  closeSync(descriptor);
  throw damaged(file, `It has ${size} bytes, but the index says ${bytes}.`);
}

function readBytes(
  descriptor: number,
  into: Uint8Array,
  offset: number,
  position: number,
  file: string,
): number {
  try {
    return readSync(descriptor, into, offset, into.length - offset, position);
  } catch (error) {
    throw fileError(error, file);
  }
}

/** An error about a folder of tokens that no longer is what was written. */
export function damaged(where: string, what: string): LoamError {
  return new LoamError({
    kind: 'input',
    what: `The stored tokens are damaged. ${what}`,
    where,
    remedy: 'Delete this folder of tokens: they are made again from the sources.',
  });
}

/** Index of the first item of an ascending list that is greater than `value`. */
function firstAbove(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
