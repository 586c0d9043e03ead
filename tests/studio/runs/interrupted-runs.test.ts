import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquireLock } from '../../../src/main/studio/jobs/process-lock.ts';
import {
  deleteRun,
  listRuns,
  listWaitingRuns,
  moveRun,
  requireRun,
} from '../../../src/main/studio/runs/runs.ts';
import { insertCheckpoint, listCheckpointRows } from '../../../src/main/studio/store/checkpoints.ts';
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
    metrics: { step: 20, loss: 1.5, perplexity: 4, bitsPerByte: 1, tokens: 9, complete: false },
  });
  await listRuns(project);
  expect(listCheckpointRows(project.store, id)).toMatchObject([
    { step: 20, loss: 1.5, best: 1, bytes: 2, folder: join('runs', 'a', 'checkpoints', 'step-00000020') },
  ]);
  expect(requireRun(project, 'a')).toMatchObject({ bestStep: 20, bestLoss: 1.5 });
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
