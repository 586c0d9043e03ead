import type { z } from 'zod';
import {
  runEventSchema,
  type RecordEntry,
  type recordInputSchema,
  type recordSchema,
} from '../../../shared/runs/record.ts';
import type { Project } from '../projects/projects.ts';
import { parseFigures } from '../store/evaluations.ts';
import {
  listEventRange,
  listEvaluationRange,
  listSampleRange,
  type RecordRange,
} from '../store/run-records.ts';
import { requireRun } from './runs.ts';

/** A stretch of what happened in a run: each kind is read as far as the limit, and what comes first of all is given. */
export function readRecord(
  project: Project,
  { run: name, kinds, after, before, limit }: z.output<typeof recordInputSchema>,
): z.output<typeof recordSchema> {
  const { store } = project;
  const run = requireRun(project, name);
  const forwards = after !== undefined;
  const range: RecordRange = {
    ...(after === undefined ? {} : { after }),
    ...(before === undefined ? {} : { before }),
    order: forwards ? 'asc' : 'desc',
    // One more than asked for, to know whether there are more.
    limit: limit + 1,
  };
  const wanted = (kind: RecordEntry['kind']): boolean => kinds === undefined || kinds.includes(kind);
  const entries: readonly RecordEntry[] = [
    ...(wanted('sample') ? listSampleRange(store, run.id, range).map(sampleEntry) : []),
    ...(wanted('evaluated') ? listEvaluationRange(store, run.id, range).map(evaluationEntry) : []),
    ...(wanted('event') ? listEventRange(store, run.id, range).map(eventEntry) : []),
  ].toSorted((one, other) => (forwards ? one.sequence - other.sequence : other.sequence - one.sequence));
  return { entries: entries.slice(0, limit), more: entries.length > limit, upTo: run.lastSequence };
}

function sampleEntry(row: ReturnType<typeof listSampleRange>[number]): RecordEntry {
  const { sequence, step, prompt, text } = row;
  return { kind: 'sample', sequence, step, prompt, text };
}

function evaluationEntry(row: ReturnType<typeof listEvaluationRange>[number]): RecordEntry {
  const { sequence, step, createdAt, loss, figuresJson, complete } = row;
  return {
    kind: 'evaluated',
    sequence: sequence ?? 1,
    step: step ?? 0,
    at: createdAt,
    loss,
    figures: parseFigures(figuresJson),
    complete: complete === 1,
  };
}

function eventEntry(row: ReturnType<typeof listEventRange>[number]): RecordEntry {
  const { sequence, at, type, dataJson } = row;
  const data = JSON.parse(dataJson) as Readonly<Record<string, unknown>>;
  return { kind: 'event', sequence, at, event: runEventSchema.parse({ ...data, type }) };
}
