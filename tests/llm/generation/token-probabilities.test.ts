import { array, assert, integer, property } from 'fast-check';
import { expect, test } from 'vitest';
import { topTokens, probabilitiesOf } from '../../../src/main/llm/generation/token-probabilities.ts';

test('probabilities are the softmax of the logits', () => {
  const logits = Float32Array.of(1, 2, 3, -Infinity, 0.5);
  const weights = [...logits].map((logit) => Math.exp(logit));
  const sum = weights.reduce((a, b) => a + b);
  const probabilities = [...probabilitiesOf(logits)];
  for (const [id, probability] of probabilities.entries())
    expect(probability).toBeCloseTo((weights[id] ?? 0) / sum, 12);
});

test('probabilities of huge logits are numbers that add up to 1', () => {
  const probabilities = [...probabilitiesOf(Float32Array.of(3e38, 3e38, -3e38))];
  expect(probabilities).toEqual([0.5, 0.5, 0]);
});

test('the likeliest tokens are those that sorting gives', () => {
  assert(
    property(
      array(integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 60 }),
      integer({ min: 0, max: 12 }),
      (values, count) => {
        const probabilities = Float64Array.from(values, (value) => value / 20);
        const sorted = [...probabilities.keys()]
          .toSorted((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0) || a - b)
          .slice(0, count);
        expect(topTokens(probabilities, count)).toEqual(sorted);
      },
    ),
  );
});
