import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileAtomically, writeJsonAtomically } from '../../../src/main/llm/files/atomic-file.ts';
import { copyFileAtomically } from '../../../src/main/llm/files/copy-file.ts';
import { digestFile } from '../../../src/main/llm/files/file-digest.ts';
import {
  readManifest,
  replaceListedFile,
  requireIntactFolder,
  writeManifest,
} from '../../../src/main/llm/files/manifest.ts';
import { LoamError } from '../../../src/shared/errors.ts';
import { flipBit } from '../../faults/flip-bit.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-manifest-'));
});
afterEach(() => rm(folder, { recursive: true }));

const large = Uint8Array.from({ length: 9_000_001 }, (_, index) => (index * 7919) >> 5);

async function writeSmallFolder(): Promise<void> {
  await mkdir(join(folder, 'loam'));
  await writeManifest(
    folder,
    new Map([
      ['config.json', await writeJsonAtomically(join(folder, 'config.json'), { width: 8 })],
      ['loam/state.json', await writeJsonAtomically(join(folder, 'loam', 'state.json'), { step: 3 })],
    ]),
  );
}

async function refusal(work: Promise<unknown>): Promise<LoamError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LoamError);
  return error as LoamError;
}

it('a digest is the SHA-256 of the file, whether it is written, copied or read', async () => {
  const expected = { bytes: large.length, sha256: createHash('sha256').update(large).digest('hex') };
  const file = join(folder, 'weights');
  const written = await writeFileAtomically(file, async (progress) => {
    await progress.write(large.subarray(0, 5));
    await progress.write(large.subarray(5));
  });
  expect(written).toEqual(expected);
  expect(await copyFileAtomically(file, join(folder, 'copy'))).toEqual(expected);
  let told = 0;
  expect(await digestFile(join(folder, 'copy'), { onBytes: (bytes) => (told += bytes) })).toEqual(expected);
  expect(told).toBe(large.length);
});

it('reading stops when it is told to', async () => {
  const file = join(folder, 'weights');
  await writeFile(file, large);
  const reason = new Error('enough');
  await expect(digestFile(file, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

describe('a folder with a manifest', () => {
  it('is refused for a single bit that differs in any of its files, the manifest among them', async () => {
    await writeSmallFolder();
    expect(await requireIntactFolder(folder)).toEqual({ manifest: 'present', remembered: [] });
    for (const path of ['config.json', 'loam/state.json', 'loam/manifest.json']) {
      const file = join(folder, path);
      const bits = 8 * (await stat(file)).size;
      for (let bit = 0; bit < bits; bit += 11) {
        await flipBit(file, bit);
        const told = await requireIntactFolder(folder).then(
          () => `bit ${bit} of ${path} went unnoticed`,
          (error: unknown) => (error instanceof LoamError ? 'told' : String(error)),
        );
        expect(told).toBe('told');
        await flipBit(file, bit);
      }
    }
    await requireIntactFolder(folder);
  });

  it('is refused when a file is gone, longer, or shorter, with its path', async () => {
    await writeSmallFolder();
    const file = join(folder, 'config.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, `${text} `);
    expect(await refusal(requireIntactFolder(folder))).toMatchObject({ kind: 'input', where: file });
    await writeFile(file, text.slice(0, -1));
    expect((await refusal(requireIntactFolder(folder))).message).toContain('size');
    await rm(file);
    expect((await refusal(requireIntactFolder(folder))).message).toContain('gone');
    await requireIntactFolder(folder, { concerns: (path) => path.startsWith('loam/') });
  });

  it('names no file outside of itself, and none of a newer Loam’s is guessed at', async () => {
    await writeSmallFolder();
    const manifest = join(folder, 'loam', 'manifest.json');
    const entry = { bytes: 1, sha256: '0'.repeat(64) };
    for (const path of ['../victim', '/etc/passwd', 'a/../../b', '..', 'C:\\x', 'a//b', ''])
      await expect(
        writeFile(manifest, JSON.stringify({ version: 1, files: { [path]: entry } })).then(() =>
          readManifest(folder),
        ),
        path,
      ).rejects.toThrow(LoamError);
    await writeFile(manifest, JSON.stringify({ version: 2, sheets: [] }));
    expect((await refusal(readManifest(folder))).message).toContain('newer');
  });

  it('is read once and remembered until a file has another size, time or place on the disk', async () => {
    const file = join(folder, 'model.safetensors');
    const digest = await writeFileAtomically(file, (progress) => progress.write(large));
    await writeManifest(folder, new Map([['model.safetensors', digest]]));
    const look = () => requireIntactFolder(folder, { remembered: true });
    expect(await look()).toEqual({ manifest: 'present', remembered: [] });
    expect(await look()).toEqual({ manifest: 'present', remembered: ['model.safetensors'] });

    // A copy in its place, with the same time.
    const { atime, mtime } = await stat(file);
    await copyFile(file, join(folder, 'other'));
    await utimes(join(folder, 'other'), atime, mtime);
    await rename(join(folder, 'other'), file);
    expect(await look()).toEqual({ manifest: 'present', remembered: [] });
    expect(await look()).toEqual({ manifest: 'present', remembered: ['model.safetensors'] });

    await flipBit(file, 12_345);
    await refusal(look());
    await flipBit(file, 12_345);
    // What was refused is not remembered.
    expect(await look()).toEqual({ manifest: 'present', remembered: [] });
  });

  it('never says anything wrong while one of its files is replaced', async () => {
    await writeSmallFolder();
    await replaceListedFile(folder, 'config.json', async () => {
      const digest = await writeJsonAtomically(join(folder, 'config.json'), { width: 16 });
      // As if the process were killed here: the file is unprotected, and not damaged.
      await requireIntactFolder(folder);
      return digest;
    });
    expect([...((await readManifest(folder)) ?? []).keys()]).toEqual(['config.json', 'loam/state.json']);
    await requireIntactFolder(folder);
  });
});

it('a folder without a manifest is as good as any other', async () => {
  await writeJsonAtomically(join(folder, 'config.json'), {});
  expect(await requireIntactFolder(folder)).toEqual({ manifest: 'absent' });
});
