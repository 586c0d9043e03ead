import { existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { datasetDocuments } from '../../../src/main/studio/datasets/dataset-documents.ts';
import { readDatasetVersion } from '../../../src/main/studio/datasets/dataset-rows.ts';
import {
  deleteDataset,
  describeDeletion,
  importDataset,
  listDatasets,
  requireDataset,
  showDataset,
} from '../../../src/main/studio/datasets/datasets.ts';
import { inspectFiles } from '../../../src/main/studio/datasets/inspect-files.ts';
import { changeRecipe, historyOf } from '../../../src/main/studio/datasets/recipes.ts';
import { removeFiles } from '../../../src/main/studio/datasets/sources-of-dataset.ts';
import type { RecipeChange } from '../../../src/shared/datasets/recipe.ts';
import { openProjectPlace, type ProjectPlace } from '../project-place.ts';

let place: ProjectPlace;
beforeEach(async () => {
  place = await openProjectPlace();
});
afterEach(() => place.remove());

async function textsOf(name: string): Promise<readonly string[]> {
  const texts: string[] = [];
  const { id } = requireDataset(place.project, name);
  for await (const { text } of datasetDocuments(place.project, readDatasetVersion(place.project, id)))
    texts.push(text);
  return texts;
}

/** What lies in the project but the store itself: nothing that failed may leave anything. */
const leftIn = async (folder: string): Promise<readonly string[]> =>
  readdir(join(place.project.folder, folder)).catch(() => []);

describe('Importing tables', () => {
  test('gives the text column of csv, tsv, json and jsonl, in the order of the files', async () => {
    const { project, write } = place;
    const paths = [
      await write('a.csv', 'id;body;category\n1;"one; ""quoted""";x\n2;two;y\n'),
      await write('b.tsv', 'id\tbody\n3\tthree\n'),
      await write('c.json', '[{"body": "four"}, "five"]'),
      await write('d.jsonl', '{"body": "six"}\n'),
      await write('e.txt', 'seven'),
    ];
    await importDataset(project, { name: 'mixed', paths });
    expect(await textsOf('mixed')).toEqual(['one; "quoted"', 'two', 'three', 'four', 'five', 'six', 'seven']);
    const { sources, columns } = showDataset(project, 'mixed');
    expect(sources.map(({ format }) => format)).toEqual(['csv', 'tsv', 'json', 'jsonl', 'text']);
    expect(columns).toContainEqual({ name: 'body', role: 'text' });
    expect(columns).toContainEqual({ name: 'category', role: 'label' });
  });

  test('makes one text of question and answer, and of columns as somebody maps them', async () => {
    const { project, write } = place;
    const paths = [await write('q.csv', 'question,answer\nWhy?,Because.\n')];
    await importDataset(project, { name: 'guessed', paths });
    expect(await textsOf('guessed')).toEqual(['### Instruction:\nWhy?\n\n### Response:\nBecause.']);
    await importDataset(project, { name: 'mapped', paths, columns: { answer: 'text' } });
    expect(await textsOf('mapped')).toEqual(['Because.']);
    expect(listDatasets(project).map(({ name, steps }) => [name, steps])).toEqual([
      ['guessed', 0],
      ['mapped', 1],
    ]);
    await expect(importDataset(project, { name: 'x', paths, columns: { answr: 'text' } })).rejects.toThrow(
      /Did you mean 'answer'/,
    );
    await expect(importDataset(project, { name: 'x', paths, columns: { answer: 'label' } })).rejects.toThrow(
      /documents would be empty/,
    );
  });

  test.each([
    [
      'a broken quote',
      'bad.csv',
      'a,b\n1,2\n3,"x" y\n4,5\n',
      /bad\.csv, row 2 \(line 3, column 3\)/,
      ['2', '5'],
    ],
    [
      'a bad line',
      'bad.jsonl',
      '{"text":"one"}\n{"text":"tw\n{"text":"three"}\n',
      /line 2/,
      ['one', 'three'],
    ],
    ['a bad element', 'bad.json', '[{"text":"one"}, {"text" 2}]', /element 2/, ['one']],
  ])(
    'of a file with %s says its place and keeps nothing; the rest is offered',
    async (_, file, text, where, rest) => {
      const { project, write } = place;
      const paths = [await write('good.txt', 'good'), await write(file, text)];
      await expect(importDataset(project, { name: 'broken', paths, withIndex: true })).rejects.toThrow(where);
      expect(listDatasets(project)).toEqual([]);
      for (const folder of ['sources', 'documents', 'staging', 'locks'])
        expect(await leftIn(folder)).toEqual([]);
      const notices: string[] = [];
      await importDataset(project, {
        name: 'rest',
        paths: [paths[1] ?? ''],
        leaveOutBadRecords: true,
        columns: { [file === 'bad.csv' ? 'b' : 'text']: 'text' },
        onNotice: (notice) => notices.push(notice),
      });
      expect(await textsOf('rest')).toEqual(rest);
      expect(notices).toEqual([expect.stringMatching(where)]);
    },
  );

  test('in a folder takes all of them, and two files of one name are told apart by a number before the ending', async () => {
    const { project, folder, write } = place;
    await mkdir(join(folder, 'x'));
    await writeFile(join(folder, 'x', 'a.csv'), 'text\none\n');
    await writeFile(join(folder, 'x', 'b.json'), '["two"]');
    await importDataset(project, { name: 'all', paths: [join(folder, 'x')] });
    expect(await textsOf('all')).toEqual(['one', 'two']);
    const paths = [join(folder, 'x', 'a.csv'), await write('a.csv', 'text\nthree\n')];
    await importDataset(project, { name: 'same', paths });
    expect(showDataset(project, 'same').sources.map(({ name }) => name)).toEqual(['a.csv', 'a (2).csv']);
    expect(await textsOf('same')).toEqual(['one', 'three']);
  });

  test.each([
    ['cut.json', '{"a": [1, 2,'],
    ['cut-list.json', '[{"text": "on'],
    ['notes.jsonl', 'no JSON\nat all\n'],
    ['rows.csv', 'a,b\n1\n2\n'],
  ])(
    'of a folder goes on without %s, in which no record can be read, once the rest is asked for',
    async (file, text) => {
      const { project, folder } = place;
      const from = join(folder, 'mixed');
      await mkdir(from);
      await writeFile(join(from, 'good.txt'), 'good');
      await writeFile(join(from, file), text);
      await expect(importDataset(project, { name: 'all', paths: [from] })).rejects.toMatchObject({
        action: { do: 'chooseReading', choice: 'leaveOutBadRecords' },
      });
      const leftOut: { readonly name: string; readonly reason: string }[] = [];
      await importDataset(project, {
        name: 'rest',
        paths: [from],
        leaveOutBadRecords: true,
        onLeftOut: (left) => leftOut.push(left),
      });
      expect(await textsOf('rest')).toEqual(['good']);
      expect(leftOut).toEqual([
        { name: `mixed/${file}`, reason: expect.stringMatching(/^None of its records can be read\./) },
      ]);
    },
  );

  test('leaves nothing behind when it is stopped', async () => {
    const { project, write } = place;
    const stop = new AbortController();
    const paths = [await write('a.csv', `text\n${'a line of text\n'.repeat(200_000)}`)];
    await expect(
      importDataset(project, {
        name: 'stopped',
        paths,
        withIndex: true,
        signal: stop.signal,
        onProgress: ({ stage }) => {
          if (stage === 'indexing') stop.abort();
        },
      }),
    ).rejects.toThrow();
    expect(listDatasets(project)).toEqual([]);
    for (const folder of ['sources', 'documents', 'staging', 'locks'])
      expect(await leftIn(folder)).toEqual([]);
  });

  test('refuses a binary file of 5 GB by its beginning, before it is copied', async () => {
    const path = await place.write('disk-image.txt', '');
    await truncate(path, 5e9);
    const begun = performance.now();
    await expect(importDataset(place.project, { name: 'large', paths: [path] })).rejects.toThrow(
      /binary file/,
    );
    expect(performance.now() - begun).toBeLessThan(5000);
    const { files } = await inspectFiles(place.project, { paths: [path], uploads: [] });
    expect(files).toMatchObject([{ bytes: 5e9, problems: [{ severity: 'refused' }] }]);
  });

  test('removes what a killed import left before it', async () => {
    const { project, write } = place;
    const killed = join(project.paths.staging, '6d1f7a52-0000-4000-8000-000000000000');
    await mkdir(killed, { recursive: true });
    await writeFile(join(killed, '0'), 'half a file');
    await mkdir(join(project.folder, 'sources'), { recursive: true });
    await writeFile(project.paths.source('f'.repeat(64)), 'kept by no dataset');
    await importDataset(project, { name: 'next', paths: [await write('a.txt', 'text')] });
    expect(existsSync(killed)).toBe(false);
    expect(existsSync(project.paths.source('f'.repeat(64)))).toBe(false);
    expect(await textsOf('next')).toEqual(['text']);
  });
});

test('A table’s records are handed on with their labels and fields, where these are asked for', async () => {
  const { project, write } = place;
  const path = await write('a.csv', 'text,label,ward\none,x,north\ntwo,y,south\n');
  await importDataset(project, { name: 'reports', paths: [path] });
  const version = readDatasetVersion(project, requireDataset(project, 'reports').id);
  const found: unknown[] = [];
  for await (const { text, label, fields } of datasetDocuments(project, version, { withFields: true }))
    found.push({ text, label, ward: fields?.get('ward') });
  expect(found).toEqual([
    { text: 'one', label: 'x', ward: 'north' },
    { text: 'two', label: 'y', ward: 'south' },
  ]);
});

describe('A dataset whose files are kept where they are', () => {
  test('is read from there, and refused once a file has changed or is gone', async () => {
    const { project, write } = place;
    const path = await write('a.csv', 'text,label\none,x\n');
    await importDataset(project, { name: 'kept', paths: [path], keepInPlace: true });
    expect(await leftIn('sources')).toEqual([]);
    expect(await textsOf('kept')).toEqual(['one']);
    expect(showDataset(project, 'kept').sources).toMatchObject([{ name: 'a.csv', keptAt: path }]);
    await appendFile(path, 'two,y\n');
    await expect(textsOf('kept')).rejects.toThrow(/has changed since it was imported/);
    await rm(path);
    await expect(textsOf('kept')).rejects.toThrow(/no longer there/);
    expect(await deleteDataset(project, 'kept')).toEqual({ freedBytes: 0 });
  });
});

describe('Files', () => {
  test('are added to a dataset and taken out again; without a recipe its version is the old one then', async () => {
    const { project, write } = place;
    const first = await importDataset(project, { name: 'texts', paths: [await write('a.txt', 'one')] });
    const second = await importDataset(project, {
      name: 'texts',
      paths: [await write('b.txt', 'two')],
      append: true,
    });
    expect(second).toMatchObject({ files: 2 });
    expect(second.hash).not.toBe(first.hash);
    expect(await textsOf('texts')).toEqual(['one', 'two']);
    await expect(
      removeFiles(project, { name: 'texts', version: first.hash, files: ['b.txt'] }),
    ).rejects.toThrow(/changed in another window/);
    expect(await removeFiles(project, { name: 'texts', version: second.hash, files: ['b.txt'] })).toEqual({
      version: first.hash,
      freedBytes: 3,
    });
    expect(await textsOf('texts')).toEqual(['one']);
    await expect(
      removeFiles(project, { name: 'texts', version: first.hash, files: ['a.txt'] }),
    ).rejects.toThrow(/Delete the dataset instead/);
  });

  test('that a dataset has alone are what deleting it frees', async () => {
    const { project, write } = place;
    const shared = await write('shared.txt', 'shared');
    await importDataset(project, { name: 'one', paths: [shared, await write('own.txt', 'own')] });
    await importDataset(project, { name: 'two', paths: [shared] });
    expect(await describeDeletion(project, 'one')).toEqual({ freedBytes: 3, usedBy: [] });
  });
});

describe('A look at files before they are imported', () => {
  const look = (paths: readonly string[]) => inspectFiles(place.project, { paths: [...paths], uploads: [] });

  test('tells format, encoding, columns with their roles, first rows and an example', async () => {
    const path = await place.write('Support Tickets.csv', 'id;body;category\n1;"Das Gerät";x\n');
    expect(await look([path])).toMatchObject({
      files: [
        {
          name: 'Support Tickets.csv',
          format: 'csv',
          encoding: 'utf-8',
          delimiter: ';',
          rows: [['1', 'Das Gerät', 'x']],
          whole: true,
          problems: [],
        },
      ],
      columns: [
        { name: 'id', role: 'ignored' },
        { name: 'body', role: 'text' },
        { name: 'category', role: 'label' },
      ],
      exampleText: 'Das Gerät',
      suggestedName: 'support-tickets',
      problems: [],
    });
  });

  test.each<[string, string, string | Uint8Array, string, RegExp]>([
    ['empty', 'a.txt', '', 'refused', /empty/],
    ['binary', 'a.csv', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13), 'refused', /PNG/],
    ['a table with broken quotes', 'a.csv', 'a,b\n1,"x" y\n2,z\n', 'partly', /row 1 \(line 2, column 3\)/],
    ['JSON Lines with a bad line', 'a.jsonl', '{"text":"a"}\n{"te\n', 'partly', /line 2/],
    ['a table without rows', 'a.csv', 'a,b\n', 'refused', /no rows/],
    [
      'in another encoding',
      'a.txt',
      Buffer.from('Die Mühle läuft für Österreich.', 'latin1'),
      'note',
      /not in UTF-8/,
    ],
    ['once read in a wrong one', 'a.txt', 'Die MÃ¼hle lÃ¤uft.', 'note', /wrong encoding/],
  ])('says what is wrong with a file that is %s', async (_, name, content, severity, message) => {
    const { files } = await look([await place.write(name, content)]);
    const [problem] = files[0]?.problems ?? [];
    expect(problem?.severity).toBe(severity);
    expect(`${problem?.account.where}: ${problem?.account.what}`).toMatch(message);
    expect(problem?.account.remedy).not.toBe('');
  });

  test('reads only the beginning of a large file, and counts nothing as broken that is only cut off', async () => {
    const path = await place.write('large.csv', 'text\n');
    for (let block = 0; block < 6; block++)
      await appendFile(path, '"a line of text,\nin two"\n'.repeat(40_000));
    const { files, totalBytes } = await look([path]);
    expect(totalBytes).toBe(6 * 40_000 * 25 + 5);
    expect(files).toMatchObject([{ whole: false, problems: [], bytes: totalBytes }]);
    expect(files[0]?.rows).toHaveLength(20);
  });

  test('says which path is not there and shows the others', async () => {
    const { files, problems } = await look([join(place.folder, 'gone'), await place.write('a.txt', 'text')]);
    expect(files).toHaveLength(1);
    expect(problems).toMatchObject([
      { severity: 'refused', account: { what: 'There is no such file or folder.' } },
    ]);
  });
});

describe('Undo', () => {
  test('stops at the import: what the columns are for can be changed, not lost', async () => {
    await importDataset(place.project, {
      name: 'reviews',
      paths: [await place.write('reviews.csv', 'score,words\n1,A fine film\n0,A dull one\n')],
      columns: { words: 'text' },
    });
    const { project } = place;
    const version = () => requireDataset(project, 'reviews').hash;
    const change = (change: RecipeChange) =>
      changeRecipe(project, { name: 'reviews', version: version(), change });
    expect(historyOf(project, requireDataset(project, 'reviews'))).toEqual({
      canUndo: false,
      canRedo: false,
    });
    expect(() => change({ kind: 'undo' })).toThrow('There is nothing to undo.');
    expect(() => change({ kind: 'remove', position: 0 })).toThrow('a table needs one');
    change({ kind: 'add', step: { kind: 'mapColumns', columns: { score: 'text' } } });
    change({ kind: 'undo' });
    change({ kind: 'replace', steps: [] });
    expect(await textsOf('reviews')).toEqual(['A fine film', 'A dull one']);
  });
});

describe('A table without headings', () => {
  const rows = Array.from({ length: 12 }, (_, n) => `a film that is ${n} minutes too long\t${n % 2}`);

  test('is told by its numbers: no row is lost, its columns have numbers, and few values are a label', async () => {
    const paths = [await place.write('train.tsv', rows.join('\n'))];
    const inspected = await inspectFiles(place.project, { paths, uploads: [] });
    expect(inspected.files[0]).toMatchObject({
      headings: false,
      columns: [
        { name: 'column 1', role: 'text' },
        { name: 'column 2', role: 'label' },
      ],
    });
    await importDataset(place.project, { name: 'reviews', paths });
    expect(await textsOf('reviews')).toEqual(rows.map((row) => row.split('\t')[0]));
  });

  test('and one with headings are read as somebody says', async () => {
    const paths = [await place.write('train.tsv', rows.join('\n'))];
    await importDataset(place.project, {
      name: 'named',
      paths,
      choices: { headings: true },
      columns: { 'column 0': 'text' },
    });
    expect((await textsOf('named')).length).toBe(rows.length - 1);
    const plain = [await place.write('words.csv', 'word,kind\npump,noun\nleak,verb\n')];
    expect((await inspectFiles(place.project, { paths: plain, uploads: [] })).files[0]?.headings).toBe(true);
    await importDataset(place.project, { name: 'all', paths: plain, choices: { headings: false } });
    expect((await textsOf('all')).length).toBe(3);
  });

  test('keeps the order of the file where headings are numbers', async () => {
    const paths = [await place.write('years.csv', 'name,2020,2019\nsales,three,two\ncosts,four,five\n')];
    const { files } = await inspectFiles(place.project, { paths, uploads: [] });
    expect(files[0]?.columns.map(({ name }) => name)).toEqual(['name', 'column 2020', 'column 2019']);
  });
});

test('Columns are divided as somebody says, where a file looks otherwise', async () => {
  // Decimal commas, as in German files: both signs divide each row into two.
  const path = await place.write('prices.csv', 'what;price,new\npump;1,50\nvalve;2,25\n');
  const guessed = await inspectFiles(place.project, { paths: [path], uploads: [] });
  expect(guessed.files[0]?.delimiter).toBe(',');
  const chosen = await inspectFiles(place.project, { paths: [path], uploads: [], delimiter: ';' });
  expect(chosen.files[0]).toMatchObject({
    delimiter: ';',
    columns: [{ name: 'what' }, { name: 'price,new' }],
    rows: [
      ['pump', '1,50'],
      ['valve', '2,25'],
    ],
  });
  await importDataset(place.project, { name: 'prices', paths: [path], choices: { delimiter: ';' } });
  const { columns } = showDataset(place.project, 'prices');
  expect(columns.map(({ name }) => name)).toEqual(['what', 'price,new']);
});
