import { afterEach, beforeEach, expect, test } from 'vitest';
import { platformOfLibrary, requireOwnPlatform } from '../../../src/main/studio/engines/library-platform.ts';
import { libraryHead, ownLibrary } from './archives.ts';
import { accountOf, makeEnginePlace, type EnginePlace } from './engine-place.ts';

let place: EnginePlace;
beforeEach(async () => {
  place = await makeEnginePlace();
});
afterEach(() => place.remove());

test.each([
  ['linux', 'x64'],
  ['linux', 'arm64'],
  ['darwin', 'x64'],
  ['darwin', 'arm64'],
  ['win32', 'x64'],
])('the first bytes of a library say that it is for %s on %s', (platform, architecture) => {
  expect(platformOfLibrary(libraryHead(platform, architecture))).toEqual({ platform, architecture });
});

test('a processor that Loam does not know has no name, and what is no library has no platform', () => {
  expect(platformOfLibrary(libraryHead('linux', 'riscv64'))).toEqual({
    platform: 'linux',
    architecture: undefined,
  });
  expect(platformOfLibrary(Buffer.from('a text that is long enough to be read'))).toBeUndefined();
  expect(platformOfLibrary(Buffer.from('\x7fELF', 'latin1'))).toBeUndefined();
  expect(platformOfLibrary(new Uint8Array(0))).toBeUndefined();
});

test('bytes in the middle of a larger buffer are read where they stand', () => {
  const larger = Buffer.concat([Buffer.alloc(7), libraryHead('linux', 'arm64')]);
  expect(platformOfLibrary(larger.subarray(7))).toEqual({ platform: 'linux', architecture: 'arm64' });
});

test('a library for this machine passes', async () => {
  const library = await place.write('libtensorflow.so.2', ownLibrary('whatever follows'));
  await expect(requireOwnPlatform(library, 'an archive')).resolves.toBeUndefined();
});

test('one for another system or processor is refused with both names', async () => {
  const otherSystem = process.platform === 'darwin' ? 'linux' : 'darwin';
  const otherProcessor = process.arch === 'arm64' ? 'x64' : 'arm64';
  const system = await place.write('a', libraryHead(otherSystem, process.arch));
  expect(await accountOf(requireOwnPlatform(system, 'tensorflow.whl'))).toMatchObject({
    kind: 'input',
    where: 'tensorflow.whl',
    what: `It is for ${otherSystem} on ${process.arch}, and this is ${process.platform} on ${process.arch}.`,
    remedy: `Get TensorFlow for ${process.platform} on ${process.arch}.`,
  });
  const processor = await place.write('b', libraryHead('linux', otherProcessor));
  expect((await accountOf(requireOwnPlatform(processor, 'x'))).what).toContain(
    `It is for linux on ${otherProcessor}`,
  );
  const unknown = await place.write('c', libraryHead('linux', 'riscv64'));
  expect((await accountOf(requireOwnPlatform(unknown, 'x'))).what).toContain('linux on another processor');
});

test('an empty file and a text are no libraries', async () => {
  for (const content of ['', 'This is only a text of some length.']) {
    const file = await place.write('libtensorflow.so.2', content);
    expect((await accountOf(requireOwnPlatform(file, 'x'))).what).toBe(
      'Its file libtensorflow.so.2 is no library.',
    );
  }
});
