import { existsSync, renameSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { deleteRun } from '../../../src/main/studio/runs/runs.ts';
import { deleteTexts } from '../../../src/main/studio/datasets/delete-texts.ts';
import { importDataset } from '../../../src/main/studio/datasets/import-dataset.ts';
import { listDatasetIdsOfName, listDatasetRows } from '../../../src/main/studio/store/datasets.ts';
import {
  deleteImportedModelRow,
  insertImportedModel,
  labelImportedModel,
  listImportedModels,
} from '../../../src/main/studio/store/imported-models.ts';
import { findRunRow } from '../../../src/main/studio/store/runs.ts';
import { openProjectPlace, prepareRuns, type ProjectPlace } from '../project-place.ts';

let place: ProjectPlace;
beforeEach(async () => {
  place = await openProjectPlace();
});
afterEach(() => place.remove());

const spelling = (name: string) => findRunRow(place.project.store, name)?.name;

it('a name that an earlier version kept in another form of Unicode is found by any spelling, and so is its folder', async () => {
  const { project } = place;
  await prepareRuns(place, ['first', 'second', 'third']);
  // The Angstrom sign, and Hangul in parts, as macOS writes it: letters of which an earlier version's names could be made.
  const kept = ['\u212b', '\u1112\u1161\u11ab'] as const;
  for (const [index, from] of (['first', 'second'] as const).entries()) {
    const to = kept[index] ?? '';
    project.store.run(project.store.query.updateTable('runs').set({ name: to }).where('name', '=', from));
    renameSync(project.paths.run(from), project.paths.run(to));
  }
  for (const name of kept) {
    for (const asked of [name, name.normalize('NFC'), name.normalize('NFD')])
      expect(spelling(asked)).toBe(name);
    await deleteRun(project, name.normalize('NFC'));
    expect(existsSync(project.paths.run(name))).toBe(false);
    expect(spelling(name)).toBeUndefined();
  }
  expect(spelling('third')).toBe('third');
});

it('a name in any spelling means what is kept, its folder too', async () => {
  const { project } = place;
  await prepareRuns(place, ['caf\u00e9']);
  const typed = 'cafe\u0301';
  expect(spelling(typed)).toBe('caf\u00e9');
  await deleteRun(project, typed);
  expect(existsSync(project.paths.run('caf\u00e9'))).toBe(false);
});

it('a dataset whose name an earlier version kept in another form is replaced under any spelling, and its texts go with those of its name', async () => {
  const { project, write } = place;
  const kept = 'cafe\u0301';
  await importDataset(project, { name: 'first', paths: [await write('a.txt', 'Some text.')] });
  project.store.run(
    project.store.query.updateTable('datasets').set({ name: kept }).where('name', '=', 'first'),
  );
  const paths = [await write('b.txt', 'Another text.')];
  await importDataset(project, { name: 'caf\u00e9', paths, replace: true });
  expect(listDatasetRows(project.store).map(({ name }) => name)).toEqual([kept]);
  for (const asked of [kept, 'caf\u00e9']) expect(listDatasetIdsOfName(project.store, asked)).toHaveLength(2);
  await deleteTexts(project, 'caf\u00e9');
  expect(listDatasetRows(project.store)[0]?.textsDeletedAt).not.toBeNull();
});

it('an imported model whose name an earlier version kept in another form is labelled and deleted under any spelling', () => {
  const { store } = place.project;
  insertImportedModel(store, {
    name: 'cafe\u0301',
    origin: 'elsewhere',
    style: 'llama',
    tasksJson: '["generate"]',
    parameters: 1,
    contextLength: 1,
    vocabularySize: 1,
    bytes: 1,
    createdAt: '2020-01-01T00:00:00.000Z',
  });
  labelImportedModel(store, 'caf\u00e9', 'good');
  expect(listImportedModels(store)).toMatchObject([{ name: 'cafe\u0301', label: 'good' }]);
  deleteImportedModelRow(store, 'caf\u00e9');
  expect(listImportedModels(store)).toEqual([]);
});
