import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findSourceFiles } from '../../../src/main/studio/datasets/source-files.ts';

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'loam-sources-')), 'texts');
  await mkdir(folder);
});
afterEach(() => rm(dirname(folder), { recursive: true }));

const write = async (...names: readonly string[]): Promise<void> => {
  for (const name of names) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), 'text');
  }
};

test('A folder means its text files and those below it, by name, but nothing that is hidden', async () => {
  await write(
    'b.txt',
    'a/z.md',
    'a/y.csv',
    'a/image.png',
    '.hidden.txt',
    '.git/notes.txt',
    'a/.cache/deep/c.txt',
  );
  await symlink(folder, join(folder, 'a', 'loop'));
  const names = (await findSourceFiles([folder])).map(({ name }) => name);
  expect(names).toEqual(['texts/a/y.csv', 'texts/a/z.md', 'texts/b.txt']);
});

test('A hidden folder that is named itself is read, and a hidden file', async () => {
  await write('.notes/a.txt', '.diary.txt');
  const paths = [join(folder, '.notes'), join(folder, '.diary.txt')];
  expect((await findSourceFiles(paths)).map(({ name }) => name)).toEqual(['.notes/a.txt', '.diary.txt']);
});
