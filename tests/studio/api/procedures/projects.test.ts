import { createRouterClient, ORPCError } from '@orpc/server';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { forkLauncher } from '../../../../src/main/studio/processes/launcher.ts';
import { createSampleProject, fillSampleProject } from '../../../../src/main/studio/api/sample-project.ts';
import { router } from '../../../../src/main/studio/api/router.ts';
import { createStudio, type Studio } from '../../../../src/main/studio/studio.ts';
import { projectHeader } from '../../../../src/shared/rpc.ts';
import { useOneCore } from '../../../one-core.ts';

let folder: string;
let studio: Studio;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-projects-'));
  vi.stubEnv('LOAM_HOME', join(folder, 'home'));
  await useOneCore(join(folder, 'home'));
  studio = createStudio({ launcher: forkLauncher });
});
afterEach(async () => {
  await studio.close();
  vi.unstubAllEnvs();
  // A worker that was told to stop may still write its last line to the log.
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

const client = (project?: string) =>
  createRouterClient(router, {
    context: {
      studio,
      reqHeaders: new Headers(project === undefined ? {} : { [projectHeader]: encodeURIComponent(project) }),
    },
  });

async function refusalOf(promise: Promise<unknown>): Promise<unknown> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof ORPCError && error.code === 'ACCOUNT' ? (error.data as unknown) : error;
}

test('a project that is given a name goes into the folder of the settings, and is remembered', async () => {
  const { projects, settings } = client();
  expect(await projects.places()).toMatchObject({ userFolder: join(folder, 'home') });
  await settings.change({ projectsFolder: join(folder, 'all') });
  expect(await projects.places()).toMatchObject({ projectsFolder: join(folder, 'all') });
  const made = await projects.create({ name: 'mine' });
  expect(made).toMatchObject({ name: 'mine', folder: join(folder, 'all', 'mine') });
  expect(await projects.recent()).toMatchObject([{ name: 'mine', present: true }]);
  await projects.forget({ folder: made.folder });
  expect(await projects.recent()).toEqual([]);
  expect(existsSync(join(made.folder, 'loam.sqlite'))).toBe(true);
});

test('a name that is a path, a second project in one folder and a folder without one are refused in words', async () => {
  const { projects } = client();
  await client().settings.change({ projectsFolder: folder });
  expect(await refusalOf(projects.create({ name: '../escape' }))).toMatchObject({
    where: "project '../escape'",
  });
  expect(existsSync(join(folder, '..', 'escape'))).toBe(false);
  await projects.create({ folder: join(folder, 'here') });
  expect(await refusalOf(projects.create({ folder: join(folder, 'here') }))).toMatchObject({
    what: 'There is a project here already.',
  });
  expect(await refusalOf(projects.open({ folder: join(folder, 'nowhere') }))).toMatchObject({
    what: 'There is no Loam project here.',
  });
});

test('a folder that says not from where it begins, or that is written as another system does, is refused in words', async () => {
  const { projects } = client();
  const foreign = process.platform === 'win32' ? '/records' : String.raw`D:\records`;
  for (const place of ['elsewhere/records', foreign])
    for (const call of [projects.create, projects.open, projects.trust])
      expect(await refusalOf(call({ folder: place }))).toMatchObject({
        remedy: expect.stringContaining('Give the whole path') as unknown,
      });
});

test('the samples take the next free name', async () => {
  const made = [await createSampleProject(folder), await createSampleProject(folder)];
  expect(made.map(({ name }) => name)).toEqual(['sample', 'sample-2']);
});

test('the sample project is there at once and fills itself: texts, two tokenizers, a run that trains', async () => {
  await client().settings.change({ projectsFolder: folder });
  const sample = await client().projects.createSample();
  const { datasets, tokenizers, runs, jobs } = client(sample.folder);
  await vi.waitFor(
    async () => {
      const training = (await jobs.list()).find(({ kind }) => kind === 'training');
      expect(training).toMatchObject({ status: 'running', subject: { noun: 'run', name: 'first-model' } });
    },
    { timeout: 110_000, interval: 100 },
  );
  expect(await datasets.list()).toMatchObject([{ name: 'service-desk' }]);
  expect((await tokenizers.list()).map(({ name }) => name).sort()).toEqual([
    'service-desk-letters',
    'service-desk-words',
  ]);
  expect((await runs.list()).map(({ name }) => name)).toContain('first-model');
  expect((await jobs.list()).filter(({ status }) => status === 'failed')).toEqual([]);
}, 300_000);

test('once the sample project is full, two models were measured on the same text and one was exported', async () => {
  const sample = await createSampleProject(folder);
  // So small that next to nothing is computed: what is asked is what is done, and in which order.
  const model = { contextLength: 32, hiddenSize: 16, layers: 1, heads: 1 };
  const training = {
    steps: 6,
    microBatchSize: 12,
    evaluationInterval: 3,
    evaluationTokens: 2048,
    checkpointInterval: 3,
  };
  await fillSampleProject(studio, sample.folder, {
    firstRun: { model, training },
    secondRun: { model: { ...model, hiddenSize: 24 }, training },
  });
  const { jobs, evaluations, exports } = client(sample.folder);
  await vi.waitFor(
    async () => expect((await jobs.list()).filter(({ status }) => status === 'running')).toEqual([]),
    { timeout: 110_000, interval: 200 },
  );
  expect((await jobs.list()).filter(({ status }) => status !== 'completed')).toEqual([]);
  const measured = await evaluations.list();
  expect(measured.map(({ run }) => run).toSorted((a, b) => String(a).localeCompare(String(b)))).toEqual([
    'first-model',
    'wider-model',
  ]);
  expect(new Set(measured.map(({ dataset, split, bytes }) => `${dataset} ${split} ${bytes}`)).size).toBe(1);
  expect(await exports.list()).toMatchObject([{ format: 'onnx', present: true }]);
}, 300_000);
