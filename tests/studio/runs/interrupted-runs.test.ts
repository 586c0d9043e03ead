import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquireLock } from '../../../src/main/studio/processes/process-lock.ts';
import { toStoredPath } from '../../../src/main/studio/projects/paths.ts';
import {
  deleteRun,
  listRuns,
  listWaitingRuns,
  moveRun,
  requireRun,
} from '../../../src/main/studio/runs/runs.ts';
import {
  insertCheckpoint,
  listCheckpointRows,
  updateCheckpoint,
} from '../../../src/main/studio/store/checkpoints.ts';
import { insertRunRecord } from '../../../src/main/studio/store/run-records.ts';
import { listQueue } from '../../../src/main/studio/store/queue.ts';
import { updateRun } from '../../../src/main/studio/store/runs.ts';
import { openProjectPlace, prepareRuns, type ProjectPlace } from '../project-place.ts';

let place: ProjectPlace;
beforeEach(async () => {
  place = await openProjectPlace();
});
afterEach(() => place.remove());

test('a run whose row says running reads as interrupted while nobody holds its lock, and as running while somebody does', async () => {
  const { project } = place;
  await prepareRuns(place, ['a', 'b']);
  for (const name of ['a', 'b'])
    updateRun(project.store, requireRun(project, name).id, { status: 'running' });
  const lock = acquireLock(project.paths.runLock('a'), 'a test');
  expect(Object.fromEntries((await listRuns(project)).map(({ name, status }) => [name, status]))).toEqual({
    a: 'running',
    b: 'interrupted',
  });
  lock?.release();
  expect(Object.fromEntries((await listRuns(project)).map(({ name, status }) => [name, status]))).toEqual({
    a: 'interrupted',
    b: 'interrupted',
  });
  expect(requireRun(project, 'a').status).toBe('interrupted');
  expect(listQueue(project.store)).toEqual([]);
});

test('checkpoints of an interrupted run are those in its folder, whatever the store was told', async () => {
  const { project } = place;
  await prepareRuns(place, ['a']);
  const { id } = requireRun(project, 'a');
  updateRun(project.store, id, { status: 'running' });
  const createdAt = new Date().toISOString();
  // Removed by a worker that was killed before it told so.
  insertCheckpoint(project.store, {
    runId: id,
    step: 10,
    folder: join('runs', 'a', 'checkpoints', 'step-00000010'),
    bytes: 1,
    loss: 2,
    best: 1,
    createdAt,
  });
  // Saved by a worker that was killed before it told so; it had told of the evaluation.
  const folder = join(project.paths.run('a'), 'checkpoints', 'step-00000020');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config.json'), '{}');
  await mkdir(join(project.paths.run('a'), 'checkpoints', '.step-00000030.partial-1-00000000'));
  insertRunRecord(project.store, id, {
    sequence: 1,
    kind: 'evaluated',
    at: createdAt,
    metrics: { step: 20, loss: 1.5, figures: { perplexity: 4 }, predictions: 9, complete: false },
  });
  await listRuns(project);
  expect(listCheckpointRows(project.store, id)).toMatchObject([
    { step: 20, loss: 1.5, best: 1, bytes: 2, folder: join('runs', 'a', 'checkpoints', 'step-00000020') },
  ]);
  expect(requireRun(project, 'a')).toMatchObject({ bestStep: 20, bestLoss: 1.5 });
});

test('a checkpoint whose process was killed between the two renames that replace it keeps its row, its label and its pin', async () => {
  const { project } = place;
  await prepareRuns(place, ['a']);
  const { id } = requireRun(project, 'a');
  updateRun(project.store, id, { status: 'running' });
  const checkpoints = join(project.paths.run('a'), 'checkpoints');
  const folder = join(checkpoints, 'step-00000010');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config.json'), '{}');
  const row = {
    step: 10,
    folder: toStoredPath(project.folder, folder),
    bytes: 2,
    loss: 1.25,
    best: 1,
  } as const;
  insertCheckpoint(project.store, { runId: id, ...row, createdAt: new Date().toISOString() });
  updateCheckpoint(project.store, id, 10, { label: 'the good one', pinned: 1 });
  // The id is this very process's: in a container, ids come again.
  const killed = `${process.pid}-0123abcd`;
  await rename(folder, join(checkpoints, `.step-00000010.replaced-${killed}`));
  await mkdir(join(checkpoints, `.step-00000010.partial-${killed}`));
  await listRuns(project);
  expect(listCheckpointRows(project.store, id)).toMatchObject([{ ...row, label: 'the good one', pinned: 1 }]);
  expect(await readdir(checkpoints)).toEqual(['step-00000010']);
});

test('waiting runs are moved to the front or before another; runs that nobody waits with cannot be moved', async () => {
  const { project } = place;
  await prepareRuns(place, ['a', 'b', 'c', 'd']);
  const locks = ['a', 'b', 'c'].map((name) => acquireLock(project.paths.runLock(name), 'a test'));
  expect(listWaitingRuns(project)).toEqual(['a', 'b', 'c']);
  expect(moveRun(project, 'c', 'first')).toEqual(['c', 'a', 'b']);
  expect(moveRun(project, 'c', { run: 'b' })).toEqual(['a', 'c', 'b']);
  expect(moveRun(project, 'a', { run: 'a' })).toContain('a');
  expect(() => moveRun(project, 'd', 'first')).toThrow('does not wait');
  expect(() => moveRun(project, 'bb', 'first')).toThrow('Did you mean b?');
  for (const lock of locks) lock?.release();
});

test('a run in use cannot be deleted', async () => {
  const { project } = place;
  await prepareRuns(place, ['a']);
  const lock = acquireLock(project.paths.runLock('a'), 'a test');
  await expect(deleteRun(project, 'a')).rejects.toThrow(`in use by process ${process.pid}`);
  lock?.release();
  await deleteRun(project, 'a');
  expect(await listRuns(project)).toEqual([]);
});
