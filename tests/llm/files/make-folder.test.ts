import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFolder } from '../../../src/main/llm/files/make-folder.ts';

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'loam-make-folder-'));
});
afterEach(() => rm(place, { recursive: true, force: true }));

test('folders that are missing are made, and one that is there is left alone', async () => {
  const folder = join(place, 'a', 'b', 'c');
  await makeFolder(folder);
  await writeFile(join(folder, 'kept.txt'), 'kept');
  await makeFolder(folder);
  expect((await stat(join(folder, 'kept.txt'))).size).toBe(4);
});

test('two that make the same folders at once both succeed', async () => {
  await Promise.all([makeFolder(join(place, 'x', 'y', 'z')), makeFolder(join(place, 'x', 'y', 'z'))]);
  expect((await stat(join(place, 'x', 'y', 'z'))).isDirectory()).toBe(true);
});

test('several that need the same missing folder at once all get theirs, however they are interleaved', async () => {
  for (let round = 0; round < 300; round++)
    await Promise.all(
      ['a', 'b', 'c'].map(async (name, delay) => {
        for (let turn = 0; turn < (round % 7) * delay; turn++) await Promise.resolve();
        if (round % 2 === 1 && delay > 0) await stat(place);
        await makeFolder(join(place, `round-${round}`, name, 'inner'));
      }),
    );
});

test('a file in the way is told as such, whether it stands at the end or before', async () => {
  await writeFile(join(place, 'file'), '');
  await expect(makeFolder(join(place, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeFolder(join(place, 'file', 'inner'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

test.runIf(process.platform === 'linux')(
  'a file system that makes no folders is told rather than asked forever',
  async () => {
    await expect(makeFolder('/proc/loam/project')).rejects.toBeInstanceOf(Error);
  },
  5000,
);
