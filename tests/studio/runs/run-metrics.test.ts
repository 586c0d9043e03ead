import { array, assert, asyncProperty, constant, double, integer, oneof, record } from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRunRecorder } from '../../../src/main/studio/runs/run-recorder.ts';
import { readMetrics, thin } from '../../../src/main/studio/runs/run-metrics.ts';
import { requireRun } from '../../../src/main/studio/runs/runs.ts';
import { listMetrics } from '../../../src/main/studio/store/run-records.ts';
import { metricSeries, type MetricSeries } from '../../../src/shared/runs/metrics.ts';
import { openProjectPlace, prepareRuns, type ProjectPlace } from '../project-place.ts';

let place: ProjectPlace;
beforeEach(async () => {
  place = await openProjectPlace();
  await prepareRuns(place, ['a']);
});
afterEach(() => place.remove());

const id = (): number => requireRun(place.project, 'a').id;

/** A run's recorder whose batches end only where a test says so. */
const open = () => {
  const run = requireRun(place.project, 'a');
  return createRunRecorder({
    project: place.project,
    run,
    training: { ...run.configuration.training, checkpointInterval: 1e9 },
    signal: new AbortController().signal,
    clock: () => 0,
  });
};
type Recorder = ReturnType<typeof open>;

/** Different at each attempt, so that a value that should have been forgotten shows. */
const recordStep = (recorder: Recorder, step: number, attempt: number): void =>
  recorder.record({
    type: 'step',
    metrics: {
      step,
      loss: step % 13 === 0 ? Number.NaN : 5 / step + Math.sin(step * 7 + attempt),
      learningRate: 1e-3 / (1 + step / 100),
      gradientNorm: 1 + Math.cos(step * 3 + attempt),
      tokens: step * 64,
      tokensPerSecond: 1000 + (step % 17) + attempt,
      memoryBytes: 1e8 + step,
      elapsedSeconds: step / 10,
      remainingSeconds: 1,
    },
  });

/** The buckets that the stored steps give when each is looked at. */
function plainBuckets(size: number, from: number, to: number) {
  const groups = new Map<number, ReturnType<typeof listMetrics>[number][]>();
  for (const row of listMetrics(place.project.store, id())) {
    const bucket = Math.floor((row.step - 1) / size);
    if (bucket < Math.floor((from - 1) / size) || bucket > Math.floor((to - 1) / size)) continue;
    groups.set(bucket, [...(groups.get(bucket) ?? []), row]);
  }
  const buckets = [...groups.values()];
  const summarize = (series: MetricSeries) => ({
    min: buckets.map((rows) => extreme(Math.min, rows, series)),
    max: buckets.map((rows) => extreme(Math.max, rows, series)),
    mean: buckets.map((rows) => {
      const values = finite(rows, series);
      return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
    }),
    last: buckets.map((rows) => rows.at(-1)?.[series] ?? null),
  });
  return {
    step: buckets.map((rows) => rows.at(-1)?.step),
    tokens: buckets.map((rows) => rows.at(-1)?.tokens),
    elapsedSeconds: buckets.map((rows) => rows.at(-1)?.elapsedSeconds),
    series: Object.fromEntries(metricSeries.map((series) => [series, summarize(series)])),
  };
}

type Rows = readonly ReturnType<typeof listMetrics>[number][];

const finite = (rows: Rows, series: MetricSeries): readonly number[] =>
  rows.flatMap((row) => (row[series] === null ? [] : [row[series]]));

function extreme(pick: (...values: number[]) => number, rows: Rows, series: MetricSeries): number | null {
  const values = finite(rows, series);
  return values.length === 0 ? null : pick(...values);
}

/** Sums are added up in another order: the means agree but for the last digits. */
const rounded = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, inner: unknown) =>
      typeof inner === 'number' ? Number(inner.toPrecision(10)) : inner,
    ),
  );

describe('curves in buckets', async () => {
  test('are what one gets from every single step, whatever was trained anew in between', async () => {
    const action = oneof(
      { weight: 4, arbitrary: record({ train: integer({ min: 1, max: 300 }) }) },
      { weight: 1, arbitrary: record({ goBackBy: double({ min: 0, max: 1, noNaN: true }) }) },
      { weight: 1, arbitrary: constant('write' as const) },
    );
    const look = record({
      from: double({ min: 0, max: 1, noNaN: true }),
      to: double({ min: 0, max: 1, noNaN: true }),
      buckets: integer({ min: 1, max: 300 }),
    });
    let attempt = 0;
    await assert(
      asyncProperty(
        array(action, { minLength: 1, maxLength: 6 }),
        look,
        async (actions, { from, to, buckets }) => {
          let recorder = open();
          recorder.record({ type: 'rolledBack', step: 1, toStep: 0, reason: 'a fresh start' });
          let step = 0;
          for (const each of actions) {
            attempt += 1;
            if (each === 'write') recorder.flush();
            else if ('train' in each)
              for (let count = 0; count < each.train; count++) recordStep(recorder, ++step, attempt);
            else {
              // A session that was killed: what it had not written is lost, and the next begins further back.
              recorder.flush();
              step = Math.floor(step * each.goBackBy);
              recorder = open();
              recorder.record({ type: 'resumed', step });
            }
          }
          recorder.flush();
          const first = Math.max(1, Math.round(1 + Math.min(from, to) * (step - 1)));
          const last = Math.max(first, Math.round(1 + Math.max(from, to) * (step - 1)));
          const metrics = await readMetrics(place.project, {
            run: 'a',
            fromStep: first,
            toStep: last,
            buckets,
          });
          if (step === 0) {
            expect(metrics.step).toEqual([]);
            return;
          }
          expect(metrics.extent).toEqual({ first: 1, last: step });
          expect(metrics.step.length).toBeLessThanOrEqual(buckets);
          const { step: steps, tokens, elapsedSeconds, series } = metrics;
          expect(rounded({ step: steps, tokens, elapsedSeconds, series })).toEqual(
            rounded(plainBuckets(metrics.bucketSteps, first, last)),
          );
        },
      ),
      { numRuns: 20 },
    );
  });

  test('of a run whose steps were written before there were summaries are the same', async () => {
    const recorder = open();
    for (let step = 1; step <= 3000; step++) recordStep(recorder, step, 0);
    recorder.flush();
    const before = await readMetrics(place.project, { run: 'a', buckets: 100 });
    const { store } = place.project;
    store.run(store.query.deleteFrom('metricSummaries'));
    store.run(store.query.updateTable('runs').set({ summarizedStep: 0 }));
    expect(rounded(await readMetrics(place.project, { run: 'a', buckets: 100 }))).toEqual(rounded(before));
  });

  test('are single steps where the range is small, and all of it without a range', async () => {
    const recorder = open();
    for (let step = 1; step <= 500; step++) recordStep(recorder, step, 0);
    recorder.flush();
    const few = await readMetrics(place.project, {
      run: 'a',
      fromStep: 101,
      toStep: 140,
      buckets: 50,
      series: ['loss'],
    });
    expect(few.bucketSteps).toBe(1);
    expect(few.step).toEqual(Array.from({ length: 40 }, (_, index) => 101 + index));
    expect(Object.keys(few.series)).toEqual(['loss']);
    const all = await readMetrics(place.project, { run: 'a', buckets: 50 });
    expect(all).toMatchObject({ bucketSteps: 16, extent: { first: 1, last: 500 } });
    expect(all.step.at(-1)).toBe(500);
  });

  test('carry the validation losses with the time and the tokens of their step', async () => {
    const recorder = open();
    for (let step = 1; step <= 20; step++) recordStep(recorder, step, 0);
    const metrics = { loss: 2, figures: { perplexity: 7.5 }, predictions: 10, complete: false };
    recorder.record({ type: 'evaluated', metrics: { ...metrics, step: 10 } });
    recorder.record({
      type: 'evaluated',
      metrics: { ...metrics, step: 20, loss: Number.NaN, figures: { perplexity: Number.NaN } },
    });
    recorder.flush();
    expect((await readMetrics(place.project, { run: 'a', buckets: 50 })).evaluations).toMatchObject([
      { step: 10, loss: 2, figures: { perplexity: 7.5 }, elapsedSeconds: 1, tokens: 640 },
      { step: 20, loss: null, figures: { perplexity: null } },
    ]);
    expect(
      (await readMetrics(place.project, { run: 'a', fromStep: 1, toStep: 12, buckets: 50 })).evaluations,
    ).toHaveLength(1);
  });

  test('of a run that has measured nothing are empty', async () => {
    const metrics = await readMetrics(place.project, { run: 'a', buckets: 50 });
    expect(metrics).toMatchObject({ step: [], evaluations: [] });
    expect(metrics.extent).toBeUndefined();
  });
});

test('of many evaluations the best and the last of each stretch are kept, and one a step', () => {
  const point = (step: number, loss: number) => ({
    step,
    loss,
    elapsedSeconds: null,
    tokens: null,
    figures: {},
    complete: false,
  });
  const points = Array.from({ length: 1000 }, (_, index) => point(index + 1, index === 417 ? 0.1 : 1));
  const thinned = thin(points, 40);
  expect(thinned.length).toBeLessThanOrEqual(41);
  expect(thinned.map(({ loss }) => loss)).toContain(0.1);
  expect(thinned.at(-1)?.step).toBe(1000);
  expect(thin([point(5, 3), point(5, 2)], 40)).toEqual([point(5, 2)]);
});
