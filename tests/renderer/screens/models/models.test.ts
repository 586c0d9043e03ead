import { expect, test } from 'vitest';
import type { ModelSummary } from '../../../../src/shared/checkpoints/checkpoint.ts';
import type { RunStatus } from '../../../../src/shared/runs/run.ts';
import {
  findModel,
  holdModel,
  modelName,
  refusalOf,
  usualModel,
} from '../../../../src/renderer/models/model-options.ts';
import { isShown } from '../../../../src/renderer/screens/models/model-filter.ts';

const common = {
  pinned: false,
  folder: '/f',
  bytes: 1,
  modelType: 'gpt2',
  tasks: ['generate'],
  parameters: 10,
  contextLength: 8,
  createdAt: '2026-01-01T00:00:00.000Z',
} satisfies Partial<ModelSummary>;

function checkpoint(
  run: string,
  step: number,
  best: boolean,
  last: boolean,
  { status = 'completed', loss }: { readonly status?: RunStatus; readonly loss?: number } = {},
): ModelSummary {
  return {
    ...common,
    reference: `${run}@${step}`,
    ...(loss === undefined ? {} : { loss }),
    origin: { kind: 'run', run, status, step, best, last, dataset: 'records', tokenizer: 'words' },
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

test('the best run that is done comes first, then one that rests, and one that trains last', () => {
  const done = checkpoint('done', 10, true, true, { loss: 3 });
  const better = checkpoint('better', 10, true, true, { loss: 2.5, status: 'stopped' });
  const paused = checkpoint('paused', 10, true, true, { loss: 2, status: 'paused' });
  const training = checkpoint('training', 10, true, true, { loss: 1, status: 'running' });
  const newestFirst = [training, paused, done, better];
  expect(usualModel(newestFirst)).toBe(better);
  expect(usualModel([training, paused, done])).toBe(done);
  expect(usualModel([training, paused])).toBe(paused);
  expect(usualModel([checkpoint('training', 20, false, true), training])).toBe(training);
  expect(usualModel(models)?.reference).toBe('second@10');
  expect(usualModel([imported])).toBe(imported);
  expect(usualModel([])).toBeUndefined();
});

test('a model that cannot do what is wanted is not begun with, and the reason is said', () => {
  const classifier: ModelSummary = {
    ...checkpoint('sorter', 10, true, true, { loss: 1 }),
    tasks: ['classify'],
  };
  const writer = checkpoint('writer', 10, true, true, { loss: 3 });
  expect(usualModel([classifier, writer], ['generate'])).toBe(writer);
  expect(usualModel([classifier, writer])).toBe(classifier);
  expect(holdModel(undefined, [classifier], undefined, ['generate']).reference).toBeUndefined();
  expect(refusalOf(classifier, ['generate'])).toBe('This model cannot write text. It can classify texts.');
  expect(refusalOf(writer, ['generate'])).toBeUndefined();
});

test.each([
  { what: 'the usual model', wanted: undefined },
  { what: 'the best of a run', wanted: 'training' },
])('$what stays what it was when a run gets further, as long as it is there', ({ wanted }) => {
  const early = checkpoint('training', 10, true, true, { loss: 3, status: 'running' });
  const held = holdModel(undefined, [early], wanted);
  expect(held.reference).toBe('training@10');
  const passed = checkpoint('training', 10, false, false, { loss: 3, status: 'running' });
  const later = checkpoint('training', 20, true, true, { loss: 2, status: 'running' });
  expect(holdModel(held, [later, passed], wanted)).toBe(held);
  expect(holdModel(held, [later], wanted).reference).toBe('training@20');
  expect(holdModel(held, [later, passed], 'training@20').reference).toBe('training@20');
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
