import { setTimeout as sleep } from 'node:timers/promises';
import { basename, join } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import type { Project } from '../projects/projects.ts';
import { userFolder } from '../settings/user-folder.ts';
import { listQueue } from '../store/queue.ts';
import { acquireLock, isLocked, readLockHolder, type ProcessLock } from '../processes/process-lock.ts';

/** What a waiting run waits for. */
export interface Waiting {
  /** In words: "run nano-1", with its project where that is another one, or what else has the machine. */
  readonly for: string;
  /** Runs of this project that come before. */
  readonly ahead: number;
}

const pollMilliseconds = 250;

/** A run that trains on this machine, and the folder of its project. */
export interface TrainingOnMachine {
  readonly run: string;
  readonly folder: string;
}

/** How a run's hold of the training lock is told to others: `findTrainingOnMachine` reads it. */
export function trainingWork({ run, folder }: TrainingOnMachine): string {
  return `run ${run} of ${folder}`;
}

/** The run that trains on this machine now, of whatever project; undefined where none does. */
export function findTrainingOnMachine(): TrainingOnMachine | undefined {
  const file = trainingLockFile();
  // A process that was killed leaves its word behind, but not the lock.
  const holder = readLockHolder(file);
  if (holder === undefined || !isLocked(file)) return undefined;
  const [, run, folder] = /^run (\S+) of (.+)$/s.exec(holder.what) ?? [];
  return run === undefined || folder === undefined ? undefined : { run, folder };
}

/** How a measurement of the engines says what it holds the machine for. */
const measuring = 'the measurement of the engines';

/**
 * Holds the machine for measuring engines: runs that are started meanwhile wait until it is released.
 * @throws LoamError while a run trains, or engines are measured already: both would be slower than they are
 */
export function takeTurnForMeasuring(): ProcessLock {
  const lock = acquireLock(trainingLockFile(), measuring, 50);
  if (lock !== undefined) return lock;
  const training = findTrainingOnMachine();
  throw new LoamError({
    kind: 'input',
    what:
      training === undefined
        ? 'Engines are not measured while they are measured by another Loam, or a run trains on this machine.'
        : `Engines are not measured while a run trains on this machine, and ${training.run} of project ${basename(training.folder)} does.`,
    remedy: 'Wait until that is done, or pause the run.',
  });
}

function describeTraining({ folder: own }: Project): string | undefined {
  const file = trainingLockFile();
  if (readLockHolder(file)?.what === measuring && isLocked(file)) return measuring;
  const training = findTrainingOnMachine();
  if (training === undefined) return undefined;
  const { run, folder } = training;
  return folder === own ? `run ${run}` : `run ${run} of project ${basename(folder)}`;
}

/** The lock by which one run trains at a time on a machine: training uses all its cores, so two would only hinder each other. */
export function trainingLockFile(): string {
  return join(userFolder(), 'locks', 'training.lock');
}

/**
 * Waits until a run that stands in the queue is the first of those that a living process waits with, and no other run
 * trains on this machine.
 * @returns the machine's training lock, or undefined when `signal` aborted first.
 */
export async function waitForTurn(
  project: Project,
  runId: number,
  work: string,
  signal: AbortSignal,
  onWaiting: (waiting: Waiting) => void,
): Promise<ProcessLock | undefined> {
  let told = '';
  while (!signal.aborted) {
    const ahead = runsAhead(project, runId);
    const lock = ahead.length === 0 ? acquireLock(trainingLockFile(), work, 50) : undefined;
    // Between the two looks the queue may have been reordered, and this process kept from running for long.
    if (lock !== undefined && runsAhead(project, runId).length === 0) return lock;
    lock?.release();
    const waiting: Waiting = {
      for: describeTraining(project) ?? `run ${ahead[0] ?? 'of another program'}`,
      ahead: ahead.length,
    };
    if (JSON.stringify(waiting) !== told) onWaiting(waiting);
    told = JSON.stringify(waiting);
    await sleep(pollMilliseconds, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

/** Names of the runs before this one in the queue whose processes live. */
function runsAhead(project: Project, runId: number): readonly string[] {
  const queue = listQueue(project.store);
  const place = queue.findIndex((entry) => entry.runId === runId);
  return queue
    .slice(0, Math.max(0, place))
    .map(({ name }) => name)
    .filter((name) => isLocked(project.paths.runLock(name)));
}
