import { setImmediate as nextTurn } from 'node:timers/promises';
import { CompiledQuery } from 'kysely';
import { metricSeries, type MetricSeries } from '../../../shared/runs/metrics.ts';
import type { Store } from './store.ts';

/** Steps that a summary spans, finest first; each is a multiple of the one before. */
export const summarySizes = [8, 64, 512, 4096, 32_768] as const;
const finest = summarySizes[0];

/** Steps summarized in one statement when many are waiting, so that none takes long. */
const chunkSteps = 32_768;

/** One curve over a stretch of steps. The sum is over the finite values, whose number the count is. */
export interface SeriesSummary {
  readonly min: number | null;
  readonly max: number | null;
  readonly sum: number;
  readonly count: number;
  /** Of the stretch's last step. */
  readonly last: number | null;
}

/** A stretch of steps taken together: a summary, or a single step. */
export interface MetricBucket {
  /** The last step in it. */
  readonly step: number;
  readonly tokens: number;
  readonly elapsedSeconds: number;
  /** In the order in which the series were asked for. */
  readonly series: readonly SeriesSummary[];
}

const columns = metricSeries
  .flatMap((name) => ['Min', 'Max', 'Sum', 'Count', 'Last'].map((part) => `${name}${part}`))
  .join(', ');

const insert = `INSERT INTO metricSummaries
  (runId, size, bucket, step, tokens, elapsedSeconds, steps, ${columns})`;

/** From single steps: of a run, after a step up to another; then the run again. */
const fromSteps = `${insert}
  SELECT runId, ${finest}, bucket, lastStep, last.tokens, last.elapsedSeconds, steps,
    ${metricSeries.map((name) => `${name}Min, ${name}Max, ${name}Sum, ${name}Count, last.${name}`).join(', ')}
  FROM (
    SELECT (step - 1) / ${finest} AS bucket, max(step) AS lastStep, count(*) AS steps,
      ${metricSeries
        .map(
          (name) => `min(${name}) AS ${name}Min, max(${name}) AS ${name}Max,
            total(${name}) AS ${name}Sum, count(${name}) AS ${name}Count`,
        )
        .join(', ')}
    FROM metrics WHERE runId = ? AND step > ? AND step <= ? GROUP BY bucket
  ) JOIN metrics AS last ON last.runId = ? AND last.step = lastStep`;

/** From summaries of the next finer size: of a run, from a bucket up to before another; then the run again. */
const fromSummaries = (size: number, finer: number): string => `${insert}
  SELECT last.runId, ${size}, wide.bucket, last.step, last.tokens, last.elapsedSeconds, wide.steps,
    ${metricSeries
      .map((name) => `wide.${name}Min, wide.${name}Max, wide.${name}Sum, wide.${name}Count, last.${name}Last`)
      .join(', ')}
  FROM (
    SELECT bucket / ${size / finer} AS bucket, max(bucket) AS lastBucket, sum(steps) AS steps,
      ${metricSeries
        .map(
          (name) => `min(${name}Min) AS ${name}Min, max(${name}Max) AS ${name}Max,
            total(${name}Sum) AS ${name}Sum, sum(${name}Count) AS ${name}Count`,
        )
        .join(', ')}
    FROM metricSummaries
    WHERE runId = ? AND size = ${finer} AND bucket >= ? AND bucket < ? GROUP BY bucket / ${size / finer}
  ) AS wide
  JOIN metricSummaries AS last ON last.runId = ? AND last.size = ${finer} AND last.bucket = wide.lastBucket`;

const compiled = (sql: string, parameters: readonly number[]) => ({
  compile: () => CompiledQuery.raw(sql, [...parameters]),
});

function summarizedStep(store: Store, runId: number): number {
  return (
    store.first(store.query.selectFrom('runs').select('summarizedStep').where('id', '=', runId))
      ?.summarizedStep ?? 0
  );
}

/**
 * Makes the summaries of a run complete up to a step: a bucket is written once its last step is passed, so steps that come
 * one by one cost little more than nothing. Call it inside the transaction that wrote the steps; it makes up for steps of
 * older sessions too.
 */
export function extendSummaries(store: Store, runId: number, step: number): void {
  if (!isBehind(store, runId, step)) return;
  store.transaction(() => {
    while (isBehind(store, runId, step)) extendByChunk(store, runId, step);
  });
}

/**
 * Makes the summaries of a run complete, for steps that were measured before there were summaries or that another program
 * wrote: a chunk in each transaction, and a turn for others between them. A process that trains the run, or goes back to an
 * earlier step, may do so meanwhile.
 */
export async function completeSummaries(store: Store, runId: number): Promise<void> {
  const behind = (): boolean => isBehind(store, runId, metricExtent(store, runId)?.last ?? 0);
  while (behind()) {
    store.transaction(() => {
      const last = metricExtent(store, runId)?.last ?? 0;
      if (isBehind(store, runId, last)) extendByChunk(store, runId, last);
    });
    await nextTurn();
  }
}

const lastWholeBucket = (step: number): number => Math.floor(step / finest) * finest;

function isBehind(store: Store, runId: number, step: number): boolean {
  return lastWholeBucket(step) > summarizedStep(store, runId);
}

/** Summarizes one chunk of the steps that wait for it. Call it inside a transaction: others summarize the same run. */
function extendByChunk(store: Store, runId: number, step: number): void {
  const done = summarizedStep(store, runId);
  const next = Math.min(lastWholeBucket(step), (Math.floor(done / chunkSteps) + 1) * chunkSteps);
  store.run(compiled(fromSteps, [runId, done, next, runId]));
  for (const [index, size] of summarySizes.entries()) {
    const finer = summarySizes[index - 1];
    const from = Math.floor(done / size) * size;
    const to = Math.floor(next / size) * size;
    if (finer !== undefined && to > from)
      store.run(compiled(fromSummaries(size, finer), [runId, from / finer, to / finer, runId]));
  }
  store.run(store.query.updateTable('runs').set({ summarizedStep: next }).where('id', '=', runId));
}

/**
 * Forgets what was measured at the steps of a run, a chunk in each transaction and a turn for others between them: a long
 * run has a million. What has no steps any more is deleted with the run.
 */
export async function deleteMetrics(store: Store, runId: number): Promise<void> {
  for (;;) {
    const extent = metricExtent(store, runId);
    if (extent === undefined) return;
    const upTo = (Math.floor(extent.first / chunkSteps) + 1) * chunkSteps;
    store.transaction(() => {
      store.run(
        store.query
          .deleteFrom('metricSummaries')
          .where('runId', '=', runId)
          .where('size', '=', finest)
          .where('bucket', '<', upTo / finest),
      );
      store.run(store.query.deleteFrom('metrics').where('runId', '=', runId).where('step', '<=', upTo));
    });
    await nextTurn();
  }
}

/** Forgets the summaries of steps after one that the run goes back to. */
export function rewindSummaries(store: Store, runId: number, step: number): void {
  for (const size of summarySizes)
    store.run(
      store.query
        .deleteFrom('metricSummaries')
        .where('runId', '=', runId)
        .where('size', '=', size)
        .where('bucket', '>=', Math.floor(step / size)),
    );
  const kept = Math.floor(step / finest) * finest;
  if (kept < summarizedStep(store, runId))
    store.run(store.query.updateTable('runs').set({ summarizedStep: kept }).where('id', '=', runId));
}

/** The first and last step that a run has measured. */
export function metricExtent(
  store: Store,
  runId: number,
): { readonly first: number; readonly last: number } | undefined {
  const end = (order: 'asc' | 'desc') =>
    store.first(
      store.query
        .selectFrom('metrics')
        .select('step')
        .where('runId', '=', runId)
        .orderBy('step', order)
        .limit(1),
    )?.step;
  const first = end('asc');
  const last = end('desc');
  return first === undefined || last === undefined ? undefined : { first, last };
}

export interface MetricRange {
  /** Steps after this one, */
  readonly after: number;
  /** up to this one. */
  readonly upTo: number;
  /** The widest stretch wanted: 1 for single steps, or one of `summarySizes`. */
  readonly size: number;
  readonly series: readonly MetricSeries[];
}

/**
 * Stretches of a run in order, each as wide as wanted where summaries reach, and narrower towards the end where the last
 * bucket is not full yet. `after` must be a multiple of `size`.
 */
export function readMetricBuckets(
  store: Store,
  runId: number,
  { after, upTo, size, series }: MetricRange,
): readonly MetricBucket[] {
  const summarized = Math.min(upTo, summarizedStep(store, runId));
  const buckets: MetricBucket[] = [];
  let from = after;
  for (const width of summarySizes.toReversed().filter((each) => each <= size)) {
    const to = Math.floor(summarized / width) * width;
    if (to <= from) continue;
    for (const bucket of readSummaries(store, runId, width, from, to, series)) buckets.push(bucket);
    from = to;
  }
  for (const bucket of readSteps(store, runId, from, upTo, series)) buckets.push(bucket);
  return buckets;
}

type Row = Readonly<Record<string, number | null>>;

function readSummaries(
  store: Store,
  runId: number,
  size: number,
  after: number,
  upTo: number,
  series: readonly MetricSeries[],
): readonly MetricBucket[] {
  const wanted = series.flatMap((name) =>
    ['Min', 'Max', 'Sum', 'Count', 'Last'].map((part) => `${name}${part}`),
  );
  const rows = store.all<Row>(
    compiled(
      `SELECT step, tokens, elapsedSeconds${wanted.map((name) => `, ${name}`).join('')} FROM metricSummaries
       WHERE runId = ? AND size = ? AND bucket >= ? AND bucket < ? ORDER BY bucket`,
      [runId, size, after / size, upTo / size],
    ),
  );
  const names = series.map((name) => ({
    min: `${name}Min`,
    max: `${name}Max`,
    sum: `${name}Sum`,
    count: `${name}Count`,
    last: `${name}Last`,
  }));
  return rows.map((row) => ({
    step: row.step ?? 0,
    tokens: row.tokens ?? 0,
    elapsedSeconds: row.elapsedSeconds ?? 0,
    series: names.map((name) => ({
      min: row[name.min] ?? null,
      max: row[name.max] ?? null,
      sum: row[name.sum] ?? 0,
      count: row[name.count] ?? 0,
      last: row[name.last] ?? null,
    })),
  }));
}

function readSteps(
  store: Store,
  runId: number,
  after: number,
  upTo: number,
  series: readonly MetricSeries[],
): readonly MetricBucket[] {
  const rows = store.all<Row>(
    compiled(
      `SELECT step, tokens, elapsedSeconds${series.map((name) => `, ${name}`).join('')} FROM metrics
       WHERE runId = ? AND step > ? AND step <= ? ORDER BY step`,
      [runId, after, upTo],
    ),
  );
  return rows.map((row) => ({
    step: row.step ?? 0,
    tokens: row.tokens ?? 0,
    elapsedSeconds: row.elapsedSeconds ?? 0,
    series: series.map((name) => {
      const value = row[name] ?? null;
      return { min: value, max: value, sum: value ?? 0, count: value === null ? 0 : 1, last: value };
    }),
  }));
}
