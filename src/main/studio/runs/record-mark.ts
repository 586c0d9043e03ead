import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Store } from '../store/store.ts';

/**
 * What a run's record in the store held when a checkpoint was written; it lies in the checkpoint, as `loam/record.json`. A
 * store whose write-ahead log was lost or damaged, or that an older copy has replaced, is found by it when the run goes on:
 * the weights are those of a later step than the curves.
 */
const stretchSchema = z.strictObject({ rows: z.int().min(0), digest: z.string() });
const recordMarkSchema = z.strictObject({
  version: z.literal(1),
  steps: stretchSchema,
  evaluations: z.int().min(0),
  samples: stretchSchema,
});
export type RecordMark = z.output<typeof recordMarkSchema>;

/** Where it lies in a checkpoint. */
const recordMarkPath = join('loam', 'record.json');

/** The record as it stands in the store; all that the checkpoint is to know of must be written. */
export function markRecord(store: Store, runId: number): RecordMark {
  return {
    version: 1,
    steps: store.digestOfRun('metrics', runId),
    evaluations: countEvaluations(store, runId),
    samples: store.digestOfRun('samples', runId),
  };
}

function countEvaluations(store: Store, runId: number): number {
  const counted = store.first(
    store.query
      .selectFrom('evaluations')
      .select(sql<number>`count(*)`.as('rows'))
      .where('runId', '=', runId)
      .where('sequence', 'is not', null),
  );
  return counted?.rows ?? 0;
}

/** A checkpoint's mark; undefined where it has none that can be read (an earlier Loam wrote it). */
export function readRecordMark(checkpoint: string): RecordMark | undefined {
  try {
    return recordMarkSchema.parse(JSON.parse(readFileSync(join(checkpoint, recordMarkPath), 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * Compares a run's record with the checkpoint that it goes on from; what came after the checkpoint is forgotten already.
 * @param first the first step that the run itself trained
 * @param step the checkpoint's
 * @returns a sentence that says what is missing; undefined where nothing is.
 */
export function describeLoss(
  store: Store,
  runId: number,
  mark: RecordMark,
  first: number,
  step: number,
): string | undefined {
  const now = markRecord(store, runId);
  // More is no loss: an evaluation may have been recorded after the checkpoint was written.
  const parts = [
    now.steps.digest === mark.steps.digest ? undefined : describeSteps(store, runId, first, step),
    describeMissing(mark.evaluations - now.evaluations, 'evaluation'),
    describeMissing(mark.samples.rows - now.samples.rows, 'sample'),
  ].filter((part) => part !== undefined);
  if (parts.length === 0) return undefined;
  return `The project's store does not have all that was recorded of this run up to step ${step}: its write-ahead log was lost or damaged, or an older copy of it is in its place. Missing: ${parts.join('; ')}. The weights are not affected, and training goes on from step ${step}; what is missing of the curves cannot be measured again.`;
}

function describeMissing(count: number, noun: string): string | undefined {
  return count <= 0 ? undefined : `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** At most so many gaps are named one by one. */
const gapsNamed = 5;

function describeSteps(store: Store, runId: number, first: number, last: number): string {
  const gaps = findGaps(store, runId, first, last);
  if (gaps.length === 0) return 'some of the values of its steps are not those that were recorded';
  const named = gaps
    .slice(0, gapsNamed)
    .map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`))
    .join(', ');
  const more = gaps.length > gapsNamed ? ` and ${gaps.length - gapsNamed} more stretches` : '';
  const single = gaps.length === 1 && gaps[0]?.from === gaps[0]?.to;
  return `the curves lack step${single ? '' : 's'} ${named}${more}`;
}

/** Steps that a run trained and of which the store has no record, as stretches. */
function findGaps(
  store: Store,
  runId: number,
  first: number,
  last: number,
): readonly { readonly from: number; readonly to: number }[] {
  const ends = store.all(
    store.query
      .with('steps', (query) =>
        query
          .selectFrom('metrics')
          .where('runId', '=', runId)
          .select(['step', sql<number>`lag(step, 1, ${first - 1}) OVER (ORDER BY step)`.as('before')]),
      )
      .selectFrom('steps')
      .selectAll()
      .where(sql<boolean>`step > before + 1`)
      .orderBy('step'),
  );
  const highest =
    store.first(
      store.query
        .selectFrom('metrics')
        .select(sql<number | null>`max(step)`.as('step'))
        .where('runId', '=', runId),
    )?.step ?? first - 1;
  return [
    ...ends.map(({ step, before }) => ({ from: before + 1, to: step - 1 })),
    ...(highest < last ? [{ from: highest + 1, to: last }] : []),
  ];
}
