import { expect, test } from 'vitest';
import { sendAll } from '../../../../src/renderer/screens/data/uploads.ts';
import { LoamError } from '../../../../src/shared/errors.ts';

type Told = Parameters<Parameters<typeof sendAll>[2]>[0];

const given = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `${index}.txt`, file: new File(['text'], 'a') }));

test('Files are sent side by side and wait in the order in which they were given, without those refused', async () => {
  const told: Told[] = [];
  await sendAll(
    given(5),
    new AbortController().signal,
    (progress) => told.push(progress),
    async (_, name, { onProgress } = {}) => {
      onProgress?.(2);
      // The first one takes the longest.
      await new Promise((resolve) => setTimeout(resolve, name === '0.txt' ? 30 : 1));
      // With its headers: more than the file has.
      onProgress?.(400);
      if (name === '3.txt') throw new LoamError({ kind: 'input', what: 'Too large.', remedy: 'Cut it.' });
      return `id of ${name}`;
    },
  );
  expect(told[0]).toMatchObject({ done: false, sent: 2 });
  const last = told.at(-1);
  expect(last).toMatchObject({ done: true, sent: 20 });
  expect(last?.waiting.map(({ id }) => id)).toEqual(['0', '1', '2', '4'].map((n) => `id of ${n}.txt`));
  expect(last?.refused).toMatchObject([{ what: 'Too large.', where: '3.txt' }]);
});

test('A folder of many files costs no more a file than one of few', async () => {
  let told = 0;
  const begun = performance.now();
  await sendAll(
    given(50_000),
    new AbortController().signal,
    () => (told += 1),
    async (_, name, { onProgress } = {}) => {
      onProgress?.(4);
      return name;
    },
  );
  const seconds = (performance.now() - begun) / 1000;
  expect(told).toBeLessThan(2 + seconds * 11);
  expect(seconds).toBeLessThan(10);
});
