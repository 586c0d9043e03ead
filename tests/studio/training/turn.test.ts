import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquireLock } from '../../../src/main/studio/processes/process-lock.ts';
import {
  findTrainingOnMachine,
  takeTurnForMeasuring,
  trainingLockFile,
  trainingWork,
  waitForTurn,
  type Waiting,
} from '../../../src/main/studio/training/turn.ts';
import type { Project } from '../../../src/main/studio/projects/projects.ts';
import { requireRun } from '../../../src/main/studio/runs/runs.ts';
import { enqueue, moveInQueue } from '../../../src/main/studio/store/queue.ts';
import { openProjectPlace, prepareRuns, type ProjectPlace } from '../project-place.ts';

let place: ProjectPlace;
beforeEach(async () => {
  place = await openProjectPlace();
});
afterEach(() => place.remove());

test('a run before which another is put just as it takes the lock gives the lock back and waits', async () => {
  const { project } = place;
  await prepareRuns(place, ['second', 'third']);
  const [second, third] = ['second', 'third'].map((name) => requireRun(project, name).id) as [number, number];
  for (const id of [second, third]) enqueue(project.store, id, new Date().toISOString());
  const thirdWaits = acquireLock(project.paths.runLock('third'), 'a test');
  let looks = 0;
  const reordered: Project = {
    ...project,
    get store() {
      looks++;
      if (looks === 2) moveInQueue(project.store, third, 'first');
      return project.store;
    },
  };
  const waited: Waiting[] = [];
  const turn = await waitForTurn(
    reordered,
    second,
    'the second run',
    AbortSignal.timeout(20_000),
    (waiting) => {
      waited.push(waiting);
      thirdWaits?.release();
    },
  );
  expect(turn).toBeDefined();
  turn?.release();
  expect(waited).toHaveLength(1);
});

test('what trains is told by its run and project, never by a path, and only while it holds the lock', async () => {
  const { project } = place;
  await prepareRuns(place, ['next']);
  const { id } = requireRun(project, 'next');
  enqueue(project.store, id, new Date().toISOString());
  const waitedFor = async (folder: string): Promise<string | undefined> => {
    const lock = acquireLock(trainingLockFile(), trainingWork({ run: 'long-1', folder }));
    expect(findTrainingOnMachine()).toEqual({ run: 'long-1', folder });
    const stop = new AbortController();
    let told: string | undefined;
    await waitForTurn(project, id, 'the next run', stop.signal, (waiting) => {
      told = waiting.for;
      stop.abort();
    });
    lock?.release();
    return told;
  };
  expect(await waitedFor(project.folder)).toBe('run long-1');
  expect(await waitedFor('/home/ada/of my/re ports')).toBe('run long-1 of project re ports');
  expect(findTrainingOnMachine()).toBeUndefined();
});

test('engines are not measured while a run trains, and a run waits while they are', async () => {
  const { project } = place;
  const training = acquireLock(
    trainingLockFile(),
    trainingWork({ run: 'long-1', folder: '/home/ada/reports' }),
  );
  expect(takeTurnForMeasuring).toThrow('long-1 of project reports');
  training?.release();

  const measuring = takeTurnForMeasuring();
  expect(takeTurnForMeasuring).toThrow('measured by another Loam');
  expect(findTrainingOnMachine()).toBeUndefined();
  await prepareRuns(place, ['next']);
  const { id } = requireRun(project, 'next');
  enqueue(project.store, id, new Date().toISOString());
  const waited: string[] = [];
  const turn = await waitForTurn(project, id, 'the next run', AbortSignal.timeout(20_000), (waiting) => {
    waited.push(waiting.for);
    measuring.release();
  });
  expect(waited).toEqual(['the measurement of the engines']);
  expect(turn).toBeDefined();
  turn?.release();
});
