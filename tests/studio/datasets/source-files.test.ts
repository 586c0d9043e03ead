import { execFileSync } from 'node:child_process';
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

test('Links to files are read like files; what else cannot be taken from a folder is named', async () => {
  await write('a.txt', '../elsewhere/b.txt', 'deep/c.txt');
  await symlink('../elsewhere/b.txt', join(folder, 'linked.txt'));
  await symlink('/nowhere', join(folder, 'gone.txt'));
  await symlink('deep', join(folder, 'again'));
  const leftOut = new Map<string, string>();
  const find = async (...paths: readonly string[]) =>
    (await findSourceFiles(paths, ({ name, reason }) => leftOut.set(name, reason))).map(({ name }) => name);
  expect(await find(folder)).toEqual(['texts/a.txt', 'texts/deep/c.txt', 'texts/linked.txt']);
  expect([...leftOut.keys()].toSorted()).toEqual(['texts/again', 'texts/gone.txt']);
  expect(leftOut.get('texts/gone.txt')).toMatch('link to what is not there');
});

test.skipIf(process.platform !== 'linux')(
  'Pipes and names that are not in UTF-8 are left out of a folder, and a pipe by itself is refused',
  async () => {
    await write('a.txt');
    execFileSync('mkfifo', [join(folder, 'pipe.txt')]);
    await writeFile(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.of(0xe9), Buffer.from('.txt')]), 'x');
    const leftOut: string[] = [];
    const files = await findSourceFiles([folder], ({ name, reason }) => leftOut.push(`${name}: ${reason}`));
    expect(files.map(({ name }) => name)).toEqual(['texts/a.txt']);
    expect(leftOut.toSorted()).toEqual([
      expect.stringContaining('not in UTF-8'),
      'texts/pipe.txt: it is a pipe',
    ]);
    await expect(findSourceFiles([join(folder, 'pipe.txt')])).rejects.toThrow('This is a pipe');
  },
);
