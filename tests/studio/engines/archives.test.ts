import { mkdir, readFile, readdir } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { extractTar } from '../../../src/main/studio/engines/tar-archive.ts';
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

test('of a zip archive what is wanted is taken, to the place that is said for it', async () => {
  const archive = await writeZip(place.path('x.zip'), { 'a/': '', ...files });
  expect(await extractZip(archive, folder, placeOf)).toEqual([
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
  expect(await extractTar(archive, folder, placeOf)).toEqual({
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
      expect((await accountOf(extract(path, folder, placeOf).then(() => undefined))).where).toBe(path);
});
