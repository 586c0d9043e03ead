import { expect, test } from 'vitest';
import { createEngineTasks } from '../../../src/main/studio/engines/engine-work.ts';
import { LoamError } from '../../../src/shared/errors.ts';

test('work on engines is told while it is done, and how it ended', async () => {
  const tasks = createEngineTasks();
  expect(tasks.current()).toBeUndefined();
  const fetched = Promise.withResolvers<undefined>();
  tasks.start('installation', async ({ report }) => {
    report({ stage: 'Fetching', done: 1, total: 2 });
    await fetched.promise;
  });
  expect(tasks.current()).toMatchObject({
    kind: 'installation',
    status: 'running',
    progress: { stage: 'Fetching', done: 1, total: 2 },
  });
  expect(() => tasks.start('benchmark', () => Promise.resolve())).toThrow(/installed or measured now/);
  fetched.resolve(undefined);
  await expect.poll(() => tasks.current()?.status).toBe('completed');
});

test('what fails is told in its own words; what was stopped is no failure', async () => {
  const tasks = createEngineTasks();
  tasks.start('installation', async () => {
    throw new LoamError({ kind: 'environment', what: 'There is no compiler.', remedy: 'Install one.' });
  });
  await expect.poll(() => tasks.current()?.status).toBe('failed');
  expect(tasks.current()?.error).toMatchObject({ what: 'There is no compiler.', remedy: 'Install one.' });

  tasks.start(
    'benchmark',
    ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('stopped')));
      }),
  );
  tasks.cancel();
  await expect.poll(() => tasks.current()?.status).toBe('cancelled');
});

test('an engine is removed only while no other work is under way, and what was told of its installation goes', async () => {
  const tasks = createEngineTasks();
  tasks.start('installation', () => Promise.resolve());
  await expect(tasks.alone(() => Promise.resolve())).rejects.toThrow(/installed or measured now/);
  await expect.poll(() => tasks.current()?.status).toBe('completed');
  await expect(tasks.alone(() => Promise.reject(new Error('in use')))).rejects.toThrow('in use');
  expect(tasks.current()?.status).toBe('completed');

  const removed = Promise.withResolvers<number>();
  const removing = tasks.alone(() => removed.promise);
  expect(() => tasks.start('benchmark', () => Promise.resolve())).toThrow(/being removed now/);
  removed.resolve(7);
  expect(await removing).toBe(7);
  expect(tasks.current()).toBeUndefined();
});

test('closing stops what is under way and waits for it', async () => {
  const tasks = createEngineTasks();
  let ended = false;
  tasks.start('benchmark', async ({ signal }) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    ended = true;
    throw new Error('stopped');
  });
  await tasks.close();
  expect(ended).toBe(true);
});
