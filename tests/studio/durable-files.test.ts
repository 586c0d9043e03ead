import { link, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bytesFreedBy } from '../../src/main/studio/durable-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-files-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('A folder frees the files that have no name elsewhere, each once', async () => {
  const run = join(folder, 'run');
  const branch = join(folder, 'branch');
  await mkdir(join(run, 'checkpoint'), { recursive: true });
  await mkdir(branch);
  await writeFile(join(run, 'alone'), 'x'.repeat(10));
  await writeFile(join(run, 'twice'), 'x'.repeat(100));
  await link(join(run, 'twice'), join(run, 'checkpoint', 'twice'));
  await writeFile(join(run, 'shared'), 'x'.repeat(1000));
  await link(join(run, 'shared'), join(branch, 'shared'));
  expect(await bytesFreedBy(run)).toBe(110);
  expect(await bytesFreedBy(branch)).toBe(0);
  await rm(branch, { recursive: true });
  expect(await bytesFreedBy(run)).toBe(1110);
  expect(await bytesFreedBy(join(folder, 'nowhere'))).toBe(0);
});
