import { describe, expect, test } from 'vitest';
import type { TokenSplit } from '../../../../src/main/llm/data/token-shards.ts';
import { bigramBaseline } from '../../../../src/main/llm/objectives/next-token/bigram-baseline.ts';

const splitOf = (tokens: readonly number[]): TokenSplit => ({
  tokens: tokens.length,
  bytes: tokens.length,
  documents: 1,
  read: (start, count) => Uint32Array.from(tokens.slice(start, start + count)),
});

describe('the bigram baseline', () => {
  test('it is Witten–Bell interpolation, as worked out by hand', () => {
    // Pairs counted: 0→1 twice, 1→0 once, 1→2 once. Of the 4 tokens that have one before: 1 twice, 0 and 2 once.
    const { loss, tokens } = bigramBaseline({
      train: splitOf([0, 1, 0, 1, 2]),
      validation: splitOf([0, 1, 2, 2]),
      vocabularySize: 3,
    });
    const unigram = [2 / 7, 3 / 7, 2 / 7]; // (c + 1) / (4 + 3)
    const p01 = (2 + 1 * unigram[1]!) / (2 + 1);
    const p12 = (1 + 2 * unigram[2]!) / (2 + 2);
    const p22 = unigram[2]!; // nothing was seen after 2
    expect(tokens).toBe(3);
    expect(loss).toBeCloseTo(-(Math.log(p01) + Math.log(p12) + Math.log(p22)) / 3, 12);
  });

  test('the probabilities of all tokens after a token sum to one', () => {
    const train = splitOf([0, 1, 2, 0, 1, 3, 0, 0, 2]);
    const vocabularySize = 5;
    for (let before = 0; before < vocabularySize; before++) {
      const sum = Array.from({ length: vocabularySize }, (_, token) =>
        Math.exp(-bigramBaseline({ train, validation: splitOf([before, token]), vocabularySize }).loss),
      ).reduce((a, b) => a + b, 0);
      expect(sum).toBeCloseTo(1, 12);
    }
  });

  test('text that only alternates costs next to nothing, and random text as much as a uniform guess', () => {
    const alternating = Array.from({ length: 10_000 }, (_, index) => index % 2);
    expect(
      bigramBaseline({ train: splitOf(alternating), validation: splitOf(alternating), vocabularySize: 50 })
        .loss,
    ).toBeLessThan(0.001);
    // A linear congruential generator (Numerical Recipes): good enough to be unpredictable to a bigram.
    let state = 1;
    const random = Array.from({ length: 200_000 }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> 29;
    });
    const { loss, perplexity } = bigramBaseline({
      train: splitOf(random.slice(0, 150_000)),
      validation: splitOf(random.slice(150_000)),
      vocabularySize: 8,
    });
    expect(loss).toBeCloseTo(Math.log(8), 3);
    expect(perplexity).toBeCloseTo(8, 1);
  });

  test('a text of one token is refused', () => {
    expect(() =>
      bigramBaseline({ train: splitOf([0, 1]), validation: splitOf([0]), vocabularySize: 2 }),
    ).toThrow('at least two');
  });
});
