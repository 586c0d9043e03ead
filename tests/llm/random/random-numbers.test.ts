import { describe, expect, it } from 'vitest';
import { createRandomNumbers } from '../../../src/main/llm/random/random-numbers.ts';

function stream(seed: number): readonly number[] {
  const random = createRandomNumbers(seed);
  return Array.from({ length: 8 }, () => random.next());
}

describe('random numbers', () => {
  it('repeat for a seed and differ between neighbouring seeds', () => {
    expect(stream(5)).toEqual(stream(5));
    expect(new Set([0, 1, 2, 3].flatMap(stream)).size).toBe(32);
  });

  it('take every seed that a run may have', () => {
    const limits = [0, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1].map(stream);
    expect(new Set(limits.flat()).size).toBe(32);
  });

  it('lie evenly between 0 and 1', () => {
    const random = createRandomNumbers(3);
    const buckets = Array.from({ length: 20 }, () => 0);
    for (let round = 0; round < 200_000; round++) {
      const value = random.next();
      expect(value >= 0 && value < 1).toBe(true);
      buckets[Math.floor(value * 20)]!++;
    }
    // Chi-squared with 19 degrees of freedom: 43.8 is the 0.1% point.
    expect(buckets.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)).toBeLessThan(43.8);
  });
});
