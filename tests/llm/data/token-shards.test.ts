import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  openTokenShards,
  writeTokenShards,
  type TokenDataset,
  type WriteTokenShardsOptions,
} from '../../../src/main/llm/data/token-shards.ts';
import type { TextDocument } from '../../../src/main/llm/data/text-files.ts';
import { readDocuments } from '../../../src/main/llm/data/text-files.ts';
import { trainTokenizer } from '../../../src/main/llm/tokenizers/train.ts';
import { byteTokenizer, textOf } from './byte-tokenizer.ts';
import { temporaryFolder } from './temporary-folder.ts';

async function* documentsOf(texts: readonly (string | readonly string[])[]): AsyncGenerator<TextDocument> {
  for (const [index, text] of texts.entries()) {
    const pieces = typeof text === 'string' ? [text] : text;
    for (const [place, piece] of pieces.entries())
      yield { text: piece, source: 'made up', index, continues: place < pieces.length - 1 };
  }
}

async function* documentTexts(documents: AsyncIterable<TextDocument>): AsyncGenerator<string> {
  for await (const { text } of documents) yield text;
}

type Split = WriteTokenShardsOptions['split'];
const split = (mode: Split['mode'], validationFraction = 0.1, seed = 1): Split => ({
  mode,
  validationFraction,
  seed,
});
const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `text ${index}.`);

async function written(
  texts: readonly (string | readonly string[])[],
  how: Split,
  options: Partial<WriteTokenShardsOptions> = {},
): Promise<{ folder: string; dataset: TokenDataset }> {
  const folder = path.join(await temporaryFolder(), 'tokens');
  await writeTokenShards({
    documents: documentsOf(texts),
    tokenizer: byteTokenizer,
    folder,
    split: how,
    ...options,
  });
  return { folder, dataset: await openTokenShards(folder) };
}

const whole = (part: TokenDataset['train']): string => textOf(part.read(0, part.tokens));

async function validationOf(count: number, seed: number): Promise<string[]> {
  const { dataset } = await written(numbered(count), split('document', 0.15, seed));
  const texts = whole(dataset.validation).split('|');
  dataset.close();
  return texts;
}

async function* failing(): AsyncGenerator<TextDocument> {
  yield* documentsOf(numbered(30));
  throw new Error('the source failed');
}

async function make(): Promise<string> {
  const { folder, dataset } = await written(numbered(40), split('auto'));
  dataset.close();
  return folder;
}

describe('Token shards split by document', () => {
  it('keep whole documents aside, with an end-of-text token between documents', async () => {
    const texts = numbered(50);
    const { dataset } = await written(texts, split('auto'));
    expect(dataset.index.split).toEqual({
      mode: 'document',
      requested: 'auto',
      validationFraction: 0.1,
      seed: 1,
    });
    const train = whole(dataset.train).split('|');
    const validation = whole(dataset.validation).split('|');
    expect([...train, ...validation].toSorted()).toEqual(texts.toSorted());
    expect(validation).toHaveLength(5);
    expect(dataset.train.documents).toBe(45);
    expect(dataset.validation.bytes).toBe(validation.join('').length);
    expect(dataset.train.bytes).toBe(train.join('').length);
    expect(train).toEqual(texts.filter((text) => train.includes(text)));
    dataset.close();
  });

  it('keep the same documents aside when documents are added later', async () => {
    const few = await validationOf(40, 7);
    const many = await validationOf(90, 7);
    expect(many.slice(0, few.length)).toEqual(few);
    expect(await validationOf(40, 8)).not.toEqual(few);
  });

  it('come out the same whether long documents arrive whole or in pieces', async () => {
    const texts = numbered(30);
    const a = await written(texts, split('auto'));
    const b = await written(
      texts.map((text) => [text.slice(0, 2), text.slice(2, 5), text.slice(5)]),
      split('auto'),
    );
    expect(b.dataset.index).toEqual(a.dataset.index);
  });

  it('have text on both sides for any seed, fraction and number of documents from 2', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 45 }),
        fc.double({ min: 0.01, max: 0.9, noNaN: true }),
        fc.nat(),
        async (count, fraction, seed) => {
          const { dataset, folder } = await written(numbered(count), split('document', fraction, seed));
          expect(dataset.train.documents + dataset.validation.documents).toBe(count);
          expect(dataset.validation.documents).toBeGreaterThan(0);
          expect(dataset.train.documents).toBeGreaterThan(0);
          dataset.close();
          await rm(folder, { recursive: true });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('refuse a single document, and say what to do', async () => {
    await expect(written(['alone'], split('document'))).rejects.toThrow(
      /only one document.*Set data.split to position/,
    );
  });
});

describe('Token shards split by position', () => {
  it('keep the last part of one long text aside', async () => {
    const text = 'abcdefghij'.repeat(1000);
    const { dataset } = await written([text], split('auto'));
    expect(dataset.index.split.mode).toBe('position');
    expect(whole(dataset.train)).toBe(text.slice(0, 9000));
    expect(whole(dataset.validation)).toBe(text.slice(9000));
    expect([dataset.train.bytes, dataset.validation.bytes]).toEqual([9000, 1000]);
    expect([dataset.train.documents, dataset.validation.documents]).toEqual([1, 1]);
    dataset.close();
  });

  it('measure the position in bytes of text, so that tokenizers share the validation text', async () => {
    const text = 'é'.repeat(500) + 'x'.repeat(1000); // 2000 bytes
    const characters = {
      vocabularySize: 300,
      endOfText: 299,
      hash: '0'.repeat(64),
      encode: (part: string) => Uint32Array.from(part, (character) => character.charCodeAt(0)),
      tokenBytes: (id: number) =>
        id === 299 ? new Uint8Array(0) : new TextEncoder().encode(String.fromCharCode(id)),
    };
    const a = await written([text], split('position', 0.75));
    const b = await written([text], split('position', 0.75), { tokenizer: characters });
    expect([a.dataset.train.bytes, a.dataset.validation.bytes]).toEqual([500, 1500]);
    expect([b.dataset.train.bytes, b.dataset.validation.bytes]).toEqual([500, 1500]);
    expect(b.dataset.train.tokens).toBe(250);
  });

  it('keep the end-of-text tokens of several documents', async () => {
    const { dataset } = await written(['aaaa', 'bbbb', 'cccc'], split('position', 0.5));
    expect([whole(dataset.train), whole(dataset.validation)]).toEqual(['aaaa|bb', 'bb|cccc']);
    expect([dataset.train.documents, dataset.validation.documents]).toEqual([2, 2]);
  });

  it('lose the separator when the cut falls between documents', async () => {
    const { dataset } = await written(['aaaa', 'bbbb'], split('position', 0.5));
    expect([whole(dataset.train), whole(dataset.validation)]).toEqual(['aaaa', 'bbbb']);
  });

  it('refuse a text too short to split, and no text', async () => {
    await expect(written(['abc'], split('auto'))).rejects.toThrow(
      /3 tokens, which leaves fewer than 2 for validation/,
    );
    await expect(written([], split('auto'))).rejects.toThrow('The data holds no text.');
  });
});

describe('Token shards of a long text that is read in pieces', () => {
  it('have the tokens of the whole text, with a tokenizer that splits words', async () => {
    const folder = await temporaryFolder();
    const text = Array.from(
      { length: 400 },
      (_, index) =>
        `It's ${index} bar, isn't it?\n\n  The pump (P-${index % 7}) hums…  "Stop!"\n世界，ポンプ。`,
    ).join('');
    const source = { path: path.join(folder, 'long.txt'), name: 'long.txt' };
    await writeFile(source.path, text);
    const tokenizer = await trainTokenizer({
      documents: documentTexts(readDocuments([source])),
      kind: 'bpe',
      vocabularySize: 400,
      minimumFrequency: 2,
    });
    const target = path.join(folder, 'tokens');
    const documents = readDocuments([source], { pieceLength: 97 });
    await writeTokenShards({ documents, tokenizer, folder: target, split: split('position', 0.5) });
    const dataset = await openTokenShards(target);
    const { train, validation } = dataset;
    const ids = [...train.read(0, train.tokens), ...validation.read(0, validation.tokens)];
    expect(ids).toEqual([...tokenizer.encode(text)]);
    expect(train.bytes + validation.bytes).toBe(Buffer.byteLength(text));
    dataset.close();
  });
});

describe('Token shards on disk', () => {
  it('are plain little-endian integers in files of bounded size, as the index says', async () => {
    const { folder, dataset } = await written(numbered(400), split('auto'), { shardBytes: 1000 });
    const { shards } = dataset.index.splits.train;
    expect(shards.length).toBeGreaterThan(3);
    const files = await Promise.all(shards.map(({ file }) => readFile(path.join(folder, file))));
    files.forEach((bytes, place) => {
      expect(bytes.length).toBe(2 * shards[place]!.tokens);
      expect(bytes.length).toBeLessThanOrEqual(1000);
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(shards[place]!.sha256);
    });
    const joined = Buffer.concat(files);
    const ids = Uint32Array.from({ length: joined.length / 2 }, (_, place) => joined.readUInt16LE(2 * place));
    expect(textOf(ids)).toBe(whole(dataset.train));
    expect((await readdir(folder)).toSorted()).toEqual(
      [
        'index.json',
        'loam',
        ...Object.values(dataset.index.splits).flatMap((part) => part.shards.map(({ file }) => file)),
      ].toSorted(),
    );
    dataset.close();
  });

  it('give any range, across shards and blocks', async () => {
    const text = Array.from({ length: 30_000 }, (_, index) => `${index} `).join('');
    const { dataset } = await written([text], split('position', 0.2), { shardBytes: 100_001 });
    const train = text.slice(0, dataset.train.tokens);
    fc.assert(
      fc.property(fc.nat({ max: train.length }), fc.nat({ max: 80_000 }), (start, length) => {
        const count = Math.min(length, train.length - start);
        expect(textOf(dataset.train.read(start, count))).toBe(train.slice(start, start + count));
      }),
      { numRuns: 50 },
    );
    expect(() => dataset.train.read(train.length - 3, 4)).toThrow(RangeError);
    expect(() => dataset.train.read(-1, 4)).toThrow(RangeError);
    dataset.close();
  });

  it('take four bytes a token when the vocabulary needs it', async () => {
    const large = {
      ...byteTokenizer,
      vocabularySize: 70_000,
      encode: (text: string) => Uint32Array.from(text, (character) => 66_000 + character.charCodeAt(0)),
    };
    const { folder, dataset } = await written(['abcdefgh'], split('position', 0.5), {
      tokenizer: { ...large, tokenBytes: (id) => Uint8Array.of(id - 66_000) },
    });
    expect(dataset.index.dtype).toBe('uint32');
    expect([...dataset.train.read(0, 4)]).toEqual([66_097, 66_098, 66_099, 66_100]);
    expect((await readFile(path.join(folder, 'train-00000.bin'))).readUInt32LE(4)).toBe(66_098);
    dataset.close();
  });

  it('appear whole or not at all: a failure leaves nothing behind', async () => {
    const parent = await temporaryFolder();
    const folder = path.join(parent, 'tokens');
    await expect(
      writeTokenShards({ documents: failing(), tokenizer: byteTokenizer, folder, split: split('auto') }),
    ).rejects.toThrow('the source failed');
    expect(await readdir(parent)).toEqual([]);
  });

  it('stop on the signal, say so, and leave nothing behind', async () => {
    const parent = await temporaryFolder();
    const controller = new AbortController();
    async function* stopping(): AsyncGenerator<TextDocument> {
      for await (const document of documentsOf(numbered(30))) {
        if (document.index === 25) controller.abort();
        yield document;
      }
    }
    const writing = writeTokenShards({
      documents: stopping(),
      tokenizer: byteTokenizer,
      folder: path.join(parent, 'tokens'),
      split: split('auto'),
      signal: controller.signal,
    });
    await expect(writing).rejects.toMatchObject({ name: 'LoamError', kind: 'interrupted' });
    expect(await readdir(parent)).toEqual([]);
  });

  it('already there with the same contents are kept; something else is not overwritten', async () => {
    const { folder, dataset } = await written(numbered(30), split('auto'));
    const again = (texts: readonly string[]) =>
      writeTokenShards({
        documents: documentsOf(texts),
        tokenizer: byteTokenizer,
        folder,
        split: split('auto'),
      });
    expect(await again(numbered(30))).toEqual(dataset.index);
    await expect(again(numbered(31))).rejects.toThrow(/Something else is already there/);
    expect((await openTokenShards(folder)).index).toEqual(dataset.index);
    expect(await readdir(path.dirname(folder))).toEqual(['tokens']);
  });

  it('report their progress in documents, bytes and tokens', async () => {
    const seen: number[] = [];
    await written(numbered(40), split('auto'), {
      onProgress: ({ documents, bytes, tokens }) => seen.push(documents, bytes, tokens),
    });
    expect(seen.slice(-3)).toEqual([40, numbered(40).join('').length, numbered(40).join('').length]);
  });
});

describe('Damaged token shards', () => {
  it('are refused when a shard is missing', async () => {
    const folder = await make();
    await rm(path.join(folder, 'train-00000.bin'));
    await expect(openTokenShards(folder)).rejects.toThrow(
      /train-00000.bin: The stored tokens are damaged. The file is missing. Delete this folder/,
    );
  });

  it('are refused when a shard is cut short', async () => {
    const folder = await make();
    await truncate(path.join(folder, 'train-00000.bin'), 100);
    await expect(openTokenShards(folder)).rejects.toThrow(/It has 100 bytes, but the index says/);
  });

  it('are refused when a byte has changed', async () => {
    const folder = await make();
    const file = path.join(folder, 'validation-00000.bin');
    const bytes = await readFile(file);
    bytes[4]! ^= 1;
    await writeFile(file, bytes);
    await expect(openTokenShards(folder)).rejects.toThrow(/do not match the index/);
  });

  it('are refused on reading when they hold what is no token, even unverified', async () => {
    const folder = await make();
    const file = path.join(folder, 'train-00000.bin');
    const bytes = await readFile(file);
    bytes.writeUInt16LE(300, 20);
    await writeFile(file, bytes);
    const dataset = await openTokenShards(folder, { verify: false });
    expect(() => dataset.train.read(0, 20)).toThrow(/Token 10 is 300, beyond the vocabulary of 257/);
    dataset.close();
  });

  it('are refused when the index is missing, no JSON, foreign, of a newer version or contradicts itself', async () => {
    const folder = await make();
    const file = path.join(folder, 'index.json');
    const index = await readFile(file, 'utf8');
    const withIndex = async (text: string): Promise<unknown> => {
      await writeFile(file, text);
      return openTokenShards(folder);
    };
    await expect(withIndex(index.slice(0, 50))).rejects.toThrow(/not JSON/);
    await expect(withIndex('{"tokens": 4}')).rejects.toThrow(/not valid/);
    await expect(withIndex(index.replace('"version": 1', '"version": 2'))).rejects.toThrow(
      /newer Loam \(format 2/,
    );
    await expect(withIndex(index.replace(/"tokens": (\d+)/, '"tokens": 1$1'))).rejects.toThrow(
      /The train split has 1\d+ tokens, its shards \d+/,
    );
    await expect(withIndex(index.replace('train-00000.bin', '../elsewhere.bin'))).rejects.toThrow(
      /not valid/,
    );
    await rm(file);
    await expect(openTokenShards(folder)).rejects.toMatchObject({ name: 'LoamError' });
  });

  it('and folders that cannot be written are accounted for', async () => {
    const parent = await temporaryFolder();
    await mkdir(path.join(parent, 'a'));
    await writeFile(path.join(parent, 'a', 'file'), '');
    const folder = path.join(parent, 'a', 'file', 'tokens');
    await expect(
      writeTokenShards({
        documents: documentsOf(numbered(3)),
        tokenizer: byteTokenizer,
        folder,
        split: split('auto'),
      }),
    ).rejects.toMatchObject({ name: 'LoamError' });
  });
});
