import { createHash } from 'node:crypto';
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  findPack,
  hashFile,
  packFolder,
  removePack,
  requireInstalled,
  requirePack,
  type PackFile,
  type PackManifest,
} from '../../../src/main/studio/engines/pack.ts';
import { requireEngine } from '../../../src/main/studio/engines/require-engine.ts';
import { accountOf, makeEnginePlace, type EnginePlace } from './engine-place.ts';

let place: EnginePlace;
let folder: string;
beforeEach(async () => {
  place = await makeEnginePlace();
  folder = packFolder(place.folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await place.remove();
});

const inPack = (name: string): string => place.path('engines', 'tensorflow', name);

/** Lays a pack down as an installation does, with texts for its files. */
async function layPack(changes: Partial<PackManifest> = {}): Promise<PackManifest> {
  const lay = async (path: string, text: string): Promise<PackFile> => {
    await place.write(`engines/tensorflow/${path}`, text);
    return { path, bytes: text.length, sha256: createHash('sha256').update(text).digest('hex') };
  };
  const manifest: PackManifest = {
    format: 1,
    engine: 'tensorflow',
    version: '2.15.1',
    device: 'cpu',
    deviceName: 'a processor (2 cores)',
    platform: process.platform,
    architecture: process.arch,
    source: 'tensorflow_cpu.whl',
    installedAt: '2026-01-02T03:04:05.000Z',
    libraries: [
      await lay('lib/libtensorflow_framework.so.2', 'the framework'),
      await lay('lib/libtensorflow_cc.so.2', 'the rest'),
    ],
    binding: await lay('lib/tfjs_binding.node', 'the binding'),
    ...changes,
  };
  await place.write('engines/tensorflow/pack.json', JSON.stringify(manifest));
  return manifest;
}

describe('a pack is looked at before it is used', () => {
  test('where there is none, it is absent, and whoever needs it is told how to install it', async () => {
    expect(await findPack(folder)).toEqual({ state: 'absent' });
    expect(await accountOf(requirePack(folder))).toMatchObject({
      kind: 'environment',
      what: 'The TensorFlow engine is not installed.',
      remedy: expect.stringContaining('loam engine install tensorflow'),
    });
  });

  test('a whole one is installed: its files in their order, and the room that it takes', async () => {
    const manifest = await layPack();
    const text = await readFile(inPack('pack.json'), 'utf8');
    const files = 'the framework'.length + 'the rest'.length + 'the binding'.length;
    expect(await findPack(folder)).toEqual({ state: 'installed', manifest, bytes: files + text.length });
    expect(await requireInstalled(folder)).toEqual(manifest);
    expect(await requirePack(folder)).toEqual({
      libraries: [inPack('lib/libtensorflow_framework.so.2'), inPack('lib/libtensorflow_cc.so.2')],
      binding: inPack('lib/tfjs_binding.node'),
    });
  });

  test.each([
    ['without its description', () => rm(inPack('pack.json')), 'pack.json, is missing'],
    ['with half a description', () => writeFile(inPack('pack.json'), '{"format":1,'), 'cannot be read'],
    [
      'with a description of another form',
      () => writeFile(inPack('pack.json'), '{"format":2}'),
      'cannot be read',
    ],
    [
      'for another system',
      () => layPack({ platform: 'plan9' }),
      `It is for plan9 on ${process.arch}, and this is ${process.platform} on ${process.arch}.`,
    ],
    ['for another processor', () => layPack({ architecture: 'sparc' }), 'on sparc'],
    [
      'without one of its libraries',
      () => rm(inPack('lib/libtensorflow_cc.so.2')),
      'Its file lib/libtensorflow_cc.so.2 is missing.',
    ],
    ['without its binding', () => rm(inPack('lib/tfjs_binding.node')), 'lib/tfjs_binding.node is missing.'],
    [
      'with a file of another size',
      () => writeFile(inPack('lib/libtensorflow_cc.so.2'), 'the rest and more'),
      'Its file lib/libtensorflow_cc.so.2 is not what was installed.',
    ],
  ])('one %s is broken, and it is said why', async (_, harm, reason) => {
    await layPack();
    await harm();
    expect(await findPack(folder)).toMatchObject({
      state: 'broken',
      reason: expect.stringContaining(reason),
      bytes: expect.any(Number),
    });
    for (const required of [requirePack, requireInstalled])
      expect(await accountOf(required(folder))).toMatchObject({
        kind: 'environment',
        where: folder,
        what: expect.stringContaining(reason),
        remedy: expect.stringContaining('Install it anew'),
      });
  });

  test.each(['lib/libtensorflow_framework.so.2', 'lib/libtensorflow_cc.so.2', 'lib/tfjs_binding.node'])(
    'one changed letter of %s keeps it from being loaded',
    async (path) => {
      await layPack();
      const text = await readFile(inPack(path), 'utf8');
      await writeFile(inPack(path), text.replace('the', 'thE'));
      // Its size is as it was: only who reads it sees it.
      expect(await findPack(folder)).toMatchObject({ state: 'installed' });
      expect(await accountOf(requirePack(folder))).toMatchObject({
        what: expect.stringContaining(`Its file ${path} is not what was installed.`),
      });
    },
  );

  test('a run on TensorFlow asks for the pack of the person’s folder, and one on ONNX Runtime for none', async () => {
    vi.stubEnv('LOAM_HOME', place.folder);
    await expect(requireEngine('onnxruntime')).resolves.toBeUndefined();
    await expect(requireEngine('tensorflow')).rejects.toThrow('not installed');
    await layPack();
    await expect(requireEngine('tensorflow')).resolves.toBeUndefined();
  });
});

describe('removing a pack', () => {
  test('frees what it says, and touches nothing else of the person’s folder', async () => {
    await layPack();
    await place.write('settings.json', '{}');
    await place.write('engines/other/pack.json', 'of another engine');
    const pack = await findPack(folder);
    const freed = await removePack(folder);
    expect(pack).toMatchObject({ bytes: freed });
    expect(freed).toBeGreaterThan(0);
    expect(await findPack(folder)).toEqual({ state: 'absent' });
    expect(await readdir(place.folder, { recursive: true })).toEqual(
      expect.arrayContaining(['settings.json', 'engines', 'engines/other/pack.json']),
    );
    expect(await readdir(place.path('engines'))).toEqual(['other']);
  });

  test('removes a broken one too, and frees nothing where there is none', async () => {
    await layPack();
    await rm(inPack('pack.json'));
    expect(await removePack(folder)).toBe('the framework'.length + 'the rest'.length + 'the binding'.length);
    expect(await removePack(folder)).toBe(0);
  });
});

test('a file’s SHA-256 is that of all its bytes', async () => {
  const content = Buffer.alloc(3_000_000, 'loam');
  expect(await hashFile(await place.write('large', content))).toBe(
    createHash('sha256').update(content).digest('hex'),
  );
});
