import { appendFile, mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  deleteDataset,
  importDataset,
  listDatasets,
  requireDataset,
  showDataset,
} from '../../../src/main/studio/datasets/datasets.ts';
import { encodeDataset, tokensHash } from '../../../src/main/studio/datasets/encoded-datasets.ts';
import {
  dataConfigurationSchema,
  tokenizerConfigurationSchema,
} from '../../../src/shared/runs/configuration.ts';
import {
  findOrTrainTokenizer,
  openTokenizer,
  trainProjectTokenizer,
} from '../../../src/main/studio/tokenizers/tokenizers.ts';
import { sampleText } from '../../hosts/cli/loam.ts';
import { openProjectPlace, type ProjectPlace } from '../project-place.ts';

let place: ProjectPlace;
beforeEach(async () => {
  place = await openProjectPlace();
});
afterEach(() => place.remove());

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const kept = async (): Promise<readonly string[]> =>
  (await readdir(join(place.project.folder, 'sources')).catch(() => [])).toSorted((a, b) => (a < b ? -1 : 1));

describe('importing a dataset', () => {
  test('files are kept once under the hash of their content, and the dataset keeps their names and order', async () => {
    const { project, write } = place;
    const paths = [
      await write('b.txt', 'second text'),
      await write('a.txt', 'first text'),
      await write('copy.txt', 'second text'),
    ];
    expect(await importDataset(project, { name: 'texts', paths })).toMatchObject({
      name: 'texts',
      files: 3,
      bytes: 32,
    });
    expect(showDataset(project, 'texts').sources.map(({ name, hash }) => [name, hash])).toEqual([
      ['b.txt', sha256('second text')],
      ['a.txt', sha256('first text')],
      ['copy.txt', sha256('second text')],
    ]);
    expect(await kept()).toEqual(
      [sha256('first text'), sha256('second text')].toSorted((a, b) => (a < b ? -1 : 1)),
    );
    expect(await readFile(project.paths.source(sha256('first text')), 'utf8')).toBe('first text');
  });

  test('a folder means the text files in it and below, and links that loop do no harm', async () => {
    const { project, folder } = place;
    await mkdir(join(folder, 'texts', 'inner'), { recursive: true });
    await writeFile(join(folder, 'texts', 'b.txt'), 'b');
    await writeFile(join(folder, 'texts', 'inner', 'a.md'), 'a');
    await writeFile(join(folder, 'texts', 'picture.png'), 'no text');
    await writeFile(join(folder, 'texts', '.hidden.txt'), 'hidden');
    await symlink(join(folder, 'texts'), join(folder, 'texts', 'inner', 'loop'));
    await importDataset(project, { name: 'texts', paths: [join(folder, 'texts')] });
    expect(showDataset(project, 'texts').sources.map(({ name }) => name)).toEqual([
      'texts/b.txt',
      'texts/inner/a.md',
    ]);
  });

  test('two files of one name are told apart', async () => {
    const { project, folder } = place;
    for (const inner of ['x', 'y']) {
      await mkdir(join(folder, inner));
      await writeFile(join(folder, inner, 'notes.txt'), inner);
    }
    await importDataset(project, {
      name: 'texts',
      paths: [join(folder, 'x', 'notes.txt'), join(folder, 'y', 'notes.txt')],
    });
    expect(showDataset(project, 'texts').sources.map(({ name }) => name)).toEqual([
      'notes.txt',
      'notes.txt (2)',
    ]);
  });

  test.each([
    ['an empty file', ''],
    ['a binary file', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13, 0, 1, 2, 3)],
  ])('%s is refused by name, and no dataset comes of it', async (_, content) => {
    const { project, write } = place;
    const paths = [await write('good.txt', 'good'), await write('bad.txt', content)];
    await expect(importDataset(project, { name: 'texts', paths })).rejects.toThrow('bad.txt');
    expect(listDatasets(project)).toEqual([]);
  });

  test('of a folder, files without text are left out and named; a folder of nothing else is refused', async () => {
    const { project, folder } = place;
    await mkdir(join(folder, 'mixed'));
    await mkdir(join(folder, 'bare'));
    await writeFile(join(folder, 'mixed', 'good.txt'), 'good');
    await writeFile(join(folder, 'mixed', 'empty.txt'), '');
    await writeFile(join(folder, 'mixed', 'picture.txt'), Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13));
    await writeFile(join(folder, 'bare', 'empty.txt'), '');
    const leftOut: string[] = [];
    const options = { name: 'texts', onLeftOut: ({ name }: { name: string }) => leftOut.push(name) };
    const imported = await importDataset(project, { ...options, paths: [join(folder, 'mixed')] });
    expect(imported.files).toBe(1);
    expect(leftOut).toEqual(['mixed/empty.txt', 'mixed/picture.txt']);
    await expect(importDataset(project, { name: 'none', paths: [join(folder, 'bare')] })).rejects.toThrow(
      'empty.txt',
    );
    expect(listDatasets(project)).toHaveLength(1);
  });

  test('a line of JSON without text is told when the file is imported, in a folder too', async () => {
    const { project, folder } = place;
    await mkdir(join(folder, 'lines'));
    await writeFile(join(folder, 'lines', 'a.jsonl'), '{"text":"one"}\n{"body":"two"}\n');
    await expect(importDataset(project, { name: 'texts', paths: [join(folder, 'lines')] })).rejects.toThrow(
      /a\.jsonl, line 2: .*Rename the field/,
    );
    expect(listDatasets(project)).toEqual([]);
    expect(await kept()).toEqual([]);
  });

  test('a name in use is refused; with replace the new files take it, and the old ones stay for their runs', async () => {
    const { project, write } = place;
    const first = [await write('a.txt', 'first')];
    const second = [await write('b.txt', 'second')];
    await importDataset(project, { name: 'texts', paths: first });
    const { id } = requireDataset(project, 'texts');
    await expect(importDataset(project, { name: 'texts', paths: second })).rejects.toThrow(
      /the new files replace the old ones/,
    );
    await importDataset(project, { name: 'texts', paths: second, replace: true });
    expect(listDatasets(project)).toHaveLength(1);
    expect(requireDataset(project, 'texts').id).not.toBe(id);
    expect(await kept()).toHaveLength(2);
  });

  test.each(['', '../up', 'a/b', 'a@b', '.hidden', 'CON', 'nul.txt', 'x'.repeat(81)])(
    'the name %j is refused',
    async (name) => {
      const paths = [await place.write('a.txt', 'text')];
      await expect(importDataset(place.project, { name, paths })).rejects.toMatchObject({ kind: 'misuse' });
    },
  );

  test('deleting frees what no other dataset uses, and is refused while a tokenizer was learnt from it', async () => {
    const { project, write } = place;
    const shared = await write('shared.txt', sampleText(50));
    await importDataset(project, { name: 'one', paths: [shared, await write('own.txt', 'only here')] });
    await importDataset(project, { name: 'two', paths: [shared] });
    await trainProjectTokenizer(project, {
      name: 'letters',
      dataset: 'two',
      configuration: tokenizerConfigurationSchema.parse({ kind: 'char' }),
    });
    expect(await deleteDataset(project, 'one')).toEqual({ freedBytes: 'only here'.length });
    expect(await kept()).toEqual([sha256(sampleText(50))]);
    await expect(deleteDataset(project, 'two')).rejects.toThrow('tokenizer letters');
  });
});

describe('encoding a dataset', () => {
  const data = dataConfigurationSchema.parse({});

  test('tokens are made once for the same texts, tokenizer, end of text and split, and anew when one of them differs', async () => {
    const { project, write } = place;
    await importDataset(project, { name: 'texts', paths: [await write('a.txt', sampleText(100))] });
    const { id } = requireDataset(project, 'texts');
    await trainProjectTokenizer(project, {
      name: 'letters',
      dataset: 'texts',
      configuration: tokenizerConfigurationSchema.parse({ kind: 'char' }),
    });
    const tokenizer = await openTokenizer(project, 'letters');
    const first = await encodeDataset(project, id, tokenizer, data);
    let worked = false;
    expect(await encodeDataset(project, id, tokenizer, data, { onProgress: () => (worked = true) })).toEqual(
      first,
    );
    expect(worked).toBe(false);
    expect(await tokensHash(project, id, tokenizer, { ...data, validationFraction: 0.2 })).not.toBe(
      first.hash,
    );
    expect(await tokensHash(project, id, { ...tokenizer, hash: 'another' }, data)).not.toBe(first.hash);
    const { endOfText } = tokenizer;
    expect(await tokensHash(project, id, { ...tokenizer, endOfText: endOfText + 1 }, data)).not.toBe(
      first.hash,
    );
    await importDataset(project, {
      name: 'texts',
      paths: [await write('b.txt', sampleText(101))],
      replace: true,
    });
    expect(await tokensHash(project, requireDataset(project, 'texts').id, tokenizer, data)).not.toBe(
      first.hash,
    );
  });

  test('a tokenizer is learnt once for the same dataset and settings', async () => {
    const { project, write } = place;
    await importDataset(project, { name: 'texts', paths: [await write('a.txt', sampleText(100))] });
    const ask = (vocabularySize: number) =>
      findOrTrainTokenizer(project, {
        dataset: 'texts',
        configuration: tokenizerConfigurationSchema.parse({ kind: 'bpe', vocabularySize }),
      });
    expect(await ask(300)).toMatchObject({ created: true, tokenizer: { name: 'texts-bpe-300' } });
    expect(await ask(300)).toMatchObject({ created: false, tokenizer: { name: 'texts-bpe-300' } });
    expect(await ask(310)).toMatchObject({ created: true, tokenizer: { name: 'texts-bpe-310' } });
  });

  test('a tokenizer that was changed on the disk is refused', async () => {
    const { project, write } = place;
    await importDataset(project, { name: 'texts', paths: [await write('a.txt', sampleText(100))] });
    await trainProjectTokenizer(project, {
      name: 'letters',
      dataset: 'texts',
      configuration: tokenizerConfigurationSchema.parse({ kind: 'char' }),
    });
    await appendFile(join(project.paths.tokenizer('letters'), 'tokenizer.json'), '\n');
    await expect(openTokenizer(project, 'letters')).rejects.toThrow('was changed');
  });
});
