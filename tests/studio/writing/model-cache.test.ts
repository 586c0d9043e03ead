import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { forkLauncher, type Launcher } from '../../../src/main/studio/processes/launcher.ts';
import { createModelCache, type ModelCache } from '../../../src/main/studio/writing/model-cache.ts';
import { writeTinyModel } from './tiny-model.ts';

let parent: string;
let cache: ModelCache;
let started = 0;
let ended = 0;
let now = 0;
let training = false;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'loam-cached-'));
  await Promise.all(['one', 'two', 'three'].map((name) => writeTinyModel(join(parent, name))));
  started = 0;
  ended = 0;
  now = 0;
  training = false;
  const launcher: Launcher = (kind) => {
    const child = forkLauncher(kind);
    started++;
    child.onExit(() => ended++);
    return child;
  };
  cache = createModelCache({
    launcher,
    trains: () => training,
    idle: 1000,
    interval: 20,
    clock: () => now,
  });
});
afterEach(async () => {
  await cache.close();
  await rm(parent, { recursive: true });
});

const write = (name: string): Promise<string> =>
  cache.use(
    join(parent, name),
    async (generator) => (await generator.generate({ prompt: 'the ', maximumTokens: 3 })).text,
    { threads: 1 },
  );

async function until(condition: () => boolean): Promise<void> {
  for (let round = 0; round < 200 && !condition(); round++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(condition()).toBe(true);
}

it('a model stays loaded for the next text, and goes after a while', async () => {
  const first = await write('one');
  expect(await write('one')).toBe(first);
  expect(started).toBe(1);
  now = 1001;
  await until(() => ended === 1);
  await write('one');
  expect(started).toBe(2);
});

it('an idle model makes room when a run trains', async () => {
  await write('one');
  training = true;
  await until(() => ended === 1);
});

it('no more than two models wait at once; the one that waited longest goes', async () => {
  for (const [index, name] of ['one', 'two', 'three'].entries()) {
    now = index;
    await write(name);
  }
  await until(() => ended === 1);
  now = 3;
  await write('two');
  await write('three');
  expect(started).toBe(3);
});

it('a folder that holds another model is loaded anew', async () => {
  await write('one');
  await rm(join(parent, 'one'), { recursive: true });
  await writeTinyModel(join(parent, 'one'), 6);
  await write('one');
  expect(started).toBe(2);
});

it('a model that cannot be loaded is tried again the next time', async () => {
  await expect(write('four')).rejects.toThrow('four');
  await writeTinyModel(join(parent, 'four'));
  expect(await write('four')).not.toBe('');
});

it('a text that is stopped while its model loads ends at once', async () => {
  const stop = new AbortController();
  const writing = cache.use(join(parent, 'one'), async () => 'written', { signal: stop.signal });
  stop.abort();
  await expect(writing).rejects.toThrow('stopped');
  expect(await write('one')).not.toBe('');
});
