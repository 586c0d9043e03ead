import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { datasetDocuments } from '../../../src/main/studio/datasets/dataset-documents.ts';
import { readDatasetVersion, requireDataset } from '../../../src/main/studio/datasets/dataset-rows.ts';
import { exportDataset } from '../../../src/main/studio/datasets/export-dataset.ts';
import { importDataset } from '../../../src/main/studio/datasets/import-dataset.ts';
import type { RecipeStep } from '../../../src/shared/datasets/recipe.ts';
import { ensureDocumentIndex } from '../../../src/main/studio/datasets/document-indexes.ts';
import { openDocumentIndex } from '../../../src/main/studio/datasets/documents/open-index.ts';
import { changeRecipe } from '../../../src/main/studio/datasets/recipes.ts';
import { openProjectPlace, type ProjectPlace } from '../project-place.ts';

let place: ProjectPlace;
beforeEach(async () => {
  place = await openProjectPlace();
});
afterEach(() => place.remove());

async function documentsOf(name: string): Promise<readonly string[]> {
  const { project } = place;
  const documents: string[] = [];
  for await (const { text } of datasetDocuments(
    project,
    readDatasetVersion(project, requireDataset(project, name).id),
  ))
    documents.push(text);
  return documents;
}

test.each(['jsonl', 'csv', 'txt'])(
  'What is exported as .%s and imported again gives the same documents',
  async (ending) => {
    const { project, write } = place;
    const path = await write(
      'log.csv',
      'no,diagnostic\n1,"He said ""no"",\nand left"\n2,short\n3,  a second line\n',
    );
    await importDataset(project, { name: 'log', paths: [path] });
    changeRecipe(project, {
      name: 'log',
      version: requireDataset(project, 'log').hash,
      change: { kind: 'add', step: { kind: 'excludeShorter', characters: 10 } },
    });
    const file = join(place.folder, `out.${ending}`);
    expect(await exportDataset(project, 'log', { file })).toMatchObject({ documents: 2, parted: 0 });
    await importDataset(project, { name: 'again', paths: [file] });
    expect((await documentsOf('again')).map((text) => text.trim())).toEqual(
      (await documentsOf('log')).map((text) => text.trim()),
    );
    await expect(exportDataset(project, 'log', { file })).rejects.toThrow('something of this name');
  },
);

test('Fields of records stand beside the text, and one called text keeps its value', async () => {
  const { project, write } = place;
  const path = await write(
    'a.jsonl',
    '{"text": "old", "body": "The lid is loose.", "id": 9007199254740993}\n',
  );
  await importDataset(project, { name: 'a', paths: [path], columns: { body: 'text' } });
  const file = join(place.folder, 'a-out.jsonl');
  await exportDataset(project, 'a', { file });
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
    text: 'The lid is loose.',
    'text (2)': 'old',
    id: '9007199254740993',
  });
});

test('What is masked in the texts is masked in the columns beside them, and what a person wrote anew is in none', async () => {
  const { project, write } = place;
  const path = await write(
    'qa.csv',
    'instruction,output,ward\nCall anna@example.org,Done by anna@example.org,anna@example.org\nAsk Berta,She knows,north\n',
  );
  await importDataset(project, { name: 'qa', paths: [path] });
  const change = (step: RecipeStep) =>
    changeRecipe(project, {
      name: 'qa',
      version: requireDataset(project, 'qa').hash,
      change: { kind: 'add', step },
    });
  change({ kind: 'maskPersonalData', what: ['email'], names: [] });
  const version = readDatasetVersion(project, requireDataset(project, 'qa').id);
  const index = openDocumentIndex(await ensureDocumentIndex(project, version));
  const key = index.key(1);
  index.close();
  change({ kind: 'editDocument', key, text: 'Ask somebody.' });

  for (const ending of ['jsonl', 'csv']) {
    const file = join(place.folder, `qa-out.${ending}`);
    expect(await exportDataset(project, 'qa', { file })).toMatchObject({ documents: 2, withheld: 1 });
    const written = await readFile(file, 'utf8');
    expect(written).not.toContain('anna');
    expect(written).not.toContain('Berta');
    expect(written).not.toContain('She knows');
    expect(written).toContain('north');
  }
  for await (const { fields } of datasetDocuments(
    project,
    readDatasetVersion(project, requireDataset(project, 'qa').id),
    { withFields: true },
  ))
    expect([...(fields?.values() ?? [])].join()).not.toMatch(/anna|Berta|She knows/);
});

test('Documents that a text file would part are counted', async () => {
  const { project, write } = place;
  const path = await write('a.jsonl', `${JSON.stringify({ text: 'one\n<|endoftext|>\ntwo' })}\n`);
  await importDataset(project, { name: 'a', paths: [path] });
  expect(await exportDataset(project, 'a', { file: join(place.folder, 'a-out.txt') })).toMatchObject({
    parted: 1,
  });
});

test('What is imported again under its name, unchanged, is there already', async () => {
  const { project, write } = place;
  const first = await importDataset(project, { name: 'O\u0308l', paths: [await write('a.txt', 'A text.')] });
  const notices: string[] = [];
  const again = {
    name: 'Öl',
    paths: [await write('a.txt', 'A text.')],
    onNotice: (each: string) => notices.push(each),
  };
  expect(await importDataset(project, again)).toEqual(first);
  expect(notices).toEqual(['Dataset Öl holds just these files already; nothing was changed.']);
  await write('a.txt', 'B text.');
  await expect(importDataset(project, again)).rejects.toThrow('of this name already');
});

test('What is imported again is there already, also where a folder has files that hold no text', async () => {
  const { project, folder, write } = place;
  await mkdir(join(folder, 'mixed'));
  await write('mixed/a.txt', 'A text.');
  await write('mixed/b.txt', '');
  const notices: string[] = [];
  const options = {
    name: 'mixed',
    paths: [join(folder, 'mixed')],
    onNotice: (each: string) => notices.push(each),
  };
  const first = await importDataset(project, options);
  expect(await importDataset(project, options)).toEqual(first);
  expect(notices).toEqual(['Dataset mixed holds just these files already; nothing was changed.']);
  await write('mixed/b.txt', 'Another text.');
  await expect(importDataset(project, options)).rejects.toThrow('of this name already');
});

test.each(['jsonl', 'csv'])(
  'Every field keeps its value in .%s, whatever the others are called',
  async (ending) => {
    const { project, write } = place;
    const record = { text: 'old', body: 'The lid is loose.', 'text (2)': 'older', 'text (3)': 'oldest' };
    const path = await write('a.jsonl', `${JSON.stringify(record)}\n`);
    await importDataset(project, { name: 'a', paths: [path], columns: { body: 'text' } });
    const file = join(place.folder, `a-out.${ending}`);
    await exportDataset(project, 'a', { file });
    const written = (await readFile(file, 'utf8')).trim();
    if (ending === 'csv')
      expect(written).toBe('text,text (4),text (2),text (3)\r\nThe lid is loose.,old,older,oldest');
    else
      expect(JSON.parse(written)).toEqual({
        text: 'The lid is loose.',
        'text (2)': 'older',
        'text (3)': 'oldest',
        'text (4)': 'old',
      });
  },
);
