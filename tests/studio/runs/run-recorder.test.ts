import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Calibration, StepMetrics, TrainingEvent } from '../../../src/shared/runs/events.ts';
import { createRunRecorder, type RunRecorder } from '../../../src/main/studio/runs/run-recorder.ts';
import { requireRun } from '../../../src/main/studio/runs/runs.ts';
import { listCheckpointRows } from '../../../src/main/studio/store/checkpoints.ts';
import {
  listEvents,
  listMetrics,
  listRunEvaluations,
  listSamples,
} from '../../../src/main/studio/store/run-records.ts';
import { openProjectPlace, prepareRuns, type ProjectPlace } from '../project-place.ts';

let place: ProjectPlace;
let now: number;
let stop: AbortController;
beforeEach(async () => {
  place = await openProjectPlace();
  await prepareRuns(place, ['a']);
  now = 0;
  stop = new AbortController();
});
afterEach(() => place.remove());

const open = (): RunRecorder => {
  const run = requireRun(place.project, 'a');
  return createRunRecorder({
    project: place.project,
    run,
    training: run.configuration.training,
    signal: stop.signal,
    clock: () => now,
  });
};
const id = (): number => requireRun(place.project, 'a').id;
const storedSteps = (): readonly number[] => listMetrics(place.project.store, id()).map(({ step }) => step);

const metrics = (step: number, loss = 1 / step): StepMetrics => ({
  step,
  loss,
  learningRate: 1e-3,
  gradientNorm: 0.5,
  tokens: step * 64,
  tokensPerSecond: 1000,
  memoryBytes: 1e8,
  elapsedSeconds: step,
  remainingSeconds: 100 - step,
});
const step = (number: number, loss?: number): TrainingEvent => ({
  type: 'step',
  metrics: metrics(number, loss),
});
const evaluated = (number: number, loss: number): TrainingEvent => ({
  type: 'evaluated',
  metrics: { step: number, loss, figures: { perplexity: Math.exp(loss) }, predictions: 10, complete: false },
});
const checkpoint = (number: number, best: boolean, loss?: number): TrainingEvent => ({
  type: 'checkpoint',
  step: number,
  folder: join(place.project.paths.run('a'), 'checkpoints', `step-0000000${number}`),
  best,
  loss,
  bytes: 5,
});

describe('recording a run', () => {
  test('steps wait for their batch, but for a second at most', () => {
    const recorder = open();
    recorder.record(step(1));
    now = 900;
    recorder.record(step(2));
    expect(storedSteps()).toEqual([]);
    now = 1001;
    recorder.record(step(3));
    expect(storedSteps()).toEqual([1, 2, 3]);
    expect(requireRun(place.project, 'a')).toMatchObject({ step: 3, loss: 1 / 3, elapsedSeconds: 3 });
  });

  test('a new plan of steps is stored at once, in the run’s row and among its events', () => {
    const recorder = open();
    const calibration: Calibration = {
      microBatchSize: 1,
      lossChunks: 1,
      steps: 100,
      secondsPerStep: 1,
      memoryBytes: 1,
      candidates: [],
    };
    recorder.record({ type: 'calibrated', calibration });
    recorder.record(step(1));
    const changes = [{ step: 1, steps: 60, secondsPerStep: 2 }];
    recorder.record({
      type: 'replanned',
      step: 1,
      from: 100,
      steps: 60,
      minutes: 2,
      calibration: { ...calibration, changes },
    });
    expect(storedSteps()).toEqual([1]);
    expect(requireRun(place.project, 'a')).toMatchObject({ steps: 60, calibration: { steps: 100, changes } });
    expect(listEvents(place.project.store, id()).map(({ type }) => type)).toEqual([
      'calibrated',
      'replanned',
    ]);
  });

  test('everything before a checkpoint is stored before the checkpoint can be: at its interval, at an evaluation, at a pause', () => {
    const recorder = open();
    for (const number of [1, 2, 3, 4]) recorder.record(step(number));
    expect(storedSteps()).toEqual([]);
    recorder.record(step(5));
    expect(storedSteps()).toEqual([1, 2, 3, 4, 5]);
    recorder.record(step(6));
    recorder.record(evaluated(6, 0.5));
    expect(storedSteps()).toEqual([1, 2, 3, 4, 5, 6]);
    recorder.record(step(7));
    stop.abort();
    expect(storedSteps()).toEqual([1, 2, 3, 4, 5, 6, 7]);
    recorder.record(step(8));
    expect(storedSteps()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('sequence numbers run through everything without gaps, over sessions too', () => {
    const all = (): readonly number[] => {
      const { store } = place.project;
      const entries = [
        listMetrics(store, id()),
        listRunEvaluations(store, id()),
        listSamples(store, id()),
        listEvents(store, id()),
      ];
      return entries
        .flatMap((list) => list.map(({ sequence }) => sequence ?? -1))
        .toSorted((one, other) => one - other);
    };
    const first = open();
    first.note({ type: 'started', process: 1 });
    first.record(step(1));
    first.record(evaluated(1, 0.7));
    first.record({ type: 'sample', step: 1, prompt: '', text: 'text' });
    first.record(checkpoint(1, true, 0.7));
    const second = open();
    second.record(step(2));
    second.record({ type: 'notice', step: 2, message: 'a word' });
    second.note({ type: 'ended', status: 'completed' }, { status: 'completed' });
    expect(all()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(requireRun(place.project, 'a')).toMatchObject({ lastSequence: 8, status: 'completed' });
  });

  test('going on from a checkpoint forgets what was measured after it, and keeps the events', () => {
    const first = open();
    for (const number of [1, 2, 3, 4, 5, 6]) first.record(step(number));
    first.record(evaluated(6, 0.5));
    const second = open();
    second.record({ type: 'resumed', step: 5 });
    expect(storedSteps()).toEqual([1, 2, 3, 4, 5]);
    expect(listRunEvaluations(place.project.store, id())).toEqual([]);
    second.record(step(6, 9));
    second.flush();
    expect(listMetrics(place.project.store, id()).at(-1)).toMatchObject({ step: 6, loss: 9 });
    expect(listEvents(place.project.store, id()).map(({ type }) => type)).toEqual(['resumed']);
  });

  test('an evaluation and a sample that a resume repeats take the place of the earlier ones', () => {
    const first = open();
    first.record(step(6));
    first.record(checkpoint(6, false));
    first.record(evaluated(6, 0.5));
    first.record({ type: 'sample', step: 6, prompt: '', text: 'first' });
    const second = open();
    second.record({ type: 'resumed', step: 6 });
    second.record(evaluated(6, 0.4));
    second.record({ type: 'sample', step: 6, prompt: '', text: 'again' });
    const { store } = place.project;
    expect(listRunEvaluations(store, id()).map(({ step: at, loss }) => [at, loss])).toEqual([[6, 0.4]]);
    expect(listSamples(store, id()).map(({ step: at, text }) => [at, text])).toEqual([[6, 'again']]);
  });

  test('the row of a run that goes back shows the step that it went back to', () => {
    const recorder = open();
    recorder.record(step(1));
    recorder.record(evaluated(1, 0.9));
    recorder.record(step(2));
    recorder.record(evaluated(2, 0.3));
    recorder.record({ type: 'resumed', step: 1 });
    expect(requireRun(place.project, 'a')).toMatchObject({
      step: 1,
      loss: 1,
      validationLoss: 0.9,
      elapsedSeconds: 1,
    });
  });

  test('a run that begins again without a checkpoint forgets its first session', () => {
    const first = open();
    for (const number of [1, 2, 3]) first.record(step(number));
    first.flush();
    const second = open();
    second.record(step(1, 7));
    second.flush();
    expect(listMetrics(place.project.store, id()).map(({ step: number, loss }) => [number, loss])).toEqual([
      [1, 7],
    ]);
  });

  test('a rollback forgets what the run went back over', () => {
    const recorder = open();
    for (const number of [1, 2, 3, 4]) recorder.record(step(number));
    recorder.record({ type: 'rolledBack', step: 4, toStep: 2, reason: 'a spike' });
    recorder.record(step(3, 5));
    recorder.flush();
    expect(listMetrics(place.project.store, id()).map(({ step: number, loss }) => [number, loss])).toEqual([
      [1, 1],
      [2, 0.5],
      [3, 5],
    ]);
    expect(requireRun(place.project, 'a').step).toBe(3);
  });

  test('the best checkpoint is the last that was called so, and paths are kept relative to the project', () => {
    const recorder = open();
    recorder.record(checkpoint(1, true, 0.9));
    recorder.record(checkpoint(2, true, 0.8));
    recorder.record(checkpoint(3, false, 0.85));
    recorder.record({ type: 'checkpointRemoved', step: 1, folder: place.project.paths.run('a') });
    expect(
      listCheckpointRows(place.project.store, id()).map(({ step: number, best, folder }) => [
        number,
        best,
        folder,
      ]),
    ).toEqual([
      [2, 1, join('runs', 'a', 'checkpoints', 'step-00000002')],
      [3, 0, join('runs', 'a', 'checkpoints', 'step-00000003')],
    ]);
    expect(requireRun(place.project, 'a')).toMatchObject({ bestStep: 2, bestLoss: 0.8 });
  });

  test('a loss that is no number is stored as none', () => {
    const recorder = open();
    recorder.record(step(1, Number.NaN));
    recorder.record(step(2, Number.POSITIVE_INFINITY));
    recorder.flush();
    expect(listMetrics(place.project.store, id()).map(({ loss }) => loss)).toEqual([null, null]);
    expect(requireRun(place.project, 'a').loss).toBeNull();
  });

  test('a calibration is stored with the number of steps it gives', () => {
    const calibration = {
      microBatchSize: 2,
      lossChunks: 1,
      steps: 77,
      secondsPerStep: 0.1,
      memoryBytes: 1,
      candidates: [],
    };
    open().record({ type: 'calibrated', calibration });
    expect(requireRun(place.project, 'a')).toMatchObject({ steps: 77, calibration });
  });
});
