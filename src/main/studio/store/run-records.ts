import { z } from 'zod';
import { finiteFigures, finiteOrNull } from '../../../shared/objectives/objective.ts';
import type { EvaluationMetrics, StepMetrics, TrainingEvent } from '../../../shared/runs/events.ts';
import { rewindSummaries } from './metric-summaries.ts';
import type { Store } from './store.ts';

/** An event as it is stored: everything that happens in a run except steps, evaluations and samples, which have tables of their own. */
export type StoredEvent =
  | Exclude<TrainingEvent, { readonly type: 'step' | 'evaluated' | 'sample' }>
  | { readonly type: 'started'; readonly process: number }
  | { readonly type: 'ended'; readonly status: string; readonly message?: string };

/** One entry of a run's record. Sequence numbers count from 1 through the whole run, whatever the entry. */
export type RunRecord =
  | { readonly sequence: number; readonly kind: 'step'; readonly metrics: StepMetrics }
  | {
      readonly sequence: number;
      readonly kind: 'evaluated';
      readonly metrics: EvaluationMetrics;
      readonly at: string;
    }
  | {
      readonly sequence: number;
      readonly kind: 'sample';
      readonly step: number;
      readonly prompt: string;
      readonly text: string;
    }
  | { readonly sequence: number; readonly kind: 'event'; readonly at: string; readonly event: StoredEvent };

/**
 * Writes one entry. Call it inside a transaction with the others of its batch. A step has one evaluation and one sample:
 * one that is repeated, because the run was killed before a checkpoint held it, or that was made anew over the whole text,
 * takes the place of the earlier.
 */
export function insertRunRecord(store: Store, runId: number, record: RunRecord): void {
  const { sequence } = record;
  switch (record.kind) {
    case 'step': {
      const { loss, gradientNorm, ...metrics } = record.metrics;
      store.run(
        store.query.insertInto('metrics').values({
          runId,
          sequence,
          step: metrics.step,
          loss: finiteOrNull(loss),
          learningRate: metrics.learningRate,
          gradientNorm: finiteOrNull(gradientNorm),
          tokens: metrics.tokens,
          tokensPerSecond: finiteOrNull(metrics.tokensPerSecond) ?? 0,
          memoryBytes: Math.round(metrics.memoryBytes),
          elapsedSeconds: metrics.elapsedSeconds,
          remainingSeconds: finiteOrNull(metrics.remainingSeconds) ?? 0,
        }),
      );
      return;
    }
    case 'evaluated': {
      const { step, loss, figures, predictions, complete } = record.metrics;
      deleteRunEvaluations(store, runId, '=', step);
      store.run(
        store.query.insertInto('evaluations').values({
          runId,
          sequence,
          step,
          split: 'validation',
          loss: finiteOrNull(loss),
          figuresJson: JSON.stringify(finiteFigures(figures)),
          predictions,
          complete: complete ? 1 : 0,
          createdAt: record.at,
        }),
      );
      return;
    }
    case 'sample':
      deleteSamples(store, runId, '=', record.step);
      store.run(
        store.query
          .insertInto('samples')
          .values({ runId, sequence, step: record.step, prompt: record.prompt, text: record.text }),
      );
      return;
    case 'event': {
      const { type, ...data } = record.event;
      store.run(
        store.query
          .insertInto('events')
          .values({ runId, sequence, at: record.at, type, dataJson: JSON.stringify(data) }),
      );
      return;
    }
    default:
      record satisfies never;
  }
}

/**
 * Forgets what was measured after a step: the run goes on from there and will measure it again. Events stay, since they
 * happened, and the one that tells of the return has a sequence number by which a reader knows to forget as well.
 */
export function rewindRunRecords(store: Store, runId: number, step: number): void {
  rewindSummaries(store, runId, step);
  store.run(store.query.deleteFrom('metrics').where('runId', '=', runId).where('step', '>', step));
  deleteRunEvaluations(store, runId, '>', step);
  deleteSamples(store, runId, '>', step);
}

/** Those that the run made; what a person asked for stays. */
function deleteRunEvaluations(store: Store, runId: number, steps: '=' | '>', step: number): void {
  store.run(
    store.query
      .deleteFrom('evaluations')
      .where('runId', '=', runId)
      .where('sequence', 'is not', null)
      .where('step', steps, step),
  );
}

function deleteSamples(store: Store, runId: number, steps: '=' | '>', step: number): void {
  store.run(store.query.deleteFrom('samples').where('runId', '=', runId).where('step', steps, step));
}

/** Steps of a run in order. @param range sequence numbers, both inclusive. */
export function listMetrics(
  store: Store,
  runId: number,
  range: { readonly from?: number; readonly to?: number } = {},
) {
  return store.all(
    store.query
      .selectFrom('metrics')
      .selectAll()
      .where('runId', '=', runId)
      .where('sequence', '>=', range.from ?? 0)
      .where('sequence', '<=', range.to ?? Number.MAX_SAFE_INTEGER)
      .orderBy('sequence'),
  );
}

export function lastMetric(store: Store, runId: number) {
  return store.first(
    store.query.selectFrom('metrics').selectAll().where('runId', '=', runId).orderBy('step', 'desc').limit(1),
  );
}

/** Evaluations that a run made while it trained, in order. */
export function listRunEvaluations(store: Store, runId: number) {
  return store.all(
    store.query
      .selectFrom('evaluations')
      .selectAll()
      .where('runId', '=', runId)
      .where('sequence', 'is not', null)
      .orderBy('sequence'),
  );
}

/** Evaluations of steps after one up to another, with the time and tokens at which they were made. */
export function listEvaluationPoints(store: Store, runId: number, after: number, upTo: number) {
  return store.all(
    store.query
      .selectFrom('evaluations')
      .leftJoin('metrics', (join) =>
        join.onRef('metrics.runId', '=', 'evaluations.runId').onRef('metrics.step', '=', 'evaluations.step'),
      )
      .select([
        'evaluations.step',
        'evaluations.loss',
        'evaluations.figuresJson',
        'evaluations.complete',
        'metrics.elapsedSeconds',
        'metrics.tokens',
      ])
      .where('evaluations.runId', '=', runId)
      .where('evaluations.sequence', 'is not', null)
      .where('evaluations.step', '>', after)
      .where('evaluations.step', '<=', upTo)
      .orderBy('evaluations.sequence'),
  );
}

export function lastRunEvaluation(store: Store, runId: number) {
  return store.first(
    store.query
      .selectFrom('evaluations')
      .selectAll()
      .where('runId', '=', runId)
      .where('sequence', 'is not', null)
      .orderBy('sequence', 'desc')
      .limit(1),
  );
}

/** A stretch of a run's record: entries after or before a sequence number, or all. */
export interface RecordRange {
  readonly after?: number;
  readonly before?: number;
  readonly order: 'asc' | 'desc';
  readonly limit: number;
}

const everything = Number.MAX_SAFE_INTEGER;

export function listSampleRange(store: Store, runId: number, range: RecordRange) {
  const { after = 0, before = everything, order, limit } = range;
  return store.all(
    store.query
      .selectFrom('samples')
      .selectAll()
      .where('runId', '=', runId)
      .where('sequence', '>', after)
      .where('sequence', '<', before)
      .orderBy('sequence', order)
      .limit(limit),
  );
}

export function listEvaluationRange(store: Store, runId: number, range: RecordRange) {
  const { after = 0, before = everything, order, limit } = range;
  return store.all(
    store.query
      .selectFrom('evaluations')
      .selectAll()
      .where('runId', '=', runId)
      .where('sequence', '>', after)
      .where('sequence', '<', before)
      .orderBy('sequence', order)
      .limit(limit),
  );
}

export function listEventRange(store: Store, runId: number, range: RecordRange) {
  const { after = 0, before = everything, order, limit } = range;
  return store.all(
    store.query
      .selectFrom('events')
      .selectAll()
      .where('runId', '=', runId)
      .where('sequence', '>', after)
      .where('sequence', '<', before)
      .orderBy('sequence', order)
      .limit(limit),
  );
}

export function listSamples(store: Store, runId: number) {
  return store.all(
    store.query.selectFrom('samples').selectAll().where('runId', '=', runId).orderBy('sequence'),
  );
}

const rollbackSchema = z.object({ step: z.int(), toStep: z.int() });

/** Where the guard refused a step and the run went back, in order. */
export function listRollbacks(store: Store, runId: number): readonly z.output<typeof rollbackSchema>[] {
  return store
    .all(
      store.query
        .selectFrom('events')
        .select('dataJson')
        .where('runId', '=', runId)
        .where('type', '=', 'rolledBack')
        .orderBy('sequence'),
    )
    .map(({ dataJson }) => rollbackSchema.parse(JSON.parse(dataJson)));
}

export function listEvents(store: Store, runId: number, after = 0) {
  return store.all(
    store.query
      .selectFrom('events')
      .selectAll()
      .where('runId', '=', runId)
      .where('sequence', '>', after)
      .orderBy('sequence'),
  );
}
