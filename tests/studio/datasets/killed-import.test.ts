import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { importDataset, listDatasets } from '../../../src/main/studio/datasets/datasets.ts';
import type { ReadingProcedures } from '../../../src/main/studio/reading/reading-protocol.ts';
import { forkLauncher } from '../../../src/main/studio/processes/launcher.ts';
import { startWorker } from '../../../src/main/studio/processes/worker-client.ts';
import { importInputSchema } from '../../../src/shared/datasets/import.ts';
import { openProjectPlace, type ProjectPlace } from '../project-place.ts';

let place: ProjectPlace;
beforeEach(async () => {
  place = await openProjectPlace();
});
afterEach(() => place.remove());

test('An import that is killed while it works keeps nothing, and the next one clears away what it was busy with', async () => {
  const { project, write } = place;
  const path = await write('rows.csv', `text\n${'some words in a line of a table\n'.repeat(300_000)}`);
  const worker = startWorker<ReadingProcedures>(forkLauncher('reading'), 'import');
  await expect(
    worker.call(
      'import',
      { project: project.folder, input: importInputSchema.parse({ name: 'killed', paths: [path] }) },
      {
        onEvent: (report) => {
          if (report.type === 'progress' && report.progress.stage === 'indexing') worker.kill();
        },
      },
    ),
  ).rejects.toMatchObject({ kind: 'environment' });
  expect(listDatasets(project)).toEqual([]);
  expect(await readdir(project.paths.staging)).toHaveLength(1);
  await importDataset(project, { name: 'next', paths: [await write('a.txt', 'a text')] });
  expect(listDatasets(project).map(({ name }) => name)).toEqual(['next']);
  expect(await readdir(join(project.folder, 'sources'))).toHaveLength(1);
  expect(await readdir(join(project.folder, 'documents')).catch(() => [])).toEqual([]);
  expect(await readdir(project.paths.staging).catch(() => [])).toEqual([]);
});
