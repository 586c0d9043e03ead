import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandomNumbers } from '../../../src/main/llm/random/random-numbers.ts';
import {
  candidatesFrom,
  draw,
  argmax,
  penalizeRepetition,
  sampleToken,
  type SamplingOptions,
} from '../../../src/main/llm/generation/sampling.ts';
import { selectLargest } from '../../../src/main/llm/generation/selection.ts';

interface Case {
  readonly setting: {
    readonly temperature?: number;
    readonly top_k?: number;
    readonly top_p?: number;
    readonly min_p?: number;
    readonly repetition_penalty?: number;
  };
  readonly ids: readonly number[];
  readonly probabilities: readonly number[];
}
const fixture = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/transformers/sampling.json'), 'utf8'),
) as {
  readonly logits: readonly number[];
  readonly previous: readonly number[];
  readonly cases: readonly Case[];
};

const plain: SamplingOptions = { temperature: 1, topK: 0, topP: 1, minimumP: 0, repetitionPenalty: 1 };

describe('the distribution of the next token', () => {
  it.each(fixture.cases.map((entry) => [JSON.stringify(entry.setting), entry] as const))(
    'is that of transformers with %s',
    (_, { setting, ids, probabilities }) => {
      const logits = Float32Array.from(fixture.logits);
      penalizeRepetition(logits, new Set(fixture.previous), setting.repetition_penalty ?? 1);
      const candidates = candidatesFrom(logits, {
        temperature: setting.temperature ?? 1,
        topK: setting.top_k ?? 0,
        topP: setting.top_p ?? 1,
        minimumP: setting.min_p ?? 0,
        repetitionPenalty: setting.repetition_penalty ?? 1,
      });
      expect([...candidates.ids]).toEqual(ids);
      for (const [index, probability] of probabilities.entries()) {
        expect(candidates.probabilities[index]).toBeCloseTo(probability, 6);
      }
    },
  );

  it('is the likeliest token alone at temperature 0, the lowest id among equals', () => {
    const logits = Float32Array.of(1, 5, 5, 2);
    expect(candidatesFrom(logits, { ...plain, temperature: 0 })).toEqual({
      ids: Uint32Array.of(1),
      probabilities: Float64Array.of(1),
    });
  });

  it('never holds impossible tokens, and always one token', () => {
    const candidates = candidatesFrom(Float32Array.of(-Infinity, 0, Number.NaN, 0), plain);
    expect([...candidates.ids]).toEqual([1, 3]);
    expect([...candidates.probabilities]).toEqual([0.5, 0.5]);
    const strict = candidatesFrom(Float32Array.of(0, 0, 0, 0), { ...plain, topP: 1e-9, minimumP: 1 });
    expect([...strict.ids]).toEqual([0]);
  });

  it('adds up to 1 and keeps the likeliest token, whatever the settings', () => {
    const settings = fc.record({
      temperature: fc.double({ min: 0.01, max: 10, noNaN: true }),
      topK: fc.nat(40),
      topP: fc.double({ min: 0.001, max: 1, noNaN: true }),
      minimumP: fc.double({ min: 0, max: 1, noNaN: true }),
      repetitionPenalty: fc.constant(1),
    });
    const logits = fc.float32Array({ minLength: 1, maxLength: 60, noNaN: true, min: -50, max: 50 });
    fc.assert(
      fc.property(logits, settings, (values, options) => {
        const { ids, probabilities } = candidatesFrom(values, options);
        expect(ids.length).toBe(probabilities.length);
        expect(probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
        // Logits that differ by less than rounding have equal probabilities.
        const largest = values[argmax(values)]!;
        expect([...ids].some((id) => largest - values[id]! < 1e-12)).toBe(true);
      }),
    );
  });
});

describe('drawing', () => {
  it('takes each token as often as its probability says', () => {
    const candidates = { ids: Uint32Array.of(3, 5, 8), probabilities: Float64Array.of(0.2, 0.5, 0.3) };
    const random = createRandomNumbers(11);
    const counts = new Map<number, number>();
    for (let round = 0; round < 100_000; round++) {
      const id = draw(candidates, random.next());
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    // Four standard deviations of a binomial count.
    for (const [index, id] of candidates.ids.entries()) {
      const share = candidates.probabilities[index]!;
      expect(Math.abs((counts.get(id) ?? 0) / 100_000 - share)).toBeLessThan(
        4 * Math.sqrt((share * (1 - share)) / 100_000),
      );
    }
  });

  it('takes the last token when rounding leaves the sum below the number', () => {
    expect(
      draw({ ids: Uint32Array.of(1, 2), probabilities: Float64Array.of(0.5, 0.4999999) }, 0.9999999999),
    ).toBe(2);
  });

  it('chooses from a vocabulary of 50,000 tokens in a few milliseconds', () => {
    const random = createRandomNumbers(1);
    const logits = Float32Array.from({ length: 50_257 }, () => 12 * random.next());
    const settings = [
      { ...plain, topK: 40 },
      { ...plain, topP: 0.9 },
      { ...plain, temperature: 0.8, topK: 200, topP: 0.95, minimumP: 0.02, repetitionPenalty: 1.1 },
    ];
    for (const options of settings) sampleToken(logits.slice(), new Set([1, 2, 3]), options, 0.5);
    const start = performance.now();
    for (const options of settings)
      for (let round = 0; round < 5; round++) sampleToken(logits.slice(), new Set([1]), options, 0.5);
    expect((performance.now() - start) / 15).toBeLessThan(50);
  });
});

describe('the k-th largest value', () => {
  it('is that of the sorted values', () => {
    const values = fc.float32Array({ minLength: 1, maxLength: 80, noNaN: true });
    fc.assert(
      fc.property(values, fc.nat(), (numbers, pick) => {
        const k = 1 + (pick % numbers.length);
        const before = numbers.slice();
        expect(selectLargest(numbers, k) + 0).toBe(numbers.toSorted()[numbers.length - k]! + 0);
        expect(numbers).toEqual(before);
      }),
    );
  });

  it('is found among equal values and beside NaN', () => {
    expect(selectLargest(new Float32Array(1000).fill(3), 500)).toBe(3);
    expect(selectLargest(Float32Array.of(Number.NaN, 1, 2), 2)).toBe(1);
  });
});
