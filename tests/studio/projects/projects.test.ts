import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  createProject,
  describeProject,
  findProjectFolder,
  openProject,
} from '../../../src/main/studio/projects/projects.ts';
import { loamVersion } from '../../../src/main/studio/version.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-project-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a project is one file in a folder, which may hold others, and knows when and by what it was made', async () => {
  await writeFile(join(folder, 'notes.txt'), 'mine');
  const moment = new Date('2026-03-04T05:06:07.000Z');
  await createProject(folder, () => moment);
  expect((await readdir(folder)).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
    'loam.sqlite',
    'loam.sqlite-mark',
    'notes.txt',
  ]);
  const project = openProject(folder);
  expect(describeProject(project)).toMatchObject({ folder, createdAt: moment.toISOString(), loamVersion });
  project.close();
});

test('folders on the way are made; a second project in one folder is refused', async () => {
  const deep = join(folder, 'a', 'b');
  await createProject(deep);
  await expect(createProject(deep)).rejects.toThrow('a project here already');
});

test('a folder that cannot be made leaves nothing and says where', async () => {
  await writeFile(join(folder, 'file'), '');
  await expect(createProject(join(folder, 'file', 'project'))).rejects.toThrow(
    'A part of this path is a file, not a folder',
  );
  expect(await readdir(folder)).toEqual(['file']);
});

test('the project of a folder is the nearest one above it', async () => {
  await createProject(folder);
  await mkdir(join(folder, 'exports', 'model'), { recursive: true });
  expect(findProjectFolder(join(folder, 'exports', 'model'))).toBe(folder);
  const elsewhere = await mkdtemp(join(tmpdir(), 'loam-none-'));
  expect(findProjectFolder(elsewhere)).toBe(elsewhere);
  expect(() => openProject(elsewhere)).toThrow('no Loam project');
  await rm(elsewhere, { recursive: true });
});
