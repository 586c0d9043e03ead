import { mkdir, readFile, readdir } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
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

/** Takes nothing, of an archive with so many bytes. */
const passing = (bytes = 1000): Unpacking => {
  const passer = unpacking(5e9, () => undefined);
  passer.beginArchive(bytes);
  return passer;
};

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

test('an archive that says it has far more in it than any has is refused before that is read, wanted or not', async () => {
  const head = tarHeader('third.txt', '0', 3e9);
  const tar = await place.write('x.tar.gz', gzipSync(head));
  const zip = await writeZip(place.path('x.zip'), files);
  const bytes = await readFile(zip);
  bytes.writeUInt32LE(3e9, bytes.indexOf('PK\x01\x02') + 24);
  await place.write('x.zip', bytes);
  for (const extract of [() => extractTar(tar, passing()), () => extractZip(zip, passing())])
    expect((await accountOf(extract().then(() => undefined))).what).toMatch(
      /This is no whole archive: it says of 1,000 bytes that 3,000,000,0\d\d are in them/,
    );
  expect(() => passing(100e6).pass(3e9)).not.toThrow();
  expect(() => passing(1e9).pass(21e9)).toThrow('are in them');
});

test('an archive with more entries than any has is refused', () => {
  const passer = passing();
  for (let entry = 0; entry < 200_000; entry++) passer.pass(0);
  expect(() => passer.pass(0)).toThrow('more than 200,000 entries');
});

test('a tar archive whose description of a file has no end is refused before it is in memory', async () => {
  const endless = Buffer.concat([tarHeader('x', 'x', 2 ** 32), Buffer.alloc(8 * 2 ** 20, '1')]);
  const tar = await place.write('x.tar.gz', gzipSync(endless, { level: 1 }));
  expect((await accountOf(extractTar(tar, passing()).then(() => undefined))).what).toBe(
    'This is no whole archive: Header exceeds max size.',
  );
});

/** The block before a file in a tar archive (POSIX ustar). @param type '0' a file, 'x' a description of the next one */
function tarHeader(name: string, type: string, size: number): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0);
  block.write('0000644\0', 100);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.fill(' ', 148, 156);
  block.write(type, 156);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}
