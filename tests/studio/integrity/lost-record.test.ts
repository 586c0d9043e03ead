import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { importDataset } from '../../../src/main/studio/datasets/datasets.ts';
import { readDatasetVersion } from '../../../src/main/studio/datasets/dataset-rows.ts';
import { datasetDocuments } from '../../../src/main/studio/datasets/dataset-documents.ts';
import { acceptFindings } from '../../../src/main/studio/integrity/accept-findings.ts';
import { describeLoss } from '../../../src/main/studio/integrity/describe-loss.ts';
import { trainRun } from '../../../src/main/studio/training/train-run.ts';
import { StopRequest } from '../../../src/main/studio/processes/stop-request.ts';
import { openProject, type Project } from '../../../src/main/studio/projects/projects.ts';
import { listEvents } from '../../../src/main/studio/store/run-records.ts';
import { findRunRow } from '../../../src/main/studio/store/runs.ts';
import { startLoam, type Ended } from '../../hosts/cli/loam.ts';
import { openProjectPlace, prepareRuns, type ProjectPlace } from '../project-place.ts';

let place: ProjectPlace;
beforeEach(async () => {
  place = await openProjectPlace();
});
afterEach(() => place.remove());

async function trainUntil(step: number): Promise<void> {
  const stop = new AbortController();
  await trainRun(
    { project: place.project.folder, run: 'first' },
    {
      signal: stop.signal,
      emit: (event) => {
        if (event.type === 'step' && event.metrics.step === step) stop.abort(new StopRequest('requested'));
      },
    },
  );
}

const notices = (project: Project): readonly string[] => {
  const run = findRunRow(project.store, 'first');
  return listEvents(project.store, run?.id ?? 0)
    .filter(({ type }) => type === 'notice')
    .map(({ dataJson }) => (JSON.parse(dataJson) as { readonly message: string }).message)
    .filter((message) => !message.startsWith('A warm-up'));
};

it('a run whose store has become older goes on from its checkpoint and says which steps its curves lack', async () => {
  await prepareRuns(place, ['first']);
  const { project } = place;
  await trainUntil(12);
  const copy = join(place.folder, 'older.sqlite');
  const database = new SqliteDatabase(project.paths.store, { readonly: true });
  database.prepare('VACUUM INTO ?').run(copy);
  database.close();
  await trainUntil(18);
  await trainUntil(22);
  expect(notices(project)).toEqual([]);

  project.close();
  for (const suffix of ['-wal', '-shm']) await rm(`${project.paths.store}${suffix}`, { force: true });
  await copyFile(copy, project.paths.store);
  const list = (): Promise<Ended> =>
    startLoam(['runs', 'list', '--project', project.folder], {
      cwd: place.folder,
      home: join(place.folder, 'home'),
    }).ended;
  // Whoever opens it first says so, in one line; others do not.
  expect((await list()).stderr).toMatch(/^The project’s store lacks its last \d+ changes: .+\n$/);
  expect((await list()).stderr).toBe('');
  const reopened = openProject(project.folder);
  const { changes, unknown } = (await describeLoss(reopened)) ?? {};
  expect(changes).toBeGreaterThan(10);
  expect(unknown).toEqual(['checkpoint first@15', 'checkpoint first@20', 'checkpoint first@22']);
  await trainUntil(24);
  const [told, ...others] = notices(reopened);
  expect(others).toEqual([]);
  expect(told).toContain('the curves lack steps 13–22');
  expect(told).toContain('1 evaluation');
  // What was told is known from then on.
  await trainUntil(26);
  expect(notices(reopened)).toHaveLength(1);
  acceptFindings(reopened);
  expect(await describeLoss(reopened)).toBeUndefined();
  reopened.close();
});

it('neither a run nor a dataset is worked with once its row is not what was written', async () => {
  await prepareRuns(place, ['first']);
  const { project } = place;
  const change = (sql: string): void => {
    const database = new SqliteDatabase(project.paths.store);
    database.exec(sql);
    database.close();
  };
  change('UPDATE runs SET configurationJson = replace(configurationJson, \'"steps":40\', \'"steps":48\')');
  await expect(trainUntil(1)).rejects.toThrow(/table “runs” \(1\) is not what was written/);
  await importDataset(project, {
    name: 'letters',
    paths: [await place.write('letters.csv', 'from,text\nAda,the bridge is closed\nBo,until noon')],
  });
  const reading = async (id: number): Promise<void> => {
    for await (const _ of datasetDocuments(project, readDatasetVersion(project, id))) return;
  };
  change("UPDATE datasetSources SET name = 'recordz.txt' WHERE datasetId = 1");
  await expect(reading(1)).rejects.toThrow(/table “datasetSources” \(1\/0\) is not what was written/);
  // What belongs to one dataset keeps nobody from another.
  await reading(2);
  change(
    "UPDATE sources SET importedAt = '' WHERE hash = (SELECT sourceHash FROM datasetSources WHERE datasetId = 2)",
  );
  await expect(reading(2)).rejects.toThrow(/table “sources”/);
});
