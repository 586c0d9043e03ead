import { expect, test } from 'vitest';
import { createEngineWorkshop } from '../../../src/main/studio/engines/engine-work.ts';
import { LoamError } from '../../../src/shared/errors.ts';

test('work on engines is told while it is done, and how it ended', async () => {
  const workshop = createEngineWorkshop();
  expect(workshop.current()).toBeUndefined();
  const fetched = Promise.withResolvers<undefined>();
  workshop.start('installation', async ({ report }) => {
    report({ stage: 'Fetching', done: 1, total: 2 });
    await fetched.promise;
  });
  expect(workshop.current()).toMatchObject({
    kind: 'installation',
    status: 'running',
    progress: { stage: 'Fetching', done: 1, total: 2 },
  });
  expect(() => workshop.start('benchmark', () => Promise.resolve())).toThrow(/installed or measured now/);
  fetched.resolve(undefined);
  await expect.poll(() => workshop.current()?.status).toBe('completed');
});

test('what fails is told in its own words; what was stopped is no failure', async () => {
  const workshop = createEngineWorkshop();
  workshop.start('installation', async () => {
    throw new LoamError({ kind: 'environment', what: 'There is no compiler.', remedy: 'Install one.' });
  });
  await expect.poll(() => workshop.current()?.status).toBe('failed');
  expect(workshop.current()?.error).toMatchObject({ what: 'There is no compiler.', remedy: 'Install one.' });

  workshop.start(
    'benchmark',
    ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('stopped')));
      }),
  );
  workshop.cancel();
  await expect.poll(() => workshop.current()?.status).toBe('cancelled');
});

test('an engine is removed only while no other work is under way, and what was told of its installation goes', async () => {
  const workshop = createEngineWorkshop();
  workshop.start('installation', () => Promise.resolve());
  await expect(workshop.alone(() => Promise.resolve())).rejects.toThrow(/installed or measured now/);
  await expect.poll(() => workshop.current()?.status).toBe('completed');
  await expect(workshop.alone(() => Promise.reject(new Error('in use')))).rejects.toThrow('in use');
  expect(workshop.current()?.status).toBe('completed');

  const removed = Promise.withResolvers<number>();
  const removing = workshop.alone(() => removed.promise);
  expect(() => workshop.start('benchmark', () => Promise.resolve())).toThrow(/being removed now/);
  removed.resolve(7);
  expect(await removing).toBe(7);
  expect(workshop.current()).toBeUndefined();
});

test('closing stops what is under way and waits for it', async () => {
  const workshop = createEngineWorkshop();
  let ended = false;
  workshop.start('benchmark', async ({ signal }) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    ended = true;
    throw new Error('stopped');
  });
  await workshop.close();
  expect(ended).toBe(true);
});
