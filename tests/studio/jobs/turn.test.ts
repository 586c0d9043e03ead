import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquireLock } from '../../../src/main/studio/jobs/process-lock.ts';
import { waitForTurn, type Waiting } from '../../../src/main/studio/jobs/turn.ts';
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
