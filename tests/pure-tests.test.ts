import { glob, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { pureTests } from './pure-tests.ts';

/** What changes things that other files of the same process see: doubles, clocks, the environment, registries, engines. */
const leavesTraces =
  /\bvi\.|process\.(env|chdir|on)\b|globalThis|\bregister[A-Z]|\/register\.ts'|create\w+Engine\(/;

test('a test that would change what others find has a process of its own', async () => {
  const root = resolve(import.meta.dirname, '..');
  const files = await Array.fromAsync(glob(pureTests, { cwd: root }));
  expect(files.length).toBeGreaterThan(50);
  const found: string[] = [];
  for (const file of files)
    if (leavesTraces.test(await readFile(resolve(root, file), 'utf8'))) found.push(file);
  expect(found).toEqual([]);
});
