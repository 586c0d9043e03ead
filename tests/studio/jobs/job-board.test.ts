import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LoamError } from '../../../src/shared/errors.ts';
import { acquireLock } from '../../../src/main/studio/processes/process-lock.ts';
import { createJobBoard } from '../../../src/main/studio/jobs/job-board.ts';
import { createProject, openProject, type Project } from '../../../src/main/studio/projects/projects.ts';

let folder: string;
let project: Project;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loam-jobs-'));
  await createProject(folder);
  project = openProject(folder);
});
afterEach(() => {
  project.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a job is on the list while it works and keeps how far it came and what it said', async () => {
  const board = createJobBoard(project, 'here');
  const { id, done } = board.start(
    { kind: 'import', title: 'Import reports' },
    async ({ report, notice }) => {
      report({ stage: 'Reading files', done: 1, total: 4 });
      report({ stage: 'Reading files', done: 4, total: 4 });
      notice('One file was left out.');
      return 7;
    },
  );
  expect(board.show(id)).toMatchObject({ status: 'running', title: 'Import reports' });
  expect(await done).toBe(7);
  await board.close();
  expect(board.show(id)).toMatchObject({
    status: 'completed',
    progress: { stage: 'Reading files', done: 4, total: 4 },
    notices: ['One file was left out.'],
  });
});

test('what goes wrong is kept as an error for a person, a defect without its details', async () => {
  const board = createJobBoard(project, 'here');
  const refuse = new LoamError({ kind: 'input', what: 'It is empty.', remedy: 'Choose another.' });
  const refused = board.start({ kind: 'import', title: 'Import' }, () => Promise.reject(refuse));
  const broken = board.start({ kind: 'export', title: 'Export' }, () =>
    Promise.reject(new Error('x is null')),
  );
  await Promise.allSettled([refused.done, broken.done]);
  await board.close();
  expect(board.show(refused.id).error).toEqual({
    kind: 'input',
    what: 'It is empty.',
    remedy: 'Choose another.',
  });
  expect(JSON.stringify(board.show(broken.id).error)).not.toContain('x is null');
});

test('a cancelled job is told so by its signal and reads cancelled', async () => {
  const board = createJobBoard(project, 'here');
  const { id, done } = board.start({ kind: 'export', title: 'Export' }, async ({ signal }) => {
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  });
  board.cancel(id);
  await expect(done).rejects.toThrow('The work was stopped.');
  await board.close();
  expect(board.show(id).status).toBe('cancelled');
});

test('jobs of a host that went away read interrupted, those of one that lives stay as they are', () => {
  const dead = createJobBoard(project, 'dead');
  const { id } = dead.start({ kind: 'import', title: 'Import' }, () => new Promise(() => undefined));
  expect(dead.show(id).status).toBe('running');
  const next = createJobBoard(project, 'next');
  expect(next.list()).toMatchObject([{ id, status: 'interrupted' }]);
});

test('a job that is not there is refused, and clearing leaves those under way', () => {
  const board = createJobBoard(project, 'here');
  expect(() => board.cancel(99)).toThrow('There is no such job.');
  const { id } = board.start({ kind: 'import', title: 'Import' }, () => new Promise(() => undefined));
  board.clearEnded();
  expect(board.list()).toMatchObject([{ id }]);
});

test('work that was done before it heard of the cancelling is completed; what heeds it although it ends well is not', async () => {
  const board = createJobBoard(project, 'here');
  const exporting = board.start({ kind: 'export', title: 'Export' }, () => Promise.resolve('written'));
  board.cancel(exporting.id);
  const training = board.start({ kind: 'training', title: 'Train' }, async ({ signal, heedCancelling }) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    heedCancelling();
  });
  board.cancel(training.id);
  await board.close();
  expect(board.show(exporting.id).status).toBe('completed');
  expect(board.show(training.id).status).toBe('cancelled');
});

test('a store that refuses to be written stops neither the work nor the host, and learns the end once it can', async () => {
  let full = false;
  const refusing: Project = {
    ...project,
    store: {
      ...project.store,
      run: (query) => {
        if (full) throw new Error('database or disk is full');
        return project.store.run(query);
      },
    },
  };
  const board = createJobBoard(refusing, 'here');
  const { id, done } = board.start({ kind: 'import', title: 'Import' }, async ({ report, notice }) => {
    full = true;
    report({ stage: 'Reading files', done: 1, total: 2 });
    notice('One file was left out.');
    report({ stage: 'Copying files', done: 2, total: 2 });
    return 'all';
  });
  expect(await done).toBe('all');
  await board.whenEnded(id);
  const ended = {
    status: 'completed',
    progress: { stage: 'Copying files', done: 2, total: 2 },
    notices: ['One file was left out.'],
  };
  expect(board.show(id)).toMatchObject(ended);
  expect(board.list()).toMatchObject([ended]);
  full = false;
  await board.close();
  expect(createJobBoard(project, 'next').show(id)).toMatchObject(ended);
});

test('a job is stopped by whoever does it when another host on the same project is asked to', async () => {
  const elsewhere = openProject(folder);
  const lock = acquireLock(join(folder, 'locks', 'session-here.lock'), 'doing jobs');
  try {
    const board = createJobBoard(project, 'here');
    const { id } = board.start({ kind: 'import', title: 'Import' }, async ({ signal }) => {
      await new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error)),
      );
    });
    const other = createJobBoard(elsewhere, 'there');
    expect(other.show(id).status).toBe('running');
    other.cancel(id);
    expect(await board.whenEnded(id)).toBe('cancelled');
    expect(other.show(id).status).toBe('cancelled');
  } finally {
    lock?.release();
    elsewhere.close();
  }
});
