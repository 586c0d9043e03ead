import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { datasetDocuments } from '../../../src/main/studio/datasets/dataset-documents.ts';
import {
  listDatasets,
  readDatasetVersion,
  requireDataset,
} from '../../../src/main/studio/datasets/dataset-rows.ts';
import {
  deleteDataset,
  describeDeletion,
  importDataset,
} from '../../../src/main/studio/datasets/datasets.ts';
import { removeFiles } from '../../../src/main/studio/datasets/sources-of-dataset.ts';
import { deleteTexts, describeTextsDeletion } from '../../../src/main/studio/datasets/delete-texts.ts';
import { ensureDocumentIndex } from '../../../src/main/studio/datasets/document-indexes.ts';
import { encodeDataset, removeTokens } from '../../../src/main/studio/datasets/encoded-datasets.ts';
import { changeRecipe } from '../../../src/main/studio/datasets/recipes.ts';
import { listWorkOnTexts, withTextsInUse } from '../../../src/main/studio/datasets/texts-in-use.ts';
import { openProject } from '../../../src/main/studio/projects/projects.ts';
import { listRuns } from '../../../src/main/studio/runs/runs.ts';
import { createRun } from '../../../src/main/studio/training/create-run.ts';
import { readChangeCounts } from '../../../src/main/studio/store/changes.ts';
import { renameRunRow } from '../../../src/main/studio/store/rename-run.ts';
import { deleteRunRow, findRunRow, updateRun } from '../../../src/main/studio/store/runs.ts';
import { listTokenSetsOfDataset, releaseTokenSets } from '../../../src/main/studio/store/token-sets.ts';
import {
  listTokenizers,
  openTokenizer,
  trainProjectTokenizer,
} from '../../../src/main/studio/tokenizers/tokenizers.ts';
import { openProjectPlace, prepareRuns, type ProjectPlace } from '../project-place.ts';

let place: ProjectPlace;
beforeEach(async () => {
  place = await openProjectPlace();
});
afterEach(() => place.remove());

const files = (folder: string): Promise<readonly string[]> =>
  readdir(join(place.project.folder, folder)).catch(() => []);
const finish = (name: string, status: 'completed' | 'paused'): void => {
  const run = findRunRow(place.project.store, name);
  if (run !== undefined) updateRun(place.project.store, run.id, { status });
};

test('The texts of a dataset are deleted with all that holds them; its models and their origin stay', async () => {
  await prepareRuns(place, ['first', 'second']);
  const { project } = place;
  const { id, hash } = requireDataset(project, 'records');
  const index = await ensureDocumentIndex(project, readDatasetVersion(project, id));
  await expect(deleteTexts(project, 'records')).rejects.toThrow(/needed by run first, run second.*Wait/s);
  expect(await files('sources')).toHaveLength(1);

  finish('first', 'completed');
  finish('second', 'paused');
  const asked = await describeTextsDeletion(project, 'records');
  expect(asked).toMatchObject({ inUseBy: [], cannotGoOn: ['second'] });
  const { freedBytes } = await deleteTexts(project, 'records');
  expect(freedBytes).toBe(asked.freedBytes);
  expect(freedBytes).toBeGreaterThan(10_000);
  expect(await files('sources')).toEqual([]);
  expect(await files('tokens')).toEqual([]);
  expect(existsSync(index)).toBe(false);

  expect(listDatasets(project)).toMatchObject([
    { name: 'records', hash, textsDeletedAt: expect.any(String) },
  ]);
  expect((await listRuns(project)).map(({ name, dataset }) => `${name} ${dataset}`).sort()).toEqual([
    'first records',
    'second records',
  ]);
  expect(listTokenizers(project)).toHaveLength(1);
});

test('What would need deleted texts is refused with the way back', async () => {
  const { project, write } = place;
  const path = await write('texts.txt', 'one\ftwo');
  await importDataset(project, { name: 'texts', paths: [path] });
  await deleteTexts(project, 'texts');
  const { id, hash } = requireDataset(project, 'texts');
  const read = async (): Promise<void> => {
    for await (const document of datasetDocuments(project, readDatasetVersion(project, id))) void document;
  };
  const refused = /texts were deleted on \d{4}-\d\d-\d\d.*Import the files anew/s;
  await expect(read()).rejects.toThrow(refused);
  await expect(ensureDocumentIndex(project, readDatasetVersion(project, id))).rejects.toThrow(refused);
  await expect(importDataset(project, { name: 'texts', paths: [path], append: true })).rejects.toThrow(
    refused,
  );
  expect(() =>
    changeRecipe(project, {
      name: 'texts',
      version: hash,
      change: { kind: 'add', step: { kind: 'excludeEmpty' } },
    }),
  ).toThrow(refused);
  await expect(deleteTexts(project, 'texts')).rejects.toThrow(refused);

  await importDataset(project, { name: 'texts', paths: [path], replace: true });
  const texts: string[] = [];
  const version = readDatasetVersion(project, requireDataset(project, 'texts').id);
  for await (const { text } of datasetDocuments(project, version)) texts.push(text);
  expect(texts).toEqual(['one', 'two']);
});

test('A file that another dataset has too stays', async () => {
  const { project, write } = place;
  const path = await write('texts.txt', 'one\ftwo');
  await importDataset(project, { name: 'one', paths: [path] });
  await importDataset(project, { name: 'other', paths: [path] });
  expect(await deleteTexts(project, 'one')).toEqual({ freedBytes: 0 });
  expect(await files('sources')).toHaveLength(1);
  await deleteTexts(project, 'other');
  expect(await files('sources')).toEqual([]);
});

test.each(['dataset', 'file'] as const)(
  'A file goes with the last %s that reads it, also where one whose texts were deleted names it still',
  async (deleted) => {
    const { project, write } = place;
    const shared = await write('texts.txt', 'one\ftwo');
    await importDataset(project, { name: 'one', paths: [shared] });
    await importDataset(project, {
      name: 'other',
      paths: [shared, await write('more.txt', 'three')],
    });
    const sharedBytes = 7;
    await deleteTexts(project, 'one');
    expect(await files('sources')).toHaveLength(2);

    if (deleted === 'dataset') {
      const asked = await describeDeletion(project, 'other');
      expect(asked.freedBytes).toBe(sharedBytes + 5);
      expect(await deleteDataset(project, 'other')).toEqual({ freedBytes: asked.freedBytes });
      expect(await files('sources')).toEqual([]);
    } else {
      const { hash: version } = requireDataset(project, 'other');
      const { freedBytes } = await removeFiles(project, { name: 'other', version, files: ['texts.txt'] });
      expect(freedBytes).toBe(sharedBytes);
      expect(await files('sources')).toHaveLength(1);
    }
    // What is gone already is not counted as freed once more.
    expect((await describeDeletion(project, 'one')).freedBytes).toBe(0);
    expect(await deleteDataset(project, 'one')).toEqual({ freedBytes: 0 });
  },
);

test('Copies that a killed deletion of texts left are removed at the next import', async () => {
  const { project, write } = place;
  await importDataset(project, { name: 'one', paths: [await write('texts.txt', 'one\ftwo')] });
  const [source = ''] = await files('sources');
  const left = join(project.folder, 'sources', source);
  const bytes = await readFile(left);
  await deleteTexts(project, 'one');
  await writeFile(left, bytes);
  await importDataset(project, { name: 'other', paths: [await write('more.txt', 'three')] });
  expect(await files('sources')).toHaveLength(1);
  expect(existsSync(left)).toBe(false);
});

test.each(['texts', 'dataset'] as const)(
  'Tokens that another dataset of the same texts trains on stay when the %s go',
  async (deleted) => {
    await prepareRuns(place, ['first']);
    const { project } = place;
    const run = findRunRow(project.store, 'first');
    if (run === undefined) throw new Error('The run is missing.');
    // Another dataset of the same file was there first, and had it encoded.
    await importDataset(project, { name: 'twin', paths: [join(place.folder, 'records.txt')] });
    const twin = requireDataset(project, 'twin');
    const tokenizer = await openTokenizer(project, run.tokenizerName);
    await removeTokens(project, releaseTokenSets(project.store, [requireDataset(project, 'records').id]));
    const encoded = await encodeDataset(project, twin.id, tokenizer, run.configuration.data);
    expect(encoded.hash).toBe(run.tokensHash);
    const original = requireDataset(project, 'records');
    await encodeDataset(project, original.id, tokenizer, run.configuration.data);

    const { freedBytes } = await (deleted === 'texts' ? deleteTexts : deleteDataset)(project, 'twin');
    expect(freedBytes).toBe(0);
    expect(await files('tokens')).toEqual([run.tokensHash]);
    expect(listTokenSetsOfDataset(project.store, original.id)).toMatchObject([
      { hash: run.tokensHash, datasetId: original.id },
    ]);
    finish('first', 'completed');
    await deleteTexts(project, 'records');
    expect(await files('tokens')).toEqual([]);
  },
);

test('Texts stay while a run is prepared, a tokenizer learns or a model is measured on them, also in another program', async () => {
  const { project, write } = place;
  await importDataset(project, { name: 'texts', paths: [await write('texts.txt', 'one\ftwo')] });
  const { id } = requireDataset(project, 'texts');
  const other = openProject(project.folder);
  try {
    await withTextsInUse(other, id, 'tokenizer small', async () => {
      expect((await describeTextsDeletion(project, 'texts')).inUseBy).toEqual(['tokenizer small']);
      await expect(deleteTexts(project, 'texts')).rejects.toThrow(/needed by tokenizer small.*Wait/s);
      await expect(deleteDataset(project, 'texts')).rejects.toThrow(/needed by tokenizer small.*Wait/s);
    });
  } finally {
    other.close();
  }
  expect(listDatasets(project)[0]?.textsDeletedAt).toBeUndefined();
  expect(await files('sources')).toHaveLength(1);
  await deleteTexts(project, 'texts');
  await expect(withTextsInUse(project, id, 'tokenizer small', async () => undefined)).rejects.toThrow(
    /texts were deleted on/,
  );
});

test('Each work on the texts of a dataset holds them', async () => {
  await prepareRuns(place, ['first']);
  const { project } = place;
  finish('first', 'completed');
  const run = findRunRow(project.store, 'first');
  if (run === undefined) throw new Error('The run is missing.');
  const { configuration } = run;
  const users = async (work: (look: () => void) => Promise<unknown>): Promise<readonly string[]> => {
    const seen = new Set<string>();
    await work(() => {
      for (const each of listWorkOnTexts(project, [run.datasetId])) seen.add(each);
    });
    return [...seen];
  };
  expect(
    await users((onProgress) =>
      trainProjectTokenizer(project, {
        name: 'small',
        dataset: 'records',
        configuration: configuration.tokenizer,
        onProgress,
      }),
    ),
  ).toEqual(['tokenizer small']);
  expect(
    await users((onProgress) =>
      createRun(project, { name: 'second', baseName: 'run', dataset: 'records', configuration, onProgress }),
    ),
  ).toContain('run second');
  const data = { ...configuration.data, validationFraction: 0.3 };
  const tokenizer = await openTokenizer(project, run.tokenizerName);
  expect(
    await users((onProgress) => encodeDataset(project, run.datasetId, tokenizer, data, { onProgress })),
  ).toEqual(['the turning of its texts into tokens']);
  expect(listWorkOnTexts(project, [run.datasetId])).toEqual([]);
});

test('Nothing is made of texts that are deleted while it is begun', async () => {
  await prepareRuns(place, ['first']);
  const { project } = place;
  finish('first', 'completed');
  const run = findRunRow(project.store, 'first');
  if (run === undefined) throw new Error('The run is missing.');
  const { configuration } = run;
  const tokenizer = await openTokenizer(project, run.tokenizerName);
  await deleteTexts(project, 'records');
  const refused = /texts were deleted on/;
  await expect(
    createRun(project, { name: 'second', baseName: 'run', dataset: 'records', configuration }),
  ).rejects.toThrow(refused);
  await expect(encodeDataset(project, run.datasetId, tokenizer, configuration.data)).rejects.toThrow(refused);
  expect(await files('tokens')).toEqual([]);
});

test('Pages hear of it when what uses a dataset or a tokenizer comes, is renamed or goes', async () => {
  await prepareRuns(place, ['first']);
  const { store } = place.project;
  const told = (change: () => void): readonly string[] => {
    const before = readChangeCounts(store);
    change();
    return [...readChangeCounts(store)]
      .filter(([noun, count]) => before.get(noun) !== count)
      .map(([noun]) => noun);
  };
  const run = findRunRow(store, 'first');
  if (run === undefined) throw new Error('The run is missing.');
  expect(told(() => updateRun(store, run.id, { step: 1 }))).toEqual(['runs']);
  expect(told(() => renameRunRow(store, run.id, 'first', 'second'))).toEqual(
    expect.arrayContaining(['datasets', 'runs', 'tokenizers']),
  );
  expect(told(() => deleteRunRow(store, run.id))).toEqual(
    expect.arrayContaining(['datasets', 'runs', 'tokenizers']),
  );
});
