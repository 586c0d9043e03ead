import { z } from 'zod';
import {
  jobProgressSchema,
  jobSchema,
  type Job,
  type JobKind,
  type JobSubject,
} from '../../../shared/jobs/job.ts';
import { errorAccountSchema } from '../../../shared/rpc.ts';
import type { Selectable } from 'kysely';
import type { Store } from './store.ts';
import type { JobTable } from './tables.ts';

/** How many jobs a list shows at most; the record keeps them until it is cleared. */
const longestList = 500;

export interface JobChanges {
  readonly status?: Job['status'];
  readonly progress?: Job['progress'];
  readonly error?: Job['error'];
  readonly notices?: readonly string[];
  readonly endedAt?: string;
}

function parse(row: Selectable<JobTable>): Job {
  return jobSchema.parse({
    id: row.id,
    kind: row.kind,
    title: row.title,
    ...(row.subjectNoun === null ? {} : { subject: { noun: row.subjectNoun, name: row.subjectName } }),
    status: row.status,
    ...(row.progressJson === null ? {} : { progress: jobProgressSchema.parse(JSON.parse(row.progressJson)) }),
    ...(row.errorJson === null ? {} : { error: errorAccountSchema.parse(JSON.parse(row.errorJson)) }),
    notices: z.array(z.string()).parse(JSON.parse(row.noticesJson)),
    startedAt: row.startedAt,
    ...(row.endedAt === null ? {} : { endedAt: row.endedAt }),
  });
}

/** Adds a job that is under way. @returns its number. */
export function insertJob(
  store: Store,
  job: {
    readonly kind: JobKind;
    readonly title: string;
    readonly subject?: JobSubject;
    readonly session: string;
    readonly startedAt: string;
  },
): number {
  const { kind, title, subject, session, startedAt } = job;
  return Number(
    store.run(
      store.query.insertInto('jobs').values({
        kind,
        title,
        subjectNoun: subject?.noun ?? null,
        subjectName: subject?.name ?? null,
        status: 'running',
        noticesJson: '[]',
        session,
        startedAt,
      }),
    ).lastInsertRowid,
  );
}

export function updateJob(store: Store, id: number, changes: JobChanges): void {
  const { status, progress, error, notices, endedAt } = changes;
  store.run(
    store.query
      .updateTable('jobs')
      .set({
        ...(status === undefined ? {} : { status }),
        ...(progress === undefined ? {} : { progressJson: JSON.stringify(progress) }),
        ...(error === undefined ? {} : { errorJson: JSON.stringify(error) }),
        ...(notices === undefined ? {} : { noticesJson: JSON.stringify(notices) }),
        ...(endedAt === undefined ? {} : { endedAt }),
      })
      .where('id', '=', id),
  );
}

export function findJob(store: Store, id: number): Job | undefined {
  const row = store.first(store.query.selectFrom('jobs').selectAll().where('id', '=', id));
  return row === undefined ? undefined : parse(row);
}

/** Jobs, those under way first, then the newest. @param session only those of one session that are under way. */
export function listJobs(store: Store, session?: string): readonly Job[] {
  const query = store.query
    .selectFrom('jobs')
    .selectAll()
    .orderBy((order) => order('status', '=', 'running'), 'desc')
    .orderBy('id', 'desc')
    .limit(longestList);
  return store
    .all(session === undefined ? query : query.where('session', '=', session).where('status', '=', 'running'))
    .map(parse);
}

/** The sessions that say to be at work. */
export function listSessionsAtWork(store: Store): readonly string[] {
  return store
    .all(store.query.selectFrom('jobs').select('session').distinct().where('status', '=', 'running'))
    .map(({ session }) => session);
}

/** The job that trains a run, if one is under way. */
export function findTrainingJob(jobs: readonly Job[], run: string): Job | undefined {
  return jobs.find(
    ({ kind, status, subject }) =>
      kind === 'training' && status === 'running' && subject?.noun === 'run' && subject.name === run,
  );
}

/** The sessions that say to be training a run, or preparing it. */
export function listSessionsTraining(store: Store, run: string): readonly string[] {
  return store
    .all(
      store.query
        .selectFrom('jobs')
        .select('session')
        .distinct()
        .where('status', '=', 'running')
        .where('kind', 'in', ['training', 'preparation'])
        .where('subjectNoun', '=', 'run')
        .where('subjectName', '=', run),
    )
    .map(({ session }) => session);
}

/** The titles of the jobs under way that are about something, whichever program does them. */
export function listTitlesUnderWay(store: Store, { noun, name }: JobSubject): readonly string[] {
  return store
    .all(
      store.query
        .selectFrom('jobs')
        .select('title')
        .where('status', '=', 'running')
        .where('subjectNoun', '=', noun)
        .where('subjectName', '=', name)
        .orderBy('id'),
    )
    .map(({ title }) => title);
}

/** Asks whoever does a job to stop it. */
export function requestCancel(store: Store, id: number, at: string): void {
  store.run(
    store.query
      .updateTable('jobs')
      .set({ cancelRequestedAt: at })
      .where('id', '=', id)
      .where('status', '=', 'running'),
  );
}

/** The jobs of a session that somebody asked to stop. */
export function listCancelRequests(store: Store, session: string): readonly number[] {
  return store
    .all(
      store.query
        .selectFrom('jobs')
        .select('id')
        .where('session', '=', session)
        .where('status', '=', 'running')
        .where('cancelRequestedAt', 'is not', null),
    )
    .map(({ id }) => id);
}

export function deleteEndedJobs(store: Store): void {
  store.run(store.query.deleteFrom('jobs').where('status', '<>', 'running'));
}
