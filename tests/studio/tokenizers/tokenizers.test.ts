import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { projectHeader } from '../../../src/shared/rpc.ts';
import { longestEncodedText } from '../../../src/shared/tokenizers/encoding.ts';
import { importDataset } from '../../../src/main/studio/datasets/datasets.ts';
import { forkLauncher } from '../../../src/main/studio/processes/launcher.ts';
import { router } from '../../../src/main/studio/api/router.ts';
import { createStudio, type Studio } from '../../../src/main/studio/studio.ts';
import { importTokenizer, trainProjectTokenizer } from '../../../src/main/studio/tokenizers/tokenizers.ts';
import { receiveUpload } from '../../../src/main/studio/uploads/uploads.ts';
import { goldenPath } from '../../fixtures/tokenizers/golden.ts';
import { sampleText } from '../../hosts/cli/loam.ts';
import { openProjectPlace, type ProjectPlace } from '../project-place.ts';

let place: ProjectPlace;
let studio: Studio;

beforeEach(async () => {
  place = await openProjectPlace();
  studio = createStudio({ launcher: forkLauncher });
});
afterEach(async () => {
  await studio.close();
  await place.remove();
});

function client() {
  return createRouterClient(router, {
    context: {
      studio,
      reqHeaders: new Headers({ [projectHeader]: encodeURIComponent(place.project.folder) }),
    },
  }).tokenizers;
}

async function importSample(): Promise<void> {
  await importDataset(place.project, {
    name: 'records',
    paths: [await place.write('records.txt', sampleText(400))],
  });
}

describe('training', () => {
  test('runs as a job in another process and keeps the tokenizer', async () => {
    await importSample();
    const { job } = await client().train({
      name: 'words',
      dataset: 'records',
      configuration: { kind: 'bpe', vocabularySize: 300, minimumFrequency: 2 },
    });
    const { jobs } = studio.project(place.project.folder);
    expect(jobs.show(job)).toMatchObject({
      kind: 'tokenizer',
      status: 'running',
      subject: { noun: 'tokenizer', name: 'words' },
    });
    await expect.poll(() => jobs.show(job).status, { timeout: 20_000 }).toBe('completed');
    const [kept] = await client().list();
    expect(kept).toMatchObject({ name: 'words', vocabularySize: 300, dataset: 'records', runs: [] });
    expect(kept?.bytes).toBeGreaterThan(1000);
  });

  test('is refused at once for a name in use, a job of that name, and a dataset that is not there', async () => {
    await importSample();
    const configuration = { kind: 'char', vocabularySize: 300, minimumFrequency: 2 } as const;
    await expect(client().train({ name: 'words', dataset: 'record', configuration })).rejects.toMatchObject({
      data: { what: 'There is no such dataset in this project.' },
    });
    await client().train({ name: 'words', dataset: 'records', configuration });
    await expect(client().train({ name: 'words', dataset: 'records', configuration })).rejects.toMatchObject({
      data: { what: 'A tokenizer of this name is being trained right now.' },
    });
    await expect.poll(async () => (await client().list()).length, { timeout: 20_000 }).toBe(1);
    await expect(client().train({ name: 'words', dataset: 'records', configuration })).rejects.toMatchObject({
      data: { what: 'There is a tokenizer of this name already.' },
    });
  });

  test('leaves nothing behind when it is cancelled', async () => {
    await importSample();
    const { job } = await client().train({
      name: 'words',
      dataset: 'records',
      configuration: { kind: 'bpe', vocabularySize: 5000, minimumFrequency: 1 },
    });
    const { jobs } = studio.project(place.project.folder);
    jobs.cancel(job);
    await expect.poll(() => jobs.show(job).status, { timeout: 20_000 }).toBe('cancelled');
    expect(await client().list()).toEqual([]);
  });

  test('never replaces a tokenizer that got the name meanwhile', async () => {
    await importSample();
    const configuration = { kind: 'char', vocabularySize: 300, minimumFrequency: 2 } as const;
    // Whichever is done first has the name.
    const [trained, imported] = await Promise.allSettled([
      trainProjectTokenizer(place.project, { name: 'words', dataset: 'records', configuration }),
      importTokenizer(place.project, 'words', goldenPath('gpt4')),
    ]);
    const refusals = [trained, imported].filter((outcome) => outcome.status === 'rejected');
    expect(refusals.map(({ reason }) => String(reason))).toEqual([
      expect.stringContaining('There is a tokenizer of this name already.'),
    ]);
    const { tokens } = await client().encode({ name: 'words', text: 'the' });
    expect(tokens).toHaveLength(imported.status === 'fulfilled' ? 1 : 3);
  });
});

describe('encoding', () => {
  test('takes half a surrogate pair, a zero and half a character as what they are', async () => {
    await importTokenizer(place.project, 'foreign', goldenPath('gpt4'));
    const { tokens, characters } = await client().encode({ name: 'foreign', text: 'a\ud83d\u0000控' });
    expect(characters).toBe(4);
    expect(tokens.map((token) => token.bytes).join('')).toBe('61efbfbd00e68ea7');
    expect(tokens.at(-1)).toMatchObject({ start: 3, end: 4 });
    const { tokens: split } = await client().encode({ name: 'foreign', text: '€' });
    expect(split.map(({ kind, text, bytes }) => [kind, text, bytes])).toEqual([
      ['bytes', '<0xE2>', 'e2'],
      ['bytes', '<0x82>', '82'],
      ['bytes', '<0xAC>', 'ac'],
    ]);
  });

  test('says which characters a vocabulary lacks', async () => {
    await importTokenizer(place.project, 'letters', goldenPath('characters'));
    const { tokens, restored } = await client().encode({ name: 'letters', text: 'the ₿\uFFFD' });
    expect(tokens.map(({ kind }) => kind)).toEqual(['text', 'text', 'text', 'text', 'unknown', 'text']);
    expect(restored).toBe(false);
  });

  test('is refused for a text that is too long, with its length', async () => {
    await importTokenizer(place.project, 'letters', goldenPath('characters'));
    const text = 'x'.repeat(longestEncodedText + 1);
    await expect(client().encode({ name: 'letters', text })).rejects.toMatchObject({
      data: { what: expect.stringContaining('20,001 characters') as string },
    });
  });

  test('says so when the tokenizer was changed on the disk', async () => {
    await importTokenizer(place.project, 'letters', goldenPath('characters'));
    const file = 'project/tokenizers/letters/tokenizer.json';
    const json = await readFile(goldenPath('gpt4/tokenizer.json'), 'utf8');
    await place.write(file, json);
    await expect(client().encode({ name: 'letters', text: 'x' })).rejects.toMatchObject({
      data: { what: expect.stringContaining('was changed') as string },
    });
  });
});

describe('comparing', () => {
  test('counts the same text with each tokenizer', async () => {
    await importTokenizer(place.project, 'pieces', goldenPath('gpt4'));
    await importTokenizer(place.project, 'letters', goldenPath('characters'));
    const text = 'The pump is worn. €';
    const { sample, tokenizers } = await client().compare({
      names: ['pieces', 'letters'],
      sample: { kind: 'text', text },
    });
    expect(sample).toEqual({ characters: 19, words: 4, bytes: 21 });
    const [pieces, letters] = tokenizers;
    expect(letters).toMatchObject({
      tokens: 19,
      tokensPerWord: 19 / 4,
      charactersPerToken: 1,
      partialShare: 0,
    });
    expect(letters?.unknownShare).toBeCloseTo(1 / 19);
    expect(letters?.lostShare).toBeCloseTo(1 / 19);
    expect(pieces?.lostShare).toBe(0);
    expect(pieces?.unknownShare).toBe(0);
    expect(pieces?.partialShare).toBeCloseTo(3 / (pieces?.tokens ?? 0));
    expect(pieces?.restored).toBe(true);
  });

  test('takes a sample of a dataset, and says nothing about a text without words', async () => {
    await importSample();
    await importTokenizer(place.project, 'pieces', goldenPath('gpt4'));
    const { sample, tokenizers } = await client().compare({
      names: ['pieces'],
      sample: { kind: 'dataset', dataset: 'records' },
    });
    expect(sample.bytes).toBeGreaterThan(1000);
    expect(tokenizers[0]?.bytesPerToken).toBeGreaterThan(1);
    const empty = await client().compare({ names: ['pieces'], sample: { kind: 'text', text: '' } });
    expect(empty.tokenizers[0]).toMatchObject({ tokens: 0, tokensPerWord: null, bytesPerToken: null });
  });
});

describe('the vocabulary', () => {
  test('comes in pages, and a search finds texts in either case and ids', async () => {
    await importTokenizer(place.project, 'pieces', goldenPath('gpt4'));
    const first = await client().vocabulary({ name: 'pieces', from: 0, count: 3 });
    expect(first.total).toBe(700);
    expect(first.tokens).toEqual([
      { id: 0, text: '<|endoftext|>', bytes: '', kind: 'special' },
      { id: 1, text: '!', bytes: '21', kind: 'text' },
      { id: 2, text: '"', bytes: '22', kind: 'text' },
    ]);
    expect((await client().vocabulary({ name: 'pieces', from: 699, count: 50 })).tokens).toHaveLength(1);
    expect((await client().vocabulary({ name: 'pieces', from: 5000, count: 50 })).tokens).toEqual([]);
    const found = await client().vocabulary({ name: 'pieces', from: 0, count: 50, search: 'STATUS' });
    expect(found.tokens.map(({ text }) => text.toLowerCase()).every((text) => text.includes('status'))).toBe(
      true,
    );
    expect(found.total).toBeGreaterThan(0);
    const byId = await client().vocabulary({ name: 'pieces', from: 0, count: 50, search: '257' });
    expect(byId.tokens[0]?.id).toBe(257);
  });
});

describe('importing', () => {
  async function upload(name: string, content: string): Promise<string> {
    const { id } = await receiveUpload(place.project, {
      name,
      size: undefined,
      content: Readable.from([Buffer.from(content)]),
    });
    return id;
  }

  test('takes an uploaded tokenizer.json under any name, and the two files of GPT-2', async () => {
    const json = await readFile(goldenPath('gpt4/tokenizer.json'), 'utf8');
    const one = await client().import({
      name: 'one',
      from: { kind: 'uploads', ids: [await upload('my tokenizer (2).json', json)] },
    });
    expect(one.vocabularySize).toBe(700);
    const ids = [
      await upload('gpt2/vocab.json', await readFile(goldenPath('gpt2/vocab.json'), 'utf8')),
      await upload('gpt2/merges.txt', await readFile(goldenPath('gpt2/merges.txt'), 'utf8')),
    ];
    const two = await client().import({ name: 'two', from: { kind: 'uploads', ids } });
    expect(two.kind).toBe('bpe');
    await expect(client().import({ name: 'three', from: { kind: 'uploads', ids } })).rejects.toMatchObject({
      data: { what: 'The file that was added is no longer there.' },
    });
  });

  test('says what is wrong with files that are no tokenizer', async () => {
    const ids = [await upload('notes.json', '{"a": 1}')];
    await expect(client().import({ name: 'one', from: { kind: 'uploads', ids } })).rejects.toMatchObject({
      data: { what: expect.stringContaining('broken') as string, where: 'notes.json' },
    });
    const several = [await upload('a.txt', 'a'), await upload('b.txt', 'b')];
    await expect(
      client().import({ name: 'one', from: { kind: 'uploads', ids: several } }),
    ).rejects.toMatchObject({ data: { what: 'None of these files is part of a tokenizer.' } });
    expect(await client().list()).toEqual([]);
  });
});

test('deleting says what it frees, and a name can be used again for another tokenizer', async () => {
  await importTokenizer(place.project, 'pieces', goldenPath('gpt4'));
  const { bytes } = await client().show({ name: 'pieces' });
  await client().encode({ name: 'pieces', text: 'a' });
  expect(await client().delete({ name: 'pieces' })).toEqual({ freedBytes: bytes });
  await expect(client().encode({ name: 'pieces', text: 'a' })).rejects.toMatchObject({
    data: { what: 'There is no such tokenizer in this project.' },
  });
  await importTokenizer(place.project, 'pieces', goldenPath('characters'));
  expect((await client().encode({ name: 'pieces', text: 'the' })).tokens).toHaveLength(3);
});
