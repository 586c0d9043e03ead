import { expect, test } from 'vitest';
import { nextTokenDeclaration } from '../../../../src/main/llm/objectives/next-token/declaration.ts';
import type { ObjectiveDeclaration } from '../../../../src/shared/objectives/objective.ts';
import type { EvaluationSummary } from '../../../../src/shared/evaluations/evaluation.ts';
import { comparedTexts } from '../../../../src/renderer/screens/evaluate/comparison.ts';

/** Sorting texts into kinds: the more it gets right, the better. */
const sorting: ObjectiveDeclaration = {
  ...nextTokenDeclaration,
  name: 'sorting',
  predictions: 'labels',
  figures: [
    {
      name: 'accuracy',
      term: { name: 'Accuracy', what: 'How often it is right.' },
      format: 'share',
      better: 'higher',
    },
  ],
  headline: 'accuracy',
};
const objectives = [nextTokenDeclaration, sorting];

function result(id: number, changes: Partial<EvaluationSummary>): EvaluationSummary {
  return {
    id,
    checkpoint: 'run@1',
    folder: '/f',
    dataset: 'records',
    split: 'validation',
    objective: nextTokenDeclaration.name,
    loss: 3,
    figures: { bitsPerByte: 2 },
    predictions: 100,
    bytes: 400,
    createdAt: new Date(1e12 + id * 1000).toISOString(),
    ...changes,
  };
}

test('models on the same text stand together, the best first, each with its newest result', () => {
  const [text, ...others] = comparedTexts(
    [
      result(1, { checkpoint: 'a@1', figures: { bitsPerByte: 1.5 } }),
      result(2, { checkpoint: 'a@1', figures: { bitsPerByte: 2.5 } }),
      result(3, { checkpoint: 'b@1', figures: { bitsPerByte: 2 } }),
      result(4, { checkpoint: 'c@1', split: 'train' }),
    ],
    objectives,
  );
  expect(others).toEqual([]);
  expect(text?.results.map(({ id }) => id)).toEqual([3, 2]);
});

test('a dataset that was replaced in between, and a model without figures, are not compared', () => {
  expect(
    comparedTexts(
      [
        result(1, { checkpoint: 'a@1' }),
        result(2, { checkpoint: 'b@1', bytes: 900 }),
        result(3, { checkpoint: 'c@1', figures: { bitsPerByte: null } }),
      ],
      objectives,
    ),
  ).toEqual([]);
});

test('results of another objective stand apart, by its own figure and the way in which that is good', () => {
  const labels = { objective: 'sorting', bytes: undefined, predictions: 50 };
  const [text, ...others] = comparedTexts(
    [
      result(1, { checkpoint: 'a@1' }),
      result(2, { checkpoint: 'a@1', ...labels, figures: { accuracy: 0.5 } }),
      result(3, { checkpoint: 'b@1', ...labels, figures: { accuracy: 0.9 } }),
    ],
    objectives,
  );
  expect(others).toEqual([]);
  expect(text?.figure.name).toBe('accuracy');
  expect(text?.results.map(({ id }) => id)).toEqual([3, 2]);
});
