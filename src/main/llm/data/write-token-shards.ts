import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import { writeJsonAtomically } from '../files/atomic-file.ts';
import { fileError } from '../files/file-errors.ts';
import { unfinishedIn } from '../files/leftovers.ts';
import { removeOwned } from '../files/owned-files.ts';
import { finished, partialPath } from '../files/unfinished-names.ts';
import { writeManifest } from '../files/manifest.ts';
import type { Tokenizer } from '../tokenizers/tokenizer.ts';
import { documentsForSplit } from '../../../shared/datasets/document.ts';
import { isValidationDocument, validationDocuments } from './document-split.ts';
import { readTokenIndex } from './open-token-shards.ts';
import { publishFolder } from './publish-folder.ts';
import { createShardWriter, type ShardWriter } from './shard-writer.ts';
import type { TextDocument } from './text-files.ts';
import { tokenDtype, type ShardEntry, type SplitEntry, type TokenIndex } from './token-index.ts';
import { openTokenSequence } from './token-sequence.ts';

export interface TokenShardsProgress {
  readonly documents: number;
  /** UTF-8 bytes of text turned into tokens so far. */
  readonly bytes: number;
  readonly tokens: number;
}

export interface WriteTokenShardsOptions {
  readonly documents: AsyncIterable<TextDocument>;
  readonly tokenizer: Pick<Tokenizer, 'encode' | 'tokenBytes' | 'vocabularySize' | 'endOfText' | 'hash'>;
  /** The folder to make. It appears whole or not at all. */
  readonly folder: string;
  readonly split: {
    /** `auto` keeps whole documents aside where there are at least 20, else the end of the text. */
    readonly mode: 'auto' | 'document' | 'position';
    /** Share of the documents, or of the text's bytes, kept aside. Between 0 and 1, both excluded. */
    readonly validationFraction: number;
    readonly seed: number;
  };
  /** Size at which a next shard file begins, in bytes. */
  readonly shardBytes?: number;
  readonly onProgress?: (progress: TokenShardsProgress) => void;
  readonly signal?: AbortSignal;
}

const defaultShardBytes = 64 * 2 ** 20;
const progressBytes = 2 ** 18;
const copiedTokens = 2 ** 16;

/**
 * Encodes documents and writes their tokens as shards, split into training and validation text, with an end-of-text
 * token between documents. Memory holds one piece of text at a time, whatever the size of the whole.
 * @throws LoamError when the text is too short to split, the disk refuses, the folder is taken, or on `signal`.
 */
export async function writeTokenShards(options: WriteTokenShardsOptions): Promise<TokenIndex> {
  const { folder } = options;
  const temporary = partialPath(folder);
  try {
    await mkdir(path.dirname(folder), { recursive: true });
    await mkdir(temporary);
    const index = await writeShards(temporary, options);
    const indexFile = await writeJsonAtomically(path.join(temporary, 'index.json'), index);
    // The index has the hashes of the shards, and the manifest that of the index.
    await writeManifest(temporary, new Map([['index.json', indexFile]]));
    return await publishFolder(temporary, folder, index, readTokenIndex);
  } catch (error) {
    throw fileError(error, folder);
  } finally {
    await removeOwned(unfinishedIn(path.dirname(folder)), temporary);
    finished(temporary);
  }
}

/** A part of the text while it is written: its tokens and what the index will say of it. */
interface SplitInProgress {
  readonly writer: ShardWriter;
  documents: number;
  bytes: number;
}

async function writeShards(folder: string, options: WriteTokenShardsOptions): Promise<TokenIndex> {
  const { documents, tokenizer, split, shardBytes = defaultShardBytes, onProgress, signal } = options;
  const { vocabularySize, endOfText } = tokenizer;
  const { mode: requested, validationFraction, seed } = split;
  const dtype = tokenDtype(vocabularySize);
  const newSplit = (name: string): SplitInProgress => ({
    writer: createShardWriter({ folder, name, dtype, vocabularySize, shardBytes }),
    documents: 0,
    bytes: 0,
  });
  // The number of documents, and with `position` the length of the text, is known only at the end. Until it is clear
  // how to split, tokens are staged in one sequence; from the twentieth document on they go where they belong.
  const staged = newSplit('staged');
  const train = newSplit('train');
  const validation = newSplit('validation');
  const stagedDocumentBytes: number[] = [];
  const byteLengths = Uint32Array.from(
    { length: vocabularySize },
    (_, id) => tokenizer.tokenBytes(id).length,
  );
  let bytesByTokens = 0;

  const beginDocument = async (target: SplitInProgress): Promise<void> => {
    if (target.writer.tokens > 0) await target.writer.append([endOfText]);
    target.documents += 1;
  };

  /** Reads the staged tokens back in parts that hold an end-of-text token only at their very end. */
  async function* stagedParts(): AsyncGenerator<Uint32Array> {
    const shards = await staged.writer.finish();
    const sequence = openTokenSequence({ folder, shards, dtype, vocabularySize });
    try {
      for (let start = 0; start < sequence.tokens; start += copiedTokens) {
        signal?.throwIfAborted();
        const block = sequence.read(start, Math.min(copiedTokens, sequence.tokens - start));
        let from = 0;
        for (let end = block.indexOf(endOfText); end >= 0; end = block.indexOf(endOfText, from)) {
          yield block.subarray(from, end + 1);
          from = end + 1;
        }
        if (from < block.length) yield block.subarray(from);
      }
    } finally {
      sequence.close();
    }
  }

  async function distributeByDocument(isKept: (document: number) => boolean): Promise<void> {
    let document = -1;
    let begun = false;
    for await (const part of stagedParts()) {
      const ends = part.at(-1) === endOfText;
      if (!begun) document += 1;
      const target = isKept(document) ? validation : train;
      if (!begun) {
        await beginDocument(target);
        target.bytes += stagedDocumentBytes[document]!;
      }
      await target.writer.append(ends ? part.subarray(0, -1) : part);
      begun = !ends;
    }
  }

  async function distributeByPosition(): Promise<void> {
    // Counted in bytes of text, so that tokenizers are compared on the same validation text.
    const trainBytes = Math.floor(bytesByTokens * (1 - validationFraction));
    let target = train;
    let passed = 0;
    let begun = false;
    const add = async (ids: Uint32Array, bytes: number): Promise<void> => {
      if (ids.length === 0) return;
      if (!begun) await beginDocument(target);
      begun = true;
      target.bytes += bytes;
      await target.writer.append(ids);
    };
    for await (const part of stagedParts()) {
      const ends = part.at(-1) === endOfText;
      const ids = ends ? part.subarray(0, -1) : part;
      const limit = target === train ? trainBytes - passed : Infinity;
      let bytes = 0;
      let count = 0;
      for (; count < ids.length && bytes < limit; count++) bytes += byteLengths[ids[count]!]!;
      await add(ids.subarray(0, count), bytes);
      passed += bytes;
      if (count < ids.length) {
        target = validation;
        begun = false;
        const rest = ids.subarray(count);
        await add(
          rest,
          rest.reduce((sum, id) => sum + byteLengths[id]!, 0),
        );
      }
      if (ends) begun = false;
    }
    // Where tokens do not spell the text exactly (foreign tokenizers), share out the true number of bytes.
    if (bytesByTokens > 0) validation.bytes = Math.round((validation.bytes / bytesByTokens) * staged.bytes);
    train.bytes = staged.bytes - validation.bytes;
  }

  async function run(): Promise<TokenIndex> {
    let mode: 'document' | 'position' | undefined = requested === 'position' ? 'position' : undefined;
    let target = staged;
    let begun = false;
    let document = 0;
    let bytes = 0;
    let tokens = 0;
    let reported = 0;
    const report = (): void => {
      reported = bytes;
      onProgress?.({ documents: document, bytes, tokens });
    };
    for await (const { text, continues = false } of documents) {
      signal?.throwIfAborted();
      const ids = tokenizer.encode(text);
      if (ids.length > 0 && !begun) {
        if (mode === undefined && document + 1 === documentsForSplit) {
          mode = 'document';
          await distributeByDocument((index) => isValidationDocument(index, validationFraction, seed));
        }
        if (mode === 'document')
          target = isValidationDocument(document, validationFraction, seed) ? validation : train;
        await beginDocument(target);
        if (mode === undefined) stagedDocumentBytes.push(0);
        begun = true;
        document += 1;
      }
      const textBytes = Buffer.byteLength(text);
      bytes += textBytes;
      tokens += ids.length;
      target.bytes += textBytes;
      if (mode === undefined && begun) stagedDocumentBytes[document - 1]! += textBytes;
      if (target === staged) for (const id of ids) bytesByTokens += byteLengths[id]!;
      await target.writer.append(ids);
      if (!continues) begun = false;
      if (bytes - reported >= progressBytes) report();
    }
    if (document === 0) throw nothingToTrainOn();
    if (mode === undefined) {
      mode = requested === 'document' ? 'document' : 'position';
      if (mode === 'document') {
        if (document < 2) throw oneDocumentAlone();
        const kept = validationDocuments(document, validationFraction, seed);
        await distributeByDocument((index) => kept.has(index));
      }
    }
    if (mode === 'position') await distributeByPosition();
    const splits = { train: await finishSplit(train), validation: await finishSplit(validation) };
    for (const { file } of await staged.writer.finish())
      await removeOwned(unfinishedIn(path.dirname(folder)), path.join(folder, file));
    for (const name of ['train', 'validation'] as const) {
      if (splits[name].tokens < 2)
        throw tooShortToSplit(name, splits.train.tokens + splits.validation.tokens);
    }
    report();
    return {
      format: 'loam-token-shards',
      version: 1,
      dtype,
      byteOrder: 'little-endian',
      vocabularySize,
      endOfText,
      tokenizerHash: tokenizer.hash,
      split: { mode, requested, validationFraction, seed },
      splits,
    };
  }

  try {
    return await run();
  } catch (error) {
    throw signal?.aborted === true ? interrupted(error) : error;
  } finally {
    for (const { writer } of [staged, train, validation]) await writer.abandon();
  }
}

async function finishSplit({ writer, documents, bytes }: SplitInProgress): Promise<SplitEntry> {
  const shards: readonly ShardEntry[] = await writer.finish();
  return { tokens: writer.tokens, bytes, documents, shards: [...shards] };
}

function interrupted(cause: unknown): LoamError {
  return new LoamError(
    {
      kind: 'interrupted',
      what: 'Turning the text into tokens was stopped.',
      remedy: 'Start again when you like; nothing is left half done.',
    },
    { cause },
  );
}

function nothingToTrainOn(): LoamError {
  return new LoamError({
    kind: 'input',
    what: 'The data holds no text.',
    remedy: 'Import files that have text in them.',
  });
}

function oneDocumentAlone(): LoamError {
  return new LoamError({
    kind: 'input',
    what: 'There is only one document, and data.split is document.',
    where: 'data.split',
    remedy: 'Set data.split to position (keeps the end of the text aside) or auto, or import more documents.',
  });
}

function tooShortToSplit(name: 'train' | 'validation', tokens: number): LoamError {
  return new LoamError({
    kind: 'input',
    what: `The text has ${tokens} tokens, which leaves fewer than 2 for ${name === 'train' ? 'training' : 'validation'}.`,
    where: 'data.validationFraction',
    remedy: 'Import more text, or move data.validationFraction towards 0.5.',
  });
}
