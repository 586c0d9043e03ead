import { z } from 'zod';
import { figureValuesSchema } from '../objectives/objective.ts';

/** What a run measures at each step, one name a curve. */
export const metricSeries = [
  'loss',
  'learningRate',
  'gradientNorm',
  'tokensPerSecond',
  'memoryBytes',
] as const;
export type MetricSeries = (typeof metricSeries)[number];

/** The largest number of buckets that one answer holds. */
export const mostBuckets = 2000;

export const metricsInputSchema = z.strictObject({
  run: z.string(),
  /** Default: all. */
  series: z.array(z.enum(metricSeries)).optional(),
  /** Both inclusive; default: the whole run. The answer begins and ends with whole buckets, so it may reach a little further. */
  fromStep: z.int().nonnegative().optional(),
  toStep: z.int().nonnegative().optional(),
  /** The answer holds at most so many; single steps when they fit. */
  buckets: z.int().positive().max(mostBuckets).default(1000),
});

const numbers = z.array(z.number());
const holes = z.array(z.number().nullable());

/**
 * A curve in buckets. Values are null where no step of the bucket gave a finite one. Where a bucket is a single step, all
 * four are the same.
 */
export const bucketedSeriesSchema = z.strictObject({ min: holes, max: holes, mean: holes, last: holes });
export type BucketedSeries = z.output<typeof bucketedSeriesSchema>;

/** A measurement on the validation part, on a chart. */
export const evaluationPointSchema = z.strictObject({
  step: z.int().nonnegative(),
  elapsedSeconds: z.number().nullable(),
  tokens: z.number().nullable(),
  loss: z.number().nullable(),
  figures: figureValuesSchema,
  /** Whether the whole validation part was used. */
  complete: z.boolean(),
});
export type EvaluationPoint = z.output<typeof evaluationPointSchema>;

export const metricsSchema = z.strictObject({
  /** The sequence number up to which the run's record was read. */
  upTo: z.int().nonnegative(),
  /** The first and last step that the run has measured; absent when it has none. */
  extent: z.strictObject({ first: z.int(), last: z.int() }).optional(),
  /** Steps that one bucket spans. */
  bucketSteps: z.int().positive(),
  /** Of each bucket's last step. */
  step: numbers,
  elapsedSeconds: numbers,
  tokens: numbers,
  series: z.partialRecord(z.enum(metricSeries), bucketedSeriesSchema),
  /** Those in the range; where they are many, the best and the last of each bucket. */
  evaluations: z.array(evaluationPointSchema),
});
export type Metrics = z.output<typeof metricsSchema>;
