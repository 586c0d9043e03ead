import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { finiteFigures } from '../../../src/shared/objectives/objective.ts';
import { evaluationSchema } from '../../../src/shared/evaluations/evaluation.ts';
import { findCheckpoint } from '../../../src/main/studio/checkpoints/find-checkpoint.ts';
import { importModel } from '../../../src/main/studio/checkpoints/import-model.ts';
import { importDataset } from '../../../src/main/studio/datasets/datasets.ts';
import {
  evaluateCheckpoint,
  previewEvaluation,
  listEvaluations,
} from '../../../src/main/studio/evaluations/evaluations.ts';
import { deleteRequestedEvaluation, insertEvaluation } from '../../../src/main/studio/store/evaluations.ts';
import { trainRun } from '../../../src/main/studio/training/train-run.ts';
import { sampleText } from '../../hosts/cli/loam.ts';
import { openProjectPlace, prepareRuns, type ProjectPlace } from '../project-place.ts';
import { writeTinyModel } from '../writing/tiny-model.ts';

let place: ProjectPlace;
beforeEach(async () => {
  place = await openProjectPlace();
});
afterEach(() => place.remove());

it('a run’s checkpoint is measured on the part kept aside, with what it is to the model and a bigram model beside it', async () => {
  await prepareRuns(place, ['first']);
  const signal = new AbortController().signal;
  await trainRun({ project: place.project.folder, run: 'first' }, { signal, emit: () => undefined });
  const checkpoint = await findCheckpoint(place.project, 'first');
  expect(await previewEvaluation(place.project, checkpoint, 'records')).toEqual({
    split: 'validation',
    familiarity: { validation: 'keptAside', train: 'trainedOn', all: 'partlyTrainedOn' },
    sameFiles: true,
  });
  const progress: number[] = [];
  const measured = await evaluateCheckpoint(place.project, {
    checkpoint,
    dataset: 'records',
    onMeasured: ({ done, total }) => progress.push(done / total),
  });
  expect(measured).toMatchObject({ split: 'validation', familiarity: 'keptAside', run: 'first' });
  expect(progress.at(-1)).toBeGreaterThan(0.9);
  expect(measured.figures['bigramLoss']).toBeGreaterThan(0);
  const [listed] = listEvaluations(place.project);
  expect(evaluationSchema.parse(listed)).toMatchObject({
    id: measured.id,
    checkpoint: checkpoint.label,
    objective: 'next-token',
    loss: measured.loss,
    figures: measured.figures,
    familiarity: 'keptAside',
  });
  deleteRequestedEvaluation(place.project.store, measured.id);
  expect(listEvaluations(place.project)).toEqual([]);
});

it('an imported model is measured on all of a text, which it may know; no bigram model is beside it', async () => {
  await writeTinyModel(join(place.folder, 'tiny'));
  await importModel(place.project, { folder: join(place.folder, 'tiny') });
  await importDataset(place.project, {
    name: 'records',
    paths: [await place.write('records.txt', sampleText(30))],
  });
  const checkpoint = await findCheckpoint(place.project, 'models/tiny');
  const measured = await evaluateCheckpoint(place.project, { checkpoint, dataset: 'records' });
  expect(measured).toMatchObject({ split: 'all', familiarity: 'unknown', checkpoint: 'models/tiny' });
  expect(Object.keys(measured.figures).toSorted()).toEqual(['bitsPerByte', 'perplexity']);
  expect(listEvaluations(place.project)[0]?.checkpoint).toBe('models/tiny');
});

it('figures of a model that computes no numbers are listed as none', async () => {
  insertEvaluation(place.project.store, {
    runId: null,
    step: null,
    folder: 'models/broken',
    datasetId: null,
    split: 'all',
    loss: Number.NaN,
    objective: 'next-token',
    figuresJson: JSON.stringify(finiteFigures({ perplexity: Number.POSITIVE_INFINITY })),
    predictions: 3,
    bytes: 3,
    complete: 1,
    createdAt: new Date().toISOString(),
    familiarity: 'unknown',
  });
  const [listed] = listEvaluations(place.project);
  expect(evaluationSchema.parse(listed)).toMatchObject({
    loss: null,
    figures: { perplexity: null },
    checkpoint: 'models/broken',
  });
});
