import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createJobBoard, type JobBoard } from '../../../src/main/studio/jobs/job-board.ts';
import { forkLauncher } from '../../../src/main/studio/processes/launcher.ts';
import { acquireLock } from '../../../src/main/studio/processes/process-lock.ts';
import { branchRun } from '../../../src/main/studio/training/branch-run.ts';
import { compareRuns, describeRun } from '../../../src/main/studio/runs/describe-run.ts';
import { renameRun } from '../../../src/main/studio/runs/rename-run.ts';
import { pauseRun, stopRun } from '../../../src/main/studio/runs/requests.ts';
import { readRecord } from '../../../src/main/studio/runs/run-record.ts';
import { readDiagnostics } from '../../../src/main/studio/runs/run-diagnostics.ts';
import { deleteRun, listRuns, requireRun } from '../../../src/main/studio/runs/runs.ts';
import { trainAsJob, type TrainAsJobContext } from '../../../src/main/studio/training/train-as-job.ts';
import { listMetrics } from '../../../src/main/studio/store/run-records.ts';
import { setRunTags, updateRun } from '../../../src/main/studio/store/runs.ts';
import { stepsToTrainLonger } from '../../../src/shared/runs/progress.ts';
import { runDetailsSchema } from '../../../src/shared/runs/run-details.ts';
import { recordSchema } from '../../../src/shared/runs/record.ts';
import { registerObjective } from '../../../src/main/llm/objectives/registry.ts';
import { previousToken } from '../../llm/objectives/previous-token.ts';
import { openProjectPlace, prepareRuns, type ProjectPlace } from '../project-place.ts';

let place: ProjectPlace;
let jobs: JobBoard;
let context: TrainAsJobContext;
beforeEach(async () => {
  place = await openProjectPlace();
  await prepareRuns(place, ['a']);
  jobs = createJobBoard(place.project, 'here');
  const lock = acquireLock(join(place.project.folder, 'locks', 'session-here.lock'), 'the test');
  context = { project: place.project, jobs, studio: { launcher: forkLauncher } };
  releases.push(() => lock?.release());
});
const releases: (() => void)[] = [];
afterEach(async () => {
  await jobs.close();
  for (const release of releases.splice(0)) release();
  await place.remove();
});

const losses = (name: string) =>
  listMetrics(place.project.store, requireRun(place.project, name).id).map(({ step, loss }) => [step, loss]);

/** Makes a run so long that it does not end by itself. */
function lengthen(name: string): void {
  const run = requireRun(place.project, name);
  const configuration = {
    ...run.configuration,
    training: { ...run.configuration.training, steps: 1_000_000, evaluationInterval: 100_000 },
  };
  const { store } = place.project;
  store.run(
    store.query
      .updateTable('runs')
      .set({ configurationJson: JSON.stringify(configuration) })
      .where('id', '=', run.id),
  );
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}
const hasTrained =
  (name: string, steps = 1) =>
  () =>
    requireRun(place.project, name).step >= steps;

describe('training as a job', () => {
  test('shows how far it is, and the run is done with it', async () => {
    const { id, done } = await trainAsJob(context, 'a');
    expect(jobs.show(id)).toMatchObject({
      status: 'running',
      title: 'Train a',
      subject: { noun: 'run', name: 'a' },
    });
    await done;
    await jobs.close();
    expect(jobs.show(id)).toMatchObject({
      status: 'completed',
      // The last steps may come sooner after one another than progress is written.
      progress: { stage: 'Training', total: 40 },
    });
    const details = runDetailsSchema.parse(await describeRun(place.project, 'a'));
    expect(details).toMatchObject({ status: 'completed', step: 40, steps: 40 });
    expect(details.checkpoints.at(-1)?.step).toBe(40);
    expect(await readDiagnostics(place.project, 'a')).toEqual(expect.any(Array));
    await expect(trainAsJob(context, 'a')).rejects.toThrow('It has finished, after 40 steps.');
  });

  test('is refused while the run trains already, by this program or another', async () => {
    const first = await trainAsJob(context, 'a');
    await expect(trainAsJob(context, 'a')).rejects.toThrow('It trains already, or waits for its turn.');
    await first.done;
    await until(() => jobs.show(first.id).status !== 'running');
    const lock = acquireLock(place.project.paths.runLock('a'), 'another program');
    updateRun(place.project.store, requireRun(place.project, 'a').id, { status: 'running' });
    await expect(trainAsJob(context, 'a')).rejects.toThrow(`in process ${process.pid}`);
    lock?.release();
  });

  test('that is cancelled pauses the run, and going on gives the losses of a run that was not', async () => {
    const { id, done } = await trainAsJob(context, 'a');
    await until(hasTrained('a', 5));
    jobs.cancel(id);
    await done;
    await until(() => jobs.show(id).status !== 'running');
    const paused = requireRun(place.project, 'a');
    expect(['paused', 'completed']).toContain(paused.status);
    if (paused.status === 'paused') await (await trainAsJob(context, 'a')).done;
    expect(losses('a').map(([step]) => step)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  });

  test('of a run that is about to train does not read as interrupted', async () => {
    const { done } = await trainAsJob(context, 'a');
    expect((await listRuns(place.project))[0]?.status).not.toBe('interrupted');
    await done;
  });
});

describe('asking a run to end', () => {
  test('pause has it save and can be gone on with, also where only the store is told', async () => {
    lengthen('a');
    const { done } = await trainAsJob(context, 'a');
    await until(hasTrained('a'));
    // As another program would: without this one's job.
    updateRun(place.project.store, requireRun(place.project, 'a').id, { request: 'pause' });
    expect(await done).toMatchObject({ status: 'paused' });
    const run = requireRun(place.project, 'a');
    expect(run).toMatchObject({ status: 'paused', request: null });
    expect((await describeRun(place.project, 'a')).checkpoints.at(-1)?.step).toBe(run.step);
    await expect(pauseRun(context, 'a')).rejects.toThrow('It does not train');
  });

  test('stop has it save and counts it as ended, whether it trains or not', async () => {
    lengthen('a');
    const { done } = await trainAsJob(context, 'a');
    await until(hasTrained('a'));
    await stopRun(context, 'a');
    expect(await done).toMatchObject({ status: 'stopped', end: 'stoppedByPerson' });
    expect(requireRun(place.project, 'a')).toMatchObject({ status: 'stopped', end: 'stoppedByPerson' });
    await expect(stopRun(context, 'a')).rejects.toThrow('It has ended already.');

    updateRun(place.project.store, requireRun(place.project, 'a').id, { status: 'paused', end: 'paused' });
    await stopRun(context, 'a');
    expect(requireRun(place.project, 'a')).toMatchObject({ status: 'stopped', end: 'stoppedByPerson' });
  });
});

describe('a branch', () => {
  test('goes on from the checkpoint with the losses of its parent, and knows where it comes from', async () => {
    await (
      await trainAsJob(context, 'a')
    ).done;
    const step =
      (await describeRun(place.project, 'a')).checkpoints.findLast((each) => each.step < 40)?.step ?? 0;
    const name = await branchRun(place.project, { run: 'a', step, takes: 'everything', changes: {} });
    expect(name).toBe('a-1');
    // It keeps what it needs.
    const parentLosses = losses('a').slice(step);
    await deleteRun(place.project, 'a');
    await (
      await trainAsJob(context, name)
    ).done;
    expect(losses(name)).toEqual(parentLosses);
    expect(await describeRun(place.project, name)).toMatchObject({
      status: 'completed',
      step: 40,
      parent: { run: 'a', step, takes: 'everything' },
    });
  });

  test('takes other settings, as a comparison shows, and refuses those that do not go with it', async () => {
    await (
      await trainAsJob(context, 'a')
    ).done;
    const branch = (changes: Record<string, unknown>, takes: 'everything' | 'weights' = 'everything') =>
      branchRun(place.project, { run: 'a', step: 40, takes, changes });
    await expect(branch({})).rejects.toThrow('nothing would be trained');
    await expect(branch({ model: { hiddenSize: 64 } })).rejects.toThrow('do not fit');
    await expect(branch({ training: { seed: 7, steps: 60 } })).rejects.toThrow('another order');
    await expect(branch({ training: { trainedLayers: 1, steps: 60 } })).rejects.toThrow(
      'in the branch something else would',
    );
    registerObjective(previousToken);
    await expect(branch({ objective: 'previous-token', training: { steps: 60 } })).rejects.toThrow(
      'would learn by previous-token',
    );
    await expect(branch({ training: { learningRat: 1 } })).rejects.toThrow(
      'Did you mean training.learningRate?',
    );
    await expect(
      branchRun(place.project, { run: 'a', step: 3, takes: 'weights', changes: {} }),
    ).rejects.toThrow('no checkpoint of this step');
    const longer = await branch({ training: { steps: 50, learningRate: 5e-4 } });
    const anew = await branch({ training: { seed: 7, steps: 10 } }, 'weights');
    expect(requireRun(place.project, longer).step).toBe(40);
    expect(requireRun(place.project, anew).step).toBe(0);
    const { differences } = await compareRuns(place.project, ['a', longer, anew]);
    expect(Object.fromEntries(differences.map(({ path, values }) => [path, values]))).toEqual({
      beganWith: [null, 'a@40', 'a@40'],
      'training.steps': [40, 50, 10],
      'training.learningRate': [1e-3, 5e-4, 1e-3],
      'training.seed': [1337, 1337, 7],
    });
  });
});

test('a run that was given a time trains for as many steps as fit, and is trained longer by steps or by another time', async () => {
  const { store } = place.project;
  const { id, configuration } = requireRun(place.project, 'a');
  const { steps: _, ...training } = configuration.training;
  const timed = { ...configuration, training: { ...training, minutes: 0.05 } };
  store.run(
    store.query
      .updateTable('runs')
      .set({ configurationJson: JSON.stringify(timed) })
      .where('id', '=', id),
  );
  await (
    await trainAsJob(context, 'a')
  ).done;
  const run = await describeRun(place.project, 'a');
  expect(run).toMatchObject({ status: 'completed', budgetSeconds: 3 });
  const step = run.checkpoints.at(-1)?.step ?? 0;
  const branch = (training: Record<string, unknown>) =>
    branchRun(place.project, { run: 'a', step, takes: 'everything', changes: { training } });
  const longer = await branch({ steps: stepsToTrainLonger(step, run.steps) });
  expect(requireRun(place.project, longer).configuration.training.minutes).toBeUndefined();
  const later = await branch({ minutes: 0.1 });
  expect(requireRun(place.project, later).configuration.training).toMatchObject({ minutes: 0.1 });
  expect(requireRun(place.project, later).configuration.training.steps).toBeUndefined();
  await (
    await trainAsJob(context, later)
  ).done;
  expect((await describeRun(place.project, later)).step).toBeGreaterThan(step);
  const again = await branch({});
  await (
    await trainAsJob(context, again)
  ).done;
  expect((await describeRun(place.project, again)).step).toBeGreaterThan(step);
});

test('renaming a run takes along its folder, its checkpoints and what points to it', async () => {
  await (
    await trainAsJob(context, 'a')
  ).done;
  const branch = await branchRun(place.project, { run: 'a', step: 40, takes: 'weights', changes: {} });
  await renameRun(place.project, 'a', 'better-name');
  const run = await describeRun(place.project, 'better-name');
  expect(run.provenance.run).toBe('better-name');
  expect(run.branches).toEqual([{ run: branch, step: 40 }]);
  expect(requireRun(place.project, branch).provenance.parent?.run).toBe('better-name');
  const folder = run.checkpoints.at(-1)?.folder ?? '';
  expect(folder).toContain('better-name');
  expect(JSON.parse(await readFile(join(folder, 'loam', 'provenance.json'), 'utf8'))).toMatchObject({
    run: 'better-name',
  });
  expect(existsSync(place.project.paths.run('a'))).toBe(false);
  await expect(renameRun(place.project, 'better-name', branch)).rejects.toThrow('a run of this name already');
  const lock = acquireLock(place.project.paths.runLock('better-name'), 'another program');
  await expect(renameRun(place.project, 'better-name', 'b')).rejects.toThrow('in use by process');
  lock?.release();
});

test('a run’s record is given by ranges, forwards and backwards, and by kinds', async () => {
  await (
    await trainAsJob(context, 'a')
  ).done;
  const read = (options: Parameters<typeof readRecord>[1]) =>
    recordSchema.parse(readRecord(place.project, options));
  const all = read({ run: 'a', after: 0, limit: 500 });
  expect(all.more).toBe(false);
  expect(all.upTo).toBe(requireRun(place.project, 'a').lastSequence);
  const sequences = all.entries.map(({ sequence }) => sequence);
  expect(sequences).toEqual(sequences.toSorted((one, other) => one - other));
  expect(new Set(all.entries.map(({ kind }) => kind))).toEqual(new Set(['sample', 'evaluated', 'event']));
  const newest = read({ run: 'a', kinds: ['event'], limit: 2 });
  expect(newest.more).toBe(true);
  expect(newest.entries[0]).toMatchObject({ kind: 'event', event: { type: 'ended', status: 'completed' } });
  const before = read({ run: 'a', kinds: ['event'], before: newest.entries[1]?.sequence ?? 0, limit: 1 });
  expect(before.entries[0]?.sequence).toBeLessThan(newest.entries[1]?.sequence ?? 0);
  const firstHalf = read({ run: 'a', after: 0, limit: 3 });
  const rest = read({ run: 'a', after: firstHalf.entries.at(-1)?.sequence ?? 0, limit: 500 });
  expect([...firstHalf.entries, ...rest.entries]).toEqual(all.entries);
});

test('tags and notes are kept with a run and found in the list', async () => {
  const { id } = requireRun(place.project, 'a');
  setRunTags(place.project.store, id, ['night', 'baseline', 'night']);
  updateRun(place.project.store, id, { notes: 'Smaller than usual.' });
  expect((await listRuns(place.project))[0]).toMatchObject({
    tags: ['baseline', 'night'],
    notes: 'Smaller than usual.',
  });
});
