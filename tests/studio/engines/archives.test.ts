import { mkdir, readFile, readdir } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LoamError } from '../../../src/shared/errors.ts';
import { extractTar } from '../../../src/main/studio/engines/tar-archive.ts';
import { Unpacking } from '../../../src/main/studio/engines/unpacking.ts';
import { extractZip } from '../../../src/main/studio/engines/wheel-archive.ts';
import { writeTarGz, writeZip } from './archives.ts';
import { accountOf, makeEnginePlace, type EnginePlace } from './engine-place.ts';

let place: EnginePlace;
let folder: string;
beforeEach(async () => {
  place = await makeEnginePlace();
  folder = place.path('unpacked');
  await mkdir(folder);
});
afterEach(() => place.remove());

const files = { 'a/b/first.txt': 'one', 'second.txt': 'two', 'third.txt': 'three', 'empty.txt': '' };
/** Takes all but the third, each under another name. */
const placeOf = (name: string): string | undefined => (name === 'third.txt' ? undefined : `out/${name}`);

/** Into the folder, on a disk with so many bytes free. */
const unpacking = (freeBytes = 5e9, to = placeOf): Unpacking => new Unpacking(folder, freeBytes, to);

test('of a zip archive what is wanted is taken, to the place that is said for it', async () => {
  const archive = await writeZip(place.path('x.zip'), { 'a/': '', ...files });
  expect(await extractZip(archive, unpacking())).toEqual([
    'out/a/b/first.txt',
    'out/second.txt',
    'out/empty.txt',
  ]);
  expect(await readFile(place.path('unpacked/out/a/b/first.txt'), 'utf8')).toBe('one');
  expect(await readFile(place.path('unpacked/out/empty.txt'), 'utf8')).toBe('');
  expect(await readdir(place.path('unpacked/out'))).toHaveLength(3);
});

test('of a tar archive what is wanted is taken, and its links are told, not made', async () => {
  const archive = await writeTarGz(place.path('x.tar.gz'), files, {
    './a/link.txt': '../second.txt',
    'third.txt': 'second.txt',
  });
  expect(await extractTar(archive, unpacking())).toEqual({
    taken: ['out/a/b/first.txt', 'out/second.txt', 'out/empty.txt'],
    links: new Map([['link.txt', 'second.txt']]),
  });
  expect(await readFile(place.path('unpacked/out/second.txt'), 'utf8')).toBe('two');
  expect((await readdir(place.path('unpacked/out'))).toSorted()).toEqual(['a', 'empty.txt', 'second.txt']);
  expect(await readdir(place.path('unpacked/out/a'))).toEqual(['b']);
});

test('an archive that is not there, and a folder in its place, are told with their path', async () => {
  for (const extract of [extractZip, extractTar])
    for (const path of [place.path('nowhere'), place.folder])
      expect((await accountOf(extract(path, unpacking()).then(() => undefined))).where).toBe(path);
});

test('a tar archive that is damaged or cut off anywhere is refused, or read, and never waited for', async () => {
  const bytes = await readFile(await writeTarGz(place.path('x.tar.gz'), files));
  for (let at = 12; at < bytes.length; at += 9) {
    const flipped = Buffer.from(bytes);
    flipped[at] = (flipped[at] ?? 0) ^ 0x55;
    for (const damaged of [flipped, bytes.subarray(0, at)]) {
      const path = await place.write('damaged.tar.gz', damaged);
      const outcome = await extractTar(path, unpacking()).then(
        () => 'read',
        (error: unknown) => (error instanceof LoamError ? 'refused' : error),
      );
      expect(outcome, `byte ${at}`).toMatch(/read|refused/);
    }
  }
});

test('an archive with two files for one place is refused, and so is one in which the same name comes again', async () => {
  const zip = await writeZip(place.path('x.zip'), files);
  const tar = await writeTarGz(place.path('x.tar.gz'), files, {});
  const toOne = (): string => 'out/one';
  for (const extract of [
    () => extractZip(zip, unpacking(5e9, toOne)),
    () => extractTar(tar, unpacking(5e9, toOne)),
  ])
    expect((await accountOf(extract().then(() => undefined))).what).toBe(
      'This is no whole archive: it has two files for out/one.',
    );
});

test('an archive with more in it than there is room for is refused before it fills the disk, and a gigabyte stays free', async () => {
  const zip = await writeZip(place.path('x.zip'), files);
  const tar = await writeTarGz(place.path('x.tar.gz'), files, {});
  for (const extract of [
    () => extractZip(zip, unpacking(1e9 + 5)),
    () => extractTar(tar, unpacking(1e9 + 5)),
  ]) {
    expect(await accountOf(extract().then(() => undefined))).toMatchObject({
      kind: 'environment',
      what: expect.stringContaining('0.0 GB may be taken here'),
      remedy: expect.stringContaining('Free some room'),
    });
    expect(await readdir(place.path('unpacked/out/a/b'))).toEqual(['first.txt']);
    expect(await readdir(place.path('unpacked/out'))).toEqual(['a']);
  }
});
