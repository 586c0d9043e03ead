import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createProject } from '../../../src/main/studio/projects/projects.ts';
import {
  forgetProject,
  listRecentProjects,
  rememberProject,
} from '../../../src/main/studio/projects/recent-projects.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-recent-'));
  vi.stubEnv('LOAM_HOME', join(folder, 'home'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const names = async () => (await listRecentProjects()).map(({ name }) => name);

test('the project opened last comes first, and none is listed twice', async () => {
  const first = await createProject(join(folder, 'first'));
  const second = await createProject(join(folder, 'second'));
  await rememberProject(first);
  await rememberProject(second);
  await rememberProject(first, () => new Date('2026-03-04T05:06:07.000Z'));
  expect(await names()).toEqual(['first', 'second']);
  expect((await listRecentProjects())[0]).toEqual({
    folder: first.folder,
    name: 'first',
    openedAt: '2026-03-04T05:06:07.000Z',
    present: true,
  });
});

test('a project whose folder is gone is marked; forgetting one leaves its folder', async () => {
  const kept = await createProject(join(folder, 'kept'));
  const gone = await createProject(join(folder, 'gone'));
  await rememberProject(kept);
  await rememberProject(gone);
  await rm(gone.folder, { recursive: true });
  expect((await listRecentProjects()).map(({ name, present }) => [name, present])).toEqual([
    ['gone', false],
    ['kept', true],
  ]);
  await forgetProject(gone.folder);
  await forgetProject(kept.folder);
  expect(await names()).toEqual([]);
  await rememberProject(kept);
  expect((await listRecentProjects())[0]?.present).toBe(true);
});

test('the list keeps the latest twenty', async () => {
  for (let count = 1; count <= 22; count++)
    await rememberProject({
      folder: join(folder, String(count)),
      name: String(count),
      createdAt: '2026-03-04T05:06:07.000Z',
      loamVersion: '0.1.0',
    });
  expect(await names()).toEqual(Array.from({ length: 20 }, (_, index) => String(22 - index)));
});

test('a list that cannot be read is begun anew', async () => {
  const project = await createProject(join(folder, 'first'));
  await rememberProject(project);
  await writeFile(join(folder, 'home', 'recent-projects.json'), '[{"folder":');
  expect(await names()).toEqual([]);
  await rememberProject(project);
  expect(await names()).toEqual(['first']);
});
