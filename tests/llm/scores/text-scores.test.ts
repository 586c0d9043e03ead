import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pairedBootstrap } from '../../../src/main/llm/scores/paired-bootstrap.ts';
import {
  chrfCounts,
  chrfOf,
  isExactMatch,
  rougeL,
  type ChrfCounts,
} from '../../../src/main/llm/scores/text-scores.ts';
import { createRandomNumbers } from '../../../src/main/llm/random/random-numbers.ts';

interface Case {
  readonly answer: string;
  readonly reference: string;
  readonly rougeL: number;
  readonly chrf: number;
}

// What sacreBLEU and rouge-score give: tests/fixtures/scores/make.py.
const { cases, corpusChrf } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/scores/expected.json'), 'utf8'),
) as { readonly cases: readonly Case[]; readonly corpusChrf: number };

describe('An answer beside the one in a record', () => {
  test.each(cases)('has the chrF of sacreBLEU: $answer', ({ answer, reference, chrf }) => {
    expect(chrfOf(chrfCounts(answer, reference))).toBeCloseTo(chrf, 10);
  });

  test.each(cases.filter(({ answer, reference }) => /^[\x20-\x7e\n]*$/.test(answer + reference)))(
    'has the ROUGE-L of rouge-score: $answer',
    ({ answer, reference, rougeL: expected }) => {
      expect(rougeL(answer, reference)).toBeCloseTo(expected, 10);
    },
  );

  test('has a ROUGE-L in other scripts too', () => {
    expect(rougeL('Ответ: сорок два', 'Ответ сорок два.')).toBe(1);
    expect(rougeL('süße Grüße', 'Grüße')).toBeCloseTo(2 / 3, 10);
  });

  test('matches exactly but for white space', () => {
    expect(isExactMatch(' The\nanswer ', 'The answer')).toBe(true);
    expect(isExactMatch('the answer', 'The answer')).toBe(false);
    expect(isExactMatch('Gru\u0308n', 'Grün')).toBe(true);
  });
});

test('The chrF of many answers is that of their counts together, as sacreBLEU’s of a corpus', () => {
  const add = (one: readonly number[], other: readonly number[]) =>
    one.map((count, index) => count + other[index]!);
  const sum = cases
    .map(({ answer, reference }) => chrfCounts(answer, reference))
    .reduce((one, other): ChrfCounts => ({
      answer: add(one.answer, other.answer),
      reference: add(one.reference, other.reference),
      matches: add(one.matches, other.matches),
    }));
  expect(chrfOf(sum)).toBeCloseTo(corpusChrf, 10);
});

describe('The interval of a difference', () => {
  const random = createRandomNumbers(5);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

  test('is about that of the normal approximation, and the same each time', () => {
    const scores = Array.from({ length: 400 }, () => ({ one: 1, other: 1.1 + 0.5 * normal(), weight: 1 }));
    const { difference, low, high } = pairedBootstrap(scores);
    const mean = scores.reduce((sum, { other }) => sum + other - 1, 0) / scores.length;
    expect(difference).toBeCloseTo(mean, 12);
    const halfWidth = (1.96 * 0.5) / Math.sqrt(scores.length);
    expect(high - mean).toBeGreaterThan(0.85 * halfWidth);
    expect(high - mean).toBeLessThan(1.15 * halfWidth);
    expect(mean - low).toBeGreaterThan(0.85 * halfWidth);
    expect(mean - low).toBeLessThan(1.15 * halfWidth);
    expect(pairedBootstrap(scores)).toEqual({ difference, low, high });
  });

  test('holds zero in about 95 of 100 cases in which there is no difference', () => {
    let held = 0;
    for (let repetition = 0; repetition < 100; repetition += 1) {
      const { low, high } = pairedBootstrap(
        Array.from({ length: 60 }, () => ({ one: normal(), other: normal(), weight: 1 + random.next() })),
      );
      if (low <= 0 && high >= 0) held += 1;
    }
    expect(held).toBeGreaterThanOrEqual(88);
    expect(held).toBeLessThan(100);
  });

  test('weighs records by what they count', () => {
    const { difference } = pairedBootstrap([
      { one: 0, other: 1, weight: 3 },
      { one: 0, other: 0, weight: 1 },
    ]);
    expect(difference).toBe(0.75);
  });
});
