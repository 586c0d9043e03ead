import { statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { acquireLock } from '../processes/process-lock.ts';
import { listBackups } from '../store/backup.ts';
import { explainSystemError } from '../system-errors.ts';
import type { Project } from './projects.ts';

/** How old the newest backup of a store may become while the store is worked on, in milliseconds. */
const dueAge = 24 * 3_600_000;
/** How often a host looks whether one is due, in milliseconds. */
const lookInterval = 3_600_000;
/** How long a host waits with the first look: opening a project is to be quick. */
const firstLook = 60_000;

/**
 * Backs up a project's store when the newest backup is a day old and the store has changed since; the oldest go. Nobody is
 * kept from work by it: where there is no room or another process is at it, there is none this time, and the log says so.
 * @returns the new backup's path.
 */
export async function backUpIfDue(project: Project): Promise<string | undefined> {
  const { store, clock, log } = project;
  if (store.readingOnly() !== undefined || !isDue(store.file, clock())) return undefined;
  try {
    const lock = acquireLock(join(project.folder, 'locks', 'backup.lock'), 'a backup', 0);
    if (lock === undefined) return undefined;
    try {
      if (!isDue(store.file, clock()) || !(await hasRoom(store.file))) return undefined;
      const backup = await store.backUp(clock());
      log.info('store backed up');
      return backup;
    } finally {
      lock.release();
    }
  } catch (error) {
    if (explainSystemError(error) === undefined) throw error;
    log.error(error);
    return undefined;
  }
}

/** Backs up a project that stays open, whenever it is due. @returns what ends that. */
export function keepBackups(project: Project): () => void {
  const look = (): void => {
    timer = setTimeout(look, lookInterval).unref();
    backUpIfDue(project).catch((error: unknown) => project.log.error(error));
  };
  let timer = setTimeout(look, firstLook).unref();
  return () => clearTimeout(timer);
}

function isDue(storeFile: string, now: Date): boolean {
  const newest = listBackups(storeFile)[0]?.madeAt.getTime();
  if (newest === undefined) return true;
  return now.getTime() - newest >= dueAge && changedAt(storeFile) > newest;
}

function changedAt(storeFile: string): number {
  return Math.max(
    ...[storeFile, `${storeFile}-wal`].map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0),
  );
}

/** A backup is never what fills a disk: it leaves as much free as it takes. */
async function hasRoom(storeFile: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(storeFile);
  return bavail * bsize >= 2 * statSync(storeFile).size;
}
