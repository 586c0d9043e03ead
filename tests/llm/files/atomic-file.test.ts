import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeFileAtomically, writeJsonAtomically } from '../../../src/main/llm/files/atomic-file.ts';
import { removeLeftovers } from '../../../src/main/llm/files/leftovers.ts';
import { fileError } from '../../../src/main/llm/files/file-errors.ts';
import { LoamError } from '../../../src/shared/errors.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-files-'));
});
afterEach(() => rm(folder, { recursive: true }));

const systemError = (code: string) => Object.assign(new Error(code), { code });

it('a full disk leaves the older file, no remnants, and says what to do', async () => {
  const path = join(folder, 'state.json');
  await writeJsonAtomically(path, { step: 1 });
  const error: unknown = await writeFileAtomically(path, async (file) => {
    await file.write(new Uint8Array(100));
    throw systemError('ENOSPC');
  }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(LoamError);
  expect(error).toMatchObject({ kind: 'environment', where: path });
  expect((error as LoamError).message).toMatch(/disk is full.*Make room/);
  expect(await readFile(path, 'utf8')).toBe('{\n  "step": 1\n}\n');
  expect(await readdir(folder)).toEqual(['state.json']);
});

it('several writers of one file do not disturb one another', async () => {
  const path = join(folder, 'state.json');
  await Promise.all(Array.from({ length: 20 }, (_, step) => writeJsonAtomically(path, { step })));
  expect(JSON.parse(await readFile(path, 'utf8'))).toHaveProperty('step');
  expect(await readdir(folder)).toEqual(['state.json']);
});

it('a file that a killed process left unfinished is removed, one that is being written is not', async () => {
  await writeFile(join(folder, `.state.json~0.partial-${process.pid}-0123abcd`), 'half');
  await writeFileAtomically(join(folder, 'other.json'), async () => {
    await removeLeftovers(folder, { age: 0 });
    expect(await readdir(folder)).toHaveLength(1);
  });
  expect(await readdir(folder)).toEqual(['other.json']);
});

it('a read-only place is explained, and a fault of the program is not taken for one of the disk', () => {
  expect(fileError(systemError('EROFS'), '/place').message).toContain('/place');
  expect(fileError(systemError('EACCES'), '/place').kind).toBe('environment');
  expect(fileError(systemError('EWEIRD'), '/place').message).toContain('EWEIRD');
  expect(() => fileError(new TypeError('a fault'), '/place')).toThrow('a fault');
  const told = new LoamError({ kind: 'input', what: 'Told already.', remedy: 'Nothing.' });
  expect(fileError(told, '/place')).toBe(told);
});
