import { createHash, type Hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { writeAll } from '../files/atomic-file.ts';
import { bytesPerToken, type ShardEntry, type TokenDtype } from './token-index.ts';

const bufferedTokens = 2 ** 18;

/** Writes one sequence of tokens as shard files of bounded size: NAME-00000.bin, NAME-00001.bin, … */
export interface ShardWriter {
  /** Tokens given so far. */
  readonly tokens: number;
  append(ids: ArrayLike<number>): Promise<void>;
  /** Writes what is left and flushes every file to the disk. */
  finish(): Promise<readonly ShardEntry[]>;
  /** Closes the open file, if any; for when the work is given up. */
  abandon(): Promise<void>;
}

export interface ShardWriterOptions {
  readonly folder: string;
  readonly name: string;
  readonly dtype: TokenDtype;
  readonly vocabularySize: number;
  /** Size at which a next file begins, in bytes. */
  readonly shardBytes: number;
}

interface OpenShard {
  readonly handle: FileHandle;
  readonly hash: Hash;
  readonly file: string;
  tokens: number;
}

/** @throws RangeError at a token outside the vocabulary; the file system's errors. */
export function createShardWriter({
  folder,
  name,
  dtype,
  vocabularySize,
  shardBytes,
}: ShardWriterOptions): ShardWriter {
  const shardTokens = Math.max(1, Math.floor(shardBytes / bytesPerToken(dtype)));
  const length = Math.min(bufferedTokens, shardTokens);
  const buffer = dtype === 'uint16' ? new Uint16Array(length) : new Uint32Array(length);
  const finished: ShardEntry[] = [];
  let shard: OpenShard | undefined;
  let buffered = 0;
  let tokens = 0;

  async function flush(): Promise<void> {
    if (buffered === 0) return;
    if (shard === undefined) {
      const file = `${name}-${String(finished.length).padStart(5, '0')}.bin`;
      shard = {
        handle: await open(path.join(folder, file), 'wx'),
        hash: createHash('sha256'),
        file,
        tokens: 0,
      };
    }
    const bytes = new Uint8Array(buffer.buffer, 0, buffered * buffer.BYTES_PER_ELEMENT);
    await writeAll(shard.handle, bytes);
    shard.hash.update(bytes);
    shard.tokens += buffered;
    buffered = 0;
    if (shard.tokens === shardTokens) await closeShard();
  }

  async function closeShard(): Promise<void> {
    if (shard === undefined) return;
    const { handle, hash, file, tokens } = shard;
    await handle.sync();
    await handle.close();
    shard = undefined;
    finished.push({ file, tokens, sha256: hash.digest('hex') });
  }

  return {
    get tokens() {
      return tokens;
    },
    async append(ids) {
      for (let taken = 0; taken < ids.length;) {
        const room = Math.min(buffer.length, shardTokens - (shard?.tokens ?? 0)) - buffered;
        const end = Math.min(ids.length, taken + room);
        for (; taken < end; taken++) {
          const id = ids[taken]!;
          if (id >= vocabularySize) throw new RangeError(`Token ${id} in a vocabulary of ${vocabularySize}.`);
          buffer[buffered++] = id;
        }
        if (buffered === buffer.length || buffered + (shard?.tokens ?? 0) === shardTokens) await flush();
      }
      tokens += ids.length;
    },
    async finish() {
      await flush();
      await closeShard();
      return finished;
    },
    async abandon() {
      await shard?.handle.close();
      shard = undefined;
    },
  };
}
