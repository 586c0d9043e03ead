import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { importDataset } from '../../../src/main/studio/datasets/datasets.ts';
import { datasetDocuments } from '../../../src/main/studio/datasets/dataset-documents.ts';
import { readDatasetVersion, requireDataset } from '../../../src/main/studio/datasets/dataset-rows.ts';
import { openProjectPlace, type ProjectPlace } from '../project-place.ts';

let place: ProjectPlace;
beforeEach(async () => {
  place = await openProjectPlace();
});
afterEach(() => place.remove());

async function read(name: string): Promise<string> {
  const { project } = place;
  const version = readDatasetVersion(project, requireDataset(project, name).id);
  let all = '';
  for await (const { text } of datasetDocuments(project, version)) all += text;
  return all;
}

test('a copy that is gone is told with the datasets that need it, and comes back by importing the file again', async () => {
  const { project } = place;
  const paths = [await place.write('notes.txt', 'A note that was kept.')];
  await importDataset(project, { name: 'first', paths });
  await importDataset(project, { name: 'second', paths });
  const [source] = readDatasetVersion(project, requireDataset(project, 'first').id).sources;
  await rm(project.paths.source(source!.hash));
  await expect(read('first')).rejects.toThrow(
    /copy of notes\.txt is gone.* datasets first, second .*Import the original file again/,
  );
  await importDataset(project, { name: 'third', paths });
  expect(await read('first')).toBe('A note that was kept.');
});
