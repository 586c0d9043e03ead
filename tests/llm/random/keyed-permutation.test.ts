import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyedPermutation } from '../../../src/main/llm/random/keyed-permutation.ts';

const key = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const permuted = (size: number, k: number): number[] =>
  Array.from({ length: size }, (_, index) => keyedPermutation(size, k)(index));

describe('A keyed permutation', () => {
  it('gives every item exactly once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), key, (size, k) => {
        expect(permuted(size, k).sort((a, b) => a - b)).toEqual(
          Array.from({ length: size }, (_, index) => index),
        );
      }),
    );
  });

  it('stays within the range for sizes far beyond memory', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2 ** 31, max: 2 ** 52 }),
        key,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (size, k, where) => {
          const place = keyedPermutation(size, k)(Math.floor(where * size));
          expect(Number.isSafeInteger(place) && place >= 0 && place < size).toBe(true);
        },
      ),
    );
  });

  it('differs between keys', () => {
    expect(permuted(200, 1)).not.toEqual(permuted(200, 2));
  });

  it('leaves no trace of the order: each place is taken from everywhere, evenly', () => {
    // χ² over 16 × 16 cells (where an item was, where it goes): its mean is the 225 degrees of freedom, its deviation 21.
    const size = 4096;
    for (const k of [0, 1, 2, 3, 4]) {
      const cells = new Float64Array(256);
      permuted(size, k).forEach(
        (place, index) => (cells[Math.floor(index / 256) * 16 + Math.floor(place / 256)]! += 1),
      );
      const chiSquare = cells.reduce((sum, count) => sum + (count - 16) ** 2 / 16, 0);
      expect(chiSquare).toBeLessThan(225 + 5 * 21.2);
      expect(chiSquare).toBeGreaterThan(225 - 5 * 21.2);
    }
  });

  it('refuses items outside the range', () => {
    expect(() => keyedPermutation(10, 0)(10)).toThrow(RangeError);
    expect(() => keyedPermutation(0, 0)).toThrow(RangeError);
  });
});
