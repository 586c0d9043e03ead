import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { fileError } from '../files/file-errors.ts';
import type { FileDigest } from '../files/file-digest.ts';
import { readIndex } from './read-index.ts';
import {
  bytesPerToken,
  tokenIndexSchema,
  tokenIndexVersion,
  type SplitEntry,
  type TokenIndex,
} from './token-index.ts';
import { damaged, openTokenSequence, type TokenSequence } from './token-sequence.ts';

/** The part of the text that is trained on, or the part that is kept aside. */
export interface TokenSplit {
  readonly tokens: number;
  /** UTF-8 bytes of the text that these tokens stand for. */
  readonly bytes: number;
  readonly documents: number;
  /** Tokens start … start + count − 1. Synchronous, by position, with a small cache. */
  read(start: number, count: number): Uint32Array;
}

/** Token shards, open for reading. */
export interface TokenDataset {
  readonly index: TokenIndex;
  readonly train: TokenSplit;
  readonly validation: TokenSplit;
  close(): void;
}

export interface OpenTokenShardsOptions {
  /** Compare every shard's SHA-256 with the index (reads it all once). Sizes are compared in any case. */
  readonly verify?: boolean;
}

/**
 * Opens a folder that `writeTokenShards` wrote.
 * @throws LoamError when the index or a shard is missing, damaged, of a newer version or foreign.
 */
export async function openTokenShards(
  folder: string,
  { verify = true }: OpenTokenShardsOptions = {},
): Promise<TokenDataset> {
  const index = await readTokenIndex(folder);
  const sequences: TokenSequence[] = [];
  const close = (): void => sequences.forEach((sequence) => sequence.close());
  const openSplit = (entry: SplitEntry): TokenSplit => {
    const { dtype, vocabularySize } = index;
    const sequence = openTokenSequence({ folder, shards: entry.shards, dtype, vocabularySize });
    sequences.push(sequence);
    return {
      tokens: entry.tokens,
      bytes: entry.bytes,
      documents: entry.documents,
      read: (start, count) => sequence.read(start, count),
    };
  };
  try {
    const train = openSplit(index.splits.train);
    const validation = openSplit(index.splits.validation);
    if (verify) await verifyShards(folder, index);
    return { index, train, validation, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Reads and checks index.json alone, also against the folder's manifest where it has one. */
export async function readTokenIndex(folder: string): Promise<TokenIndex> {
  return readIndex(folder, {
    schema: tokenIndexSchema,
    version: tokenIndexVersion,
    holds: 'tokens',
    contradiction: ({ splits }) => {
      for (const [name, split] of Object.entries(splits)) {
        const tokens = split.shards.reduce((sum, shard) => sum + shard.tokens, 0);
        if (tokens !== split.tokens)
          return `The ${name} split has ${split.tokens} tokens, its shards ${tokens}.`;
      }
      return undefined;
    },
  });
}

/** The files of the tokens, as the index has them. */
export function digestsOfShards({ splits, dtype }: TokenIndex): ReadonlyMap<string, FileDigest> {
  return new Map(
    Object.values(splits)
      .flatMap(({ shards }) => shards)
      .map(({ file, tokens, sha256 }) => [file, { bytes: tokens * bytesPerToken(dtype), sha256 }]),
  );
}

async function verifyShards(folder: string, index: TokenIndex): Promise<void> {
  for (const { file, sha256 } of Object.values(index.splits).flatMap((split) => split.shards)) {
    const shard = path.join(folder, file);
    if ((await fileSha256(shard)) !== sha256)
      throw damaged(shard, 'Its contents do not match the index (SHA-256).');
  }
}

async function fileSha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 }))
      hash.update(chunk as Uint8Array);
  } catch (error) {
    throw fileError(error, file);
  }
  return hash.digest('hex');
}
