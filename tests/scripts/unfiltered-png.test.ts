import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { unfilteredPng } from '../../scripts/unfiltered-png.ts';

const width = 3;
/** Six rows of RGB pixels. */
const pixels = Array.from({ length: 6 }, (_, row) =>
  Array.from({ length: width * 3 }, (_, column) => (row * 53 + column * 31 + row * column) % 256),
);

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** A row by one of PNG's filters, written from the specification's formulas. */
function filtered(row: number, filter: number): readonly number[] {
  const at = (y: number, x: number): number => pixels[y]?.[x] ?? 0;
  const paeth = (a: number, b: number, c: number): number => {
    const p = a + b - c;
    const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)] as const;
    return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
  };
  const values = Array.from({ length: width * 3 }, (_, x) => {
    const [a, b, c] = [at(row, x - 3), at(row - 1, x), at(row - 1, x - 3)] as const;
    const predictions = [0, a, b, Math.floor((a + b) / 2), paeth(a, b, c)];
    return (at(row, x) - (predictions[filter] ?? 0) + 256) % 256;
  });
  return [filter, ...values];
}

test('a picture keeps every pixel when its filters are taken away', () => {
  const header = Buffer.from([0, 0, 0, width, 0, 0, 0, pixels.length, 8, 2, 0, 0, 0]);
  const rows = pixels.flatMap((_, row) => filtered(row, row % 5));
  const data = deflateSync(Buffer.from(rows));
  const png = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', data.subarray(0, 10)),
    chunk('IDAT', data.subarray(10)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  const smaller = unfilteredPng(png);
  expect(smaller.subarray(0, 33)).toEqual(png.subarray(0, 33));
  const length = smaller.readUInt32BE(33);
  expect([...inflateSync(smaller.subarray(41, 41 + length))]).toEqual(pixels.flatMap((row) => [0, ...row]));
  expect(smaller.readUInt32BE(41 + length)).toBe(crc32(smaller.subarray(37, 41 + length)));
});

test('what is no picture of a browser’s kind is refused', () => {
  expect(() => unfilteredPng(Buffer.alloc(8))).toThrow('no PNG');
});
