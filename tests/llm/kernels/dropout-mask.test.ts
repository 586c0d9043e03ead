import { assert, double, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineDropoutMask, fillDropoutMask, philox } from '../../../src/main/llm/kernels/dropout-mask.ts';

describe('Philox4x32-10', () => {
  // The known answers of Random123, the authors' own library (kat_vectors).
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ] as const)('gives the published words for counter %j', (counter, key, words) => {
    expect(philox(counter, key)).toEqual(words);
  });
});

describe('a dropout mask', () => {
  const word = integer({ min: 0, max: 2 ** 32 - 1 });
  const keys = record({ seed: word, step: word, microBatch: word, place: word });

  it('is the same from the kernel as from its definition', () => {
    assert(
      property(
        keys,
        double({ min: 0, max: 0.999, noNaN: true }),
        integer({ min: 0, max: 200 }),
        (key, probability, count) => {
          const [defined, filled] = [new Float32Array(count), new Float32Array(count)];
          defineDropoutMask(defined, key, probability);
          fillDropoutMask(filled, key, probability);
          expect(filled).toEqual(defined);
        },
      ),
    );
  });

  it('is the same also beyond the stretch that the kernel makes at once', () => {
    const key = { seed: 1337, step: 42, microBatch: 1, place: 7 };
    const [defined, filled] = [new Float32Array(40_003), new Float32Array(40_003)];
    defineDropoutMask(defined, key, 0.2);
    fillDropoutMask(filled, key, 0.2);
    expect(filled).toEqual(defined);
  });

  it('drops the share asked for and keeps the mean', () => {
    const mask = new Float32Array(1_000_000);
    fillDropoutMask(mask, { seed: 3, step: 1, microBatch: 0, place: 0 }, 0.1);
    const zeros = mask.reduce((count, factor) => count + (factor === 0 ? 1 : 0), 0);
    // Five standard deviations of a binomial: √(10^6 · 0.1 · 0.9) = 300.
    expect(Math.abs(zeros - 100_000)).toBeLessThan(1500);
    expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / 0.9)]));
  });

  it.each(['seed', 'step', 'microBatch', 'place'] as const)('is another one for another %s', (name) => {
    const key = { seed: 5, step: 5, microBatch: 5, place: 5 };
    const [one, other] = [new Float32Array(256), new Float32Array(256)];
    fillDropoutMask(one, key, 0.5);
    fillDropoutMask(other, { ...key, [name]: 6 }, 0.5);
    expect(other).not.toEqual(one);
  });

  it('refuses keys and probabilities out of range', () => {
    const key = { seed: 0, step: 0, microBatch: 0, place: 0 };
    const mask = new Float32Array(4);
    expect(() => fillDropoutMask(mask, { ...key, seed: -1 }, 0.5)).toThrow('seed is a whole number');
    expect(() => fillDropoutMask(mask, { ...key, step: 0.5 }, 0.5)).toThrow('step is a whole number');
    expect(() => fillDropoutMask(mask, key, 1)).toThrow('probability');
    expect(() => fillDropoutMask(mask, key, Number.NaN)).toThrow('probability');
  });
});
