import { expect, test } from 'vitest';
import type { EvaluationSummary } from '../../../../src/shared/evaluations/evaluation.ts';
import { comparedTexts } from '../../../../src/renderer/screens/evaluate/comparison.ts';

function result(id: number, changes: Partial<EvaluationSummary>): EvaluationSummary {
  return {
    id,
    checkpoint: 'run@1',
    folder: '/f',
    dataset: 'records',
    split: 'validation',
    loss: 3,
    perplexity: 20,
    bitsPerByte: 2,
    tokens: 100,
    bytes: 400,
    createdAt: new Date(1e12 + id * 1000).toISOString(),
    ...changes,
  };
}

test('models on the same text stand together, the best first, each with its newest result', () => {
  const [text, ...others] = comparedTexts([
    result(1, { checkpoint: 'a@1', bitsPerByte: 1.5 }),
    result(2, { checkpoint: 'a@1', bitsPerByte: 2.5 }),
    result(3, { checkpoint: 'b@1', bitsPerByte: 2 }),
    result(4, { checkpoint: 'c@1', split: 'train' }),
  ]);
  expect(others).toEqual([]);
  expect(text?.results.map(({ id }) => id)).toEqual([3, 2]);
});

test('a dataset that was replaced in between, and a model without figures, are not compared', () => {
  expect(
    comparedTexts([
      result(1, { checkpoint: 'a@1' }),
      result(2, { checkpoint: 'b@1', bytes: 900 }),
      result(3, { checkpoint: 'c@1', bitsPerByte: null }),
    ]),
  ).toEqual([]);
});
