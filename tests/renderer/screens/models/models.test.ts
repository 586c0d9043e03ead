import { expect, test } from 'vitest';
import type { ModelSummary } from '../../../../src/shared/checkpoints/checkpoint.ts';
import { findModel, modelName, usualModel } from '../../../../src/renderer/app/model-options.ts';
import { isShown } from '../../../../src/renderer/screens/models/model-filter.ts';

const common = {
  pinned: false,
  folder: '/f',
  bytes: 1,
  style: 'gpt2',
  parameters: 10,
  contextLength: 8,
  createdAt: '2026-01-01T00:00:00.000Z',
} as const;

function checkpoint(run: string, step: number, best: boolean, last: boolean): ModelSummary {
  return {
    ...common,
    reference: `${run}@${step}`,
    origin: { kind: 'run', run, step, best, last, dataset: 'records', tokenizer: 'words' },
  };
}

const imported: ModelSummary = {
  ...common,
  reference: 'models/borrowed',
  origin: { kind: 'imported', name: 'borrowed', from: '/elsewhere/borrowed' },
  label: 'From a friend',
};

const models = [imported, checkpoint('second', 20, false, true), checkpoint('second', 10, true, false)];

test('a run’s name means its best checkpoint, and its last where it was named so', () => {
  expect(findModel(models, 'second')?.reference).toBe('second@10');
  expect(findModel(models, 'second@best')?.reference).toBe('second@10');
  expect(findModel(models, 'second@last')?.reference).toBe('second@20');
  expect(findModel(models, 'second@15')).toBeUndefined();
  expect(findModel(models, 'models/borrowed')).toBe(imported);
});

test('the best checkpoint of the newest run comes first', () => {
  expect(usualModel(models)?.reference).toBe('second@10');
  expect(usualModel([imported])).toBe(imported);
  expect(usualModel([])).toBeUndefined();
});

test('a model is called by the name that a person gave it', () => {
  expect(models.map(modelName)).toEqual(['From a friend', 'second@20', 'second@10']);
});

test('models are found by all words of a search, among those of a kind', () => {
  const found = (filter: Parameters<typeof isShown>[1], search: string) =>
    models.filter((model) => isShown(model, filter, search)).map(({ reference }) => reference);
  expect(found('all', 'RECORDS 20')).toEqual(['second@20']);
  expect(found('best', '')).toEqual(['second@10']);
  expect(found('imported', 'friend')).toEqual(['models/borrowed']);
  expect(found('pinned', '')).toEqual([]);
});
