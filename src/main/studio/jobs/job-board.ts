import { join } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import type { Job, JobKind, JobProgress, JobStatus, JobSubject } from '../../../shared/jobs/job.ts';
import type { Project } from '../projects/projects.ts';
import {
  deleteEndedJobs,
  findJob,
  insertJob,
  listCancelRequests,
  listJobs,
  listSessionsAtWork,
  requestCancel,
  updateJob,
  type JobChanges,
} from '../store/jobs.ts';
import { isLocked, removeLockFile } from '../processes/process-lock.ts';
import { StopRequest } from '../processes/stop-request.ts';
import { describeFailure } from '../processes/worker-failure.ts';

/** What work on a job is given. */
export interface JobContext {
  /** Aborts with a StopRequest when the person cancels the job or the host ends. */
  readonly signal: AbortSignal;
  /** Says how far the work is; it may be called as often as one likes. */
  readonly report: (progress: JobProgress) => void;
  /** Adds something to know about the outcome, as a sentence. */
  readonly notice: (sentence: string) => void;
  /** Says that the work heeds the cancelling although it ends well, as a run does that saves a checkpoint and pauses. */
  readonly heedCancelling: () => void;
}

export interface NewJob {
  readonly kind: JobKind;
  /** As a person would say it: "Import reports". */
  readonly title: string;
  readonly subject?: JobSubject;
}

export interface StartedJob<Result> {
  readonly id: number;
  /** The work's own outcome. Nobody needs to wait for it: the job keeps what went wrong. */
  readonly done: Promise<Result>;
}

/** The jobs of one project: those that this host does, and the record of all. */
export interface JobBoard {
  start<Result>(job: NewJob, work: (context: JobContext) => Promise<Result>): StartedJob<Result>;
  list(): readonly Job[];
  /** @throws LoamError when there is no such job. */
  show(id: number): Job;
  /** @throws LoamError when there is no such job; one that has ended stays as it is. */
  cancel(id: number): void;
  clearEnded(): void;
  /** How a job ended, once it has; undefined where there is none, or it was taken off the list. */
  whenEnded(id: number): Promise<JobStatus | undefined>;
  /** The number of jobs that this host does now. */
  readonly active: () => number;
  /** Those jobs. */
  underWay(): readonly Job[];
  /** Cancels what is under way and waits for it. */
  close(): Promise<void>;
}

/** How often a host that does jobs looks whether another was asked to stop one, in milliseconds. */
const listenInterval = 250;

/** How long to wait before a job's end that the store refused is written again, in milliseconds. */
const retryInterval = 2000;

/** How often a job's progress is written, in milliseconds: each write wakes the pages that show it. */
const reportInterval = 300;

/**
 * @param session names this host's stay; a lock file of this name is held while it lasts.
 * @param holdSession sees to it that the lock is held, before a job is begun
 */
export function createJobBoard(
  project: Project,
  session: string,
  holdSession: () => void = () => undefined,
): JobBoard {
  const { store, clock, log } = project;
  const working = new Map<number, { readonly stop: AbortController; readonly ended: Promise<void> }>();
  const moment = () => clock().toISOString();

  const settle = (): void => {
    if (store.readingOnly() !== undefined) return;
    for (const other of listSessionsAtWork(store)) {
      const file = join(project.folder, 'locks', `session-${other}.lock`);
      if (other === session || isLocked(file)) continue;
      store.transaction(() => {
        for (const job of listJobs(store, other))
          updateJob(store, job.id, { status: 'interrupted', endedAt: moment() });
      });
      removeLockFile(project.ownFiles, file);
    }
  };
  settle();

  /** Ends that the store did not take, because the disk is full or another process holds it: written when it can. */
  const unwritten = new Map<number, JobChanges>();
  let retry: NodeJS.Timeout | undefined;

  const writeEnds = (): void => {
    clearTimeout(retry);
    for (const [id, changes] of unwritten) {
      if (!attempt(id, () => updateJob(store, id, changes))) break;
      unwritten.delete(id);
    }
    if (unwritten.size > 0) retry = setTimeout(writeEnds, retryInterval).unref();
  };

  /** Writes to the store; what refuses is logged and costs nobody else anything. @returns whether it was written. */
  const attempt = (id: number, write: () => void): boolean => {
    try {
      write();
      return true;
    } catch (error) {
      log.error(error, { job: id });
      return false;
    }
  };

  /** A job as it is, also where the store does not know yet that it has ended. */
  const overlay = (job: Job): Job => {
    const changes = unwritten.get(job.id);
    if (changes === undefined) return job;
    const { notices = job.notices, ...others } = changes;
    return { ...job, ...others, notices: [...notices] };
  };

  const require = (id: number): Job => {
    const job = findJob(store, id);
    if (job === undefined)
      throw new LoamError({
        kind: 'misuse',
        where: `job ${id}`,
        what: 'There is no such job.',
        remedy: 'It may have been cleared from the list.',
      });
    return overlay(job);
  };

  const end = (id: number, changes: JobChanges): void => {
    unwritten.set(id, { ...changes, endedAt: moment() });
    writeEnds();
  };

  let listening: NodeJS.Timeout | undefined;

  /** Stops the jobs of this host that somebody asked another host to stop. */
  const hearRequests = (): void => {
    try {
      for (const id of listCancelRequests(store, session))
        working.get(id)?.stop.abort(new StopRequest('requested'));
    } catch (error) {
      log.error(error, { session });
    }
  };

  const describeEnd = (id: number, error: unknown): JobChanges => {
    log.error(error, { job: id });
    const failure = describeFailure(error);
    return {
      status: 'failed',
      error:
        failure.kind === 'account'
          ? failure.account
          : {
              kind: 'environment',
              what: 'Something in Loam went wrong that should not.',
              remedy: `What was saved is not affected. The details are in ${log.file}.`,
            },
    };
  };

  return {
    start: (job, work) => {
      const stop = new AbortController();
      store.requireWritable();
      holdSession();
      const id = insertJob(store, { ...job, session, startedAt: moment() });
      const reporting = createReporter((progress) => attempt(id, () => updateJob(store, id, { progress })));
      const notices: string[] = [];
      let heeded = false;
      const context: JobContext = {
        signal: stop.signal,
        report: reporting.report,
        notice: (sentence) => {
          notices.push(sentence);
          attempt(id, () => updateJob(store, id, { notices }));
        },
        heedCancelling: () => {
          heeded = true;
        },
      };
      const done = (async () => work(context))();
      const finish = async (): Promise<void> => {
        const changes = await done.then(
          // Work that came to its end before it heard of the cancelling is done: its result stands.
          (): JobChanges => ({ status: heeded ? 'cancelled' : 'completed' }),
          (error: unknown): JobChanges =>
            stop.signal.aborted ? { status: 'cancelled' } : describeEnd(id, error),
        );
        const progress = reporting.stop();
        working.delete(id);
        if (working.size === 0) {
          clearInterval(listening);
          listening = undefined;
        }
        end(id, { ...changes, notices, ...(progress === undefined ? {} : { progress }) });
      };
      const ended = finish();
      working.set(id, { stop, ended });
      listening ??= setInterval(hearRequests, listenInterval).unref();
      return { id, done };
    },
    list: () => {
      settle();
      return listJobs(store).map(overlay);
    },
    show: require,
    cancel: (id) => {
      require(id);
      const own = working.get(id);
      if (own === undefined) requestCancel(store, id, moment());
      else own.stop.abort(new StopRequest('requested'));
    },
    clearEnded: () => deleteEndedJobs(store),
    whenEnded: async (id) => {
      await working.get(id)?.ended;
      const job = findJob(store, id);
      return job === undefined ? undefined : overlay(job).status;
    },
    active: () => working.size,
    underWay: () => listJobs(store, session).filter(({ id }) => working.has(id)),
    close: async () => {
      const all = [...working.values()];
      for (const { stop } of all) stop.abort(new StopRequest('requested'));
      await Promise.all(all.map(({ ended }) => ended));
      writeEnds();
      clearTimeout(retry);
    },
  };
}

/** Passes progress on, at once and then at most every `reportInterval`, the newest last. */
function createReporter(write: (progress: JobProgress) => boolean): {
  readonly report: (progress: JobProgress) => void;
  /** Passes nothing on any more. @returns what has not been passed on yet. */
  readonly stop: () => JobProgress | undefined;
} {
  let timer: NodeJS.Timeout | undefined;
  let waiting: JobProgress | undefined;
  let stage: string | undefined;
  const flush = (): void => {
    timer = undefined;
    if (waiting === undefined) return;
    if (write(waiting)) waiting = undefined;
    timer = setTimeout(flush, reportInterval);
  };
  return {
    report: (progress) => {
      waiting = progress;
      if (timer !== undefined && progress.stage === stage) return;
      clearTimeout(timer);
      stage = progress.stage;
      flush();
    },
    stop: () => {
      clearTimeout(timer);
      return waiting;
    },
  };
}
