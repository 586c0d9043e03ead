import type { z } from 'zod';
import {
  metricSeries,
  type BucketedSeries,
  type EvaluationPoint,
  type Metrics,
  type metricsInputSchema,
} from '../../../shared/runs/metrics.ts';
import type { Project } from '../projects/projects.ts';
import {
  completeSummaries,
  metricExtent,
  readMetricBuckets,
  summarySizes,
  type MetricBucket,
  type SeriesSummary,
} from '../store/metric-summaries.ts';
import { parseFigures } from '../store/evaluations.ts';
import { listEvaluationPoints } from '../store/run-records.ts';
import { requireRun } from './runs.ts';

/**
 * A run's curves in at most as many buckets as asked for. A bucket spans a power of two of steps and begins at a multiple
 * of that, so that buckets stay the same while a run goes on.
 */
export async function readMetrics(
  project: Project,
  {
    run: name,
    series = [...metricSeries],
    fromStep,
    toStep,
    buckets: most,
  }: z.output<typeof metricsInputSchema>,
): Promise<Metrics> {
  const { store } = project;
  // Only does something for runs from before there were summaries, or whose steps another program wrote.
  await completeSummaries(store, requireRun(project, name).id);
  const run = requireRun(project, name);
  const extent = metricExtent(store, run.id);
  if (extent === undefined)
    return {
      upTo: run.lastSequence,
      bucketSteps: 1,
      step: [],
      elapsedSeconds: [],
      tokens: [],
      series: Object.fromEntries(series.map((each) => [each, emptySeries()])),
      evaluations: listEvaluationPoints(store, run.id, 0, Number.MAX_SAFE_INTEGER).map(evaluationPoint),
    };

  const from = Math.max(fromStep ?? extent.first, extent.first);
  const to = Math.min(toStep ?? extent.last, extent.last);
  const size = bucketSize(from, to, most);
  const after = Math.floor(Math.max(0, from - 1) / size) * size;
  const upTo = Math.min(extent.last, Math.ceil(to / size) * size);
  const source = summarySizes.findLast((each) => each <= size) ?? 1;
  const buckets = joinBuckets(readMetricBuckets(store, run.id, { after, upTo, size: source, series }), size);
  const begin = fromStep === undefined ? 0 : after;
  return {
    upTo: run.lastSequence,
    extent,
    bucketSteps: size,
    step: buckets.map(({ step }) => step),
    elapsedSeconds: buckets.map(({ elapsedSeconds }) => elapsedSeconds),
    tokens: buckets.map(({ tokens }) => tokens),
    series: Object.fromEntries(series.map((each, index) => [each, column(buckets, index)])),
    evaluations: thin(
      listEvaluationPoints(store, run.id, begin, toStep === undefined ? Number.MAX_SAFE_INTEGER : upTo).map(
        evaluationPoint,
      ),
      most,
    ),
  };
}

/** The smallest power of two that divides the range into few enough buckets. */
function bucketSize(from: number, to: number, most: number): number {
  for (let size = 1; ; size *= 2) {
    const first = Math.floor(Math.max(0, from - 1) / size);
    if (Math.ceil(to / size) - first <= most) return size;
  }
}

/** Joins stretches into buckets of `size` steps. */
export function joinBuckets(stretches: readonly MetricBucket[], size: number): readonly MetricBucket[] {
  const joined: MetricBucket[] = [];
  let number = -1;
  for (const stretch of stretches) {
    const belongs = Math.floor((stretch.step - 1) / size);
    const last = joined.at(-1);
    if (last !== undefined && belongs === number)
      joined[joined.length - 1] = {
        ...stretch,
        series: stretch.series.map((summary, index) => joinSummaries(last.series[index], summary)),
      };
    else joined.push(stretch);
    number = belongs;
  }
  return joined;
}

function joinSummaries(one: SeriesSummary | undefined, next: SeriesSummary): SeriesSummary {
  if (one === undefined) return next;
  return {
    min: one.min === null ? next.min : next.min === null ? one.min : Math.min(one.min, next.min),
    max: one.max === null ? next.max : next.max === null ? one.max : Math.max(one.max, next.max),
    sum: one.sum + next.sum,
    count: one.count + next.count,
    last: next.last,
  };
}

function emptySeries(): BucketedSeries {
  return { min: [], max: [], mean: [], last: [] };
}

function column(buckets: readonly MetricBucket[], index: number): BucketedSeries {
  const series = emptySeries();
  for (const bucket of buckets) {
    const summary = bucket.series[index];
    series.min.push(summary?.min ?? null);
    series.max.push(summary?.max ?? null);
    series.mean.push(summary === undefined || summary.count === 0 ? null : summary.sum / summary.count);
    series.last.push(summary?.last ?? null);
  }
  return series;
}

function evaluationPoint(row: ReturnType<typeof listEvaluationPoints>[number]): EvaluationPoint {
  const { step, elapsedSeconds, tokens, loss, figuresJson, complete } = row;
  return {
    step: step ?? 0,
    elapsedSeconds,
    tokens,
    loss,
    figures: parseFigures(figuresJson),
    complete: complete === 1,
  };
}

/** One evaluation a step, the later one; where there are more than `most`, the best and the last of each group. */
export function thin(points: readonly EvaluationPoint[], most: number): EvaluationPoint[] {
  const bySteps = [...new Map(points.map((point) => [point.step, point])).values()];
  if (bySteps.length <= most) return bySteps;
  const group = Math.ceil((2 * bySteps.length) / most);
  const kept: EvaluationPoint[] = [];
  for (let start = 0; start < bySteps.length; start += group) {
    const members = bySteps.slice(start, start + group);
    const last = members.at(-1);
    const best = members.reduce((one, other) =>
      (other.loss ?? Infinity) < (one.loss ?? Infinity) ? other : one,
    );
    if (best !== last) kept.push(best);
    if (last !== undefined) kept.push(last);
  }
  return kept;
}
