import { createHash } from 'node:crypto';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  findPack,
  hashFile,
  packFolder,
  requireInstalled,
  requirePack,
  type PackFile,
  type PackManifest,
} from '../../../src/main/studio/engines/pack.ts';
import { bringBackPack, packLockFile, removePack } from '../../../src/main/studio/engines/pack-place.ts';
import { noteVerified, stampFile } from '../../../src/main/llm/files/verified-files.ts';
import { acquireLock } from '../../../src/main/studio/processes/process-lock.ts';
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
      remedy: expect.stringContaining('Install it'),
      action: { do: 'installEngine', device: 'cpu' },
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

  describe('once all of it was read', () => {
    beforeEach(async () => {
      await layPack();
      await requirePack(folder);
    });

    test('a file that is as it was then is not read again', async () => {
      const harmed = 'lib/libtensorflow_cc.so.2';
      const noted = JSON.parse(await readFile(inPack('verified.json'), 'utf8')) as Record<string, string>;
      const sha256 = createHash('sha256').update('the rest').digest('hex');
      await writeFile(inPack(harmed), 'thE rest');
      // Noted as verified though it is harmed: only who reads it would see it.
      await noteVerified(folder, { ...noted, [harmed]: await stampFile(inPack(harmed), sha256) });
      expect((await requirePack(folder)).libraries).toContain(inPack(harmed));
    });

    test.each([
      ['written to', () => writeFile(inPack('lib/libtensorflow_cc.so.2'), 'thE rest')],
      [
        'written to and given its old time',
        async () => {
          const when = new Date('2026-01-01');
          await utimes(inPack('lib/libtensorflow_cc.so.2'), when, when);
          await requirePack(folder);
          await writeFile(inPack('lib/libtensorflow_cc.so.2'), 'thE rest');
          await utimes(inPack('lib/libtensorflow_cc.so.2'), when, when);
        },
      ],
      [
        'replaced by another',
        async () => {
          await writeFile(inPack('lib/other'), 'thE rest');
          await rename(inPack('lib/other'), inPack('lib/libtensorflow_cc.so.2'));
        },
      ],
    ])('a file that was %s is read again', async (_, harm) => {
      await harm();
      expect((await accountOf(requirePack(folder))).what).toContain('is not what was installed');
    });

    test('a file that was only touched is read again and found to be right', async () => {
      await utimes(inPack('lib/tfjs_binding.node'), new Date(), new Date('2026-02-02'));
      const before = await readFile(inPack('verified.json'), 'utf8');
      expect((await requirePack(folder)).binding).toBe(inPack('lib/tfjs_binding.node'));
      expect(await readFile(inPack('verified.json'), 'utf8')).not.toBe(before);
    });
  });

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

  test('removes what a killed installation left, too, beside a pack and without one', async () => {
    await layPack();
    await place.write('engines/.tensorflow.partial-0123456789ab/wheels/a.whl', 'half of a wheel');
    const { bytes } = (await findPack(folder)) as { readonly bytes: number };
    expect(await removePack(folder)).toBe(bytes + 'half of a wheel'.length);
    await place.write('engines/.tensorflow.partial-ba9876543210/wheels/a.whl', 'half');
    expect(await removePack(folder)).toBe(4);
    expect(await readdir(place.path('engines'))).toEqual([]);
  });

  test('removes it also where its time is ahead of the clock', async () => {
    await place.write('engines/.tensorflow.partial-a1b2c3d4e5f6/wheels/a.whl', 'half');
    const ahead = new Date(Date.now() + 60_000);
    await utimes(place.path('engines', '.tensorflow.partial-a1b2c3d4e5f6'), ahead, ahead);
    expect(await removePack(folder)).toBe(4);
    expect(await readdir(place.path('engines'))).toEqual([]);
  });

  test('is refused while a process computes with it, whichever that is, and not when that was killed', async () => {
    await layPack();
    const user = fork(new URL('./using-process.ts', import.meta.url), [folder]);
    await once(user, 'message');
    expect(await accountOf(removePack(folder))).toMatchObject({
      kind: 'input',
      what: expect.stringContaining('in use'),
    });
    expect(await findPack(folder)).toMatchObject({ state: 'installed' });
    user.kill('SIGKILL');
    await once(user, 'exit');
    expect(await removePack(folder)).toBeGreaterThan(0);
  });

  test('is refused while another process installs one', async () => {
    await layPack();
    const lock = acquireLock(packLockFile(folder), 'installing');
    expect((await accountOf(removePack(folder))).what).toContain('installing or removing');
    lock?.release();
    expect(await removePack(folder)).toBeGreaterThan(0);
  });
});

describe('a pack that an installation had put aside when it was killed', () => {
  const aside = (): string => place.path('engines', '.tensorflow.aside');

  test('is back at the next look', async () => {
    await layPack();
    await rename(folder, aside());
    expect(await findPack(folder)).toMatchObject({ state: 'installed' });
    expect(await readdir(place.path('engines'))).toEqual(['tensorflow']);
  });

  test('stays aside while an installation is under way', async () => {
    await layPack();
    await rename(folder, aside());
    const lock = acquireLock(packLockFile(folder), 'installing');
    expect(await findPack(folder)).toEqual({ state: 'absent' });
    lock?.release();
    expect(await findPack(folder)).toMatchObject({ state: 'installed' });
  });

  test('goes where the new one stands', async () => {
    await layPack();
    await place.write('engines/.tensorflow.aside/pack.json', 'the old one');
    await bringBackPack(folder);
    expect(await readdir(place.path('engines'))).toEqual(['tensorflow']);
    expect(await findPack(folder)).toMatchObject({ state: 'installed' });
  });
});

test('a file’s SHA-256 is that of all its bytes', async () => {
  const content = Buffer.alloc(3_000_000, 'loam');
  expect(await hashFile(await place.write('large', content))).toBe(
    createHash('sha256').update(content).digest('hex'),
  );
});

test('reading a large file to its end is given up when the person cancels', async () => {
  const path = await place.write('large', Buffer.alloc(3_000_000, 'loam'));
  await expect(hashFile(path, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
});
