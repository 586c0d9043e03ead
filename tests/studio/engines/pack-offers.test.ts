import { expect, test } from 'vitest';
import {
  describeOffer,
  knownWheel,
  offersFor,
  type PackOffer,
} from '../../../src/main/studio/engines/pack-offers.ts';

const platforms = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64'] as const;
const offersOf = (platform: (typeof platforms)[number]): readonly PackOffer[] => {
  const [system = '', processor = ''] = platform.split('-');
  return offersFor(system, processor);
};
const allOffers = platforms.flatMap(offersOf);

test.each([
  ['linux-x64', ['pip cpu', 'pip gpu', 'download cpu', 'download gpu']],
  ['linux-arm64', ['download cpu']],
  ['darwin-x64', ['download cpu']],
  ['darwin-arm64', ['download cpu']],
  ['win32-x64', ['download cpu', 'download gpu']],
] as const)('on %s there are, the best first: %s', (platform, ways) => {
  expect(offersOf(platform).map(({ way, device }) => `${way} ${device}`)).toEqual(ways);
});

test('for a system that TensorFlow is not made for there is none', () => {
  expect(offersFor('freebsd', 'x64')).toEqual([]);
  expect(offersFor('linux', 'riscv64')).toEqual([]);
  expect(offersFor('win32', 'arm64')).toEqual([]);
});

test('an offer that pip fetches says its version, size, source and room on the disk in a sentence', () => {
  const [processor, card] = offersOf('linux-x64');
  expect(describeOffer(processor!)).toBe(
    'TensorFlow 2.15.1 for the processor: Python’s installer (pip) fetches one package, 207 MB, from its package index, checked by its checksum; 614 MB on the disk',
  );
  expect(describeOffer(card!)).toBe(
    'TensorFlow 2.15.1 for a card of NVIDIA’s, driver 525.60.13 or newer: Python’s installer (pip) fetches 12 packages, 2,335 MB, from its package index, checked by their checksums; 5,500 MB on the disk',
  );
});

test('an offer that Loam fetches says from where, and that it is not held against a checksum', () => {
  const download = offersOf('linux-x64').find(({ way, device }) => way === 'download' && device === 'gpu');
  expect(describeOffer(download!)).toBe(
    'TensorFlow 2.9.1 for a card of NVIDIA’s, driver 450.80.02 or newer: Loam fetches it from storage.googleapis.com, and has no checksum of its own to hold it against',
  );
});

test('each wheel that pip is to bring has the name that an index gives it, a size and a SHA-256', () => {
  const wheels = allOffers.flatMap((offer) => (offer.way === 'pip' ? offer.wheels : []));
  expect(wheels).toHaveLength(13);
  for (const { name, requirement, bytes, sha256 } of wheels) {
    const [project = '', version = ''] = requirement.split('==');
    expect(name).toMatch(/^[\w.]+-[\d.]+-(cp311-cp311|py3-none)-manylinux[\w.]+\.whl$/);
    expect(name.startsWith(`${project.replaceAll('-', '_')}-${version}-`)).toBe(true);
    expect(sha256).toMatch(/^[\da-f]{64}$/);
    expect(bytes).toBeGreaterThan(100_000);
    expect(knownWheel(name)).toMatchObject({ bytes, sha256 });
  }
  expect(new Set(wheels.map(({ sha256 }) => sha256)).size).toBe(wheels.length);
});

test('the wheel of TensorFlow is known under the name that a person downloads', () => {
  expect(
    knownWheel('tensorflow_cpu-2.15.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl'),
  ).toMatchObject({ bytes: 207_208_420 });
  expect(knownWheel('tensorflow_cpu-2.16.1-cp311-cp311-manylinux.whl')).toBeUndefined();
});

test('nothing is fetched but over a connection that nobody can change', () => {
  for (const offer of allOffers)
    if (offer.way === 'download') for (const url of offer.urls) expect(new URL(url).protocol).toBe('https:');
});

test('every offer for a card says which driver it needs, and none for the processor does', () => {
  for (const { device, oldestDriver } of allOffers) expect(oldestDriver !== undefined).toBe(device === 'gpu');
});
