import { below, oneOf, randomNumbers } from './random-numbers.ts';

/** Values that people and attackers put in the place of another. */
const hostileValues: readonly string[] = [
  '-1',
  '0',
  '0.5',
  '1e9',
  '10000000',
  '2147483648',
  '4294967296',
  '9007199254740993',
  '1e400',
  '-1e-400',
  'NaN',
  'null',
  'true',
  '""',
  '[]',
  '{}',
  '"__proto__"',
  '"constructor"',
  '{"__proto__":{"polluted":true}}',
  '"\\ud800"',
  '"\\u0000"',
  '"(a+)+$"',
  `"${'x'.repeat(70_000)}"`,
  '['.repeat(20_000),
  '{"a":'.repeat(20_000),
];

/** A value of JSON as it stands in a text. */
const jsonValue = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\btrue\b|\bfalse\b|\bnull\b/g;

/** Texts of tables and records that are easily taken for structure. */
const hostilePieces: readonly string[] = [
  '"',
  ',',
  '\t',
  '\r',
  '\n',
  '\r\n',
  '\ufeff',
  '\0',
  ';',
  '""',
  '\u2028',
  '{',
  ']',
];

/**
 * One of endlessly many mutations of some bytes, the same for the same seed: flipped, cut, doubled, moved and random bytes;
 * in text also values that are extreme, of another type or nested beyond reason.
 */
export function mutate(bytes: Uint8Array, seed: number): Uint8Array {
  const random = randomNumbers(seed);
  let mutated = Buffer.from(bytes);
  for (let count = random() < 0.7 ? 1 : 2 + below(random, 3); count > 0; count--)
    mutated = mutateOnce(mutated, random);
  return mutated;
}

function mutateOnce(bytes: Buffer<ArrayBuffer>, random: () => number): Buffer<ArrayBuffer> {
  const at = below(random, bytes.length + 1);
  const length = 1 + below(random, oneOf(random, [4, 64, 4096]));
  switch (below(random, 12)) {
    case 0: {
      const flipped = Buffer.from(bytes);
      if (at < flipped.length) flipped[at] = (flipped[at] ?? 0) ^ (1 << below(random, 8));
      return flipped;
    }
    case 1:
      return Buffer.from(bytes.subarray(0, at));
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 3:
      return Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
    case 4: {
      const noise = Buffer.from(Array.from({ length }, () => below(random, 256)));
      return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]);
    }
    case 5: {
      // Eight bytes that are a size in many formats.
      const sized = Buffer.from(bytes);
      const place = Math.min(at, Math.max(0, sized.length - 8));
      const size = oneOf(random, [0n, 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]);
      if (sized.length >= 8) sized.writeBigUInt64LE(size, place);
      return sized;
    }
    case 6: {
      const piece = Buffer.from(oneOf(random, hostilePieces));
      return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
    }
    default: {
      const text = bytes.toString('latin1');
      const values = [...text.matchAll(jsonValue)];
      if (values.length === 0) return Buffer.concat([bytes, Buffer.from(oneOf(random, hostileValues))]);
      const { 0: found, index } = oneOf(random, values);
      const value = oneOf(random, hostileValues);
      return Buffer.concat([
        bytes.subarray(0, index),
        Buffer.from(value),
        bytes.subarray(index + found.length),
      ]);
    }
  }
}
