import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import SqliteDatabase from 'better-sqlite3';
import { z } from 'zod';
import { ownedNames, removeOwnedSync, requireUnlinked, type OwnedRoot } from '../../llm/files/owned-files.ts';
import { explainSystemError } from '../system-errors.ts';

/** Who holds a lock: for messages only, never for a decision. */
const holderSchema = z.object({ pid: z.int(), what: z.string(), since: z.string() });
export type LockHolder = z.output<typeof holderSchema>;

/** A lock that this process holds until it releases it or dies. */
export interface ProcessLock {
  release(): void;
}

const holderFile = (file: string) => `${file}.holder.json`;

/**
 * Takes a lock that at most one process of this machine holds. The operating system releases it when the process ends,
 * however it ends: the lock is SQLite's own exclusive lock on a database file that stays empty (record locks on POSIX
 * systems, LockFileEx on Windows), so there is no stale lock to clean up and no process id to guess about.
 * @param what the work that the lock is taken for, shown to others who want it.
 * @param patience milliseconds to try; somebody who only looks (`isLocked`) is in the way for a fraction of one.
 * @returns undefined when another process holds it.
 */
export function acquireLock(file: string, what: string, patience = 500): ProcessLock | undefined {
  try {
    mkdirSync(dirname(file), { recursive: true });
    for (const each of [file, holderFile(file)]) requireUnlinked(dirname(file), each);
    const database = new SqliteDatabase(file, { timeout: patience });
    try {
      // Nothing is ever written, so there is nothing for a journal to protect.
      database.pragma('journal_mode = MEMORY');
      database.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      database.close();
      if (isBusy(error)) return undefined;
      throw error;
    }
    noteHolder(file, { pid: process.pid, what, since: new Date().toISOString() });
    return {
      release: () => {
        if (!database.open) return;
        removeHolder(file);
        database.close();
      },
    };
  } catch (error) {
    throw explainSystemError(error, file) ?? error;
  }
}

/** A lock needs no room on the disk; what is only told of its holder is left out where there is none. */
function noteHolder(file: string, holder: LockHolder): void {
  try {
    writeFileSync(holderFile(file), JSON.stringify(holder));
  } catch (error) {
    removeHolder(file);
    if (explainSystemError(error)?.action?.do !== 'freeSpace') throw error;
  }
}

/** How long between two tries of somebody who waits without standing still, in milliseconds. */
const retryInterval = 20;

/**
 * Takes a lock as `acquireLock` does, and lets this process answer others while it waits: the holder may be this process
 * itself, at other work.
 * @param patience milliseconds to try.
 */
export async function waitForLock(
  file: string,
  what: string,
  patience = 500,
  signal?: AbortSignal,
): Promise<ProcessLock | undefined> {
  const end = performance.now() + patience;
  for (;;) {
    signal?.throwIfAborted();
    const lock = acquireLock(file, what, 0);
    if (lock !== undefined || performance.now() >= end) return lock;
    await sleep(retryInterval);
  }
}

/** Whether some process holds the lock at this moment. Looking takes SQLite's shared lock, so that lookers do not see each other. */
export function isLocked(file: string): boolean {
  if (!existsSync(file)) return false;
  const database = new SqliteDatabase(file, { timeout: 0 });
  try {
    database.pragma('schema_version');
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw explainSystemError(error, file) ?? error;
  } finally {
    database.close();
  }
}

/** Removes the file of a lock that nobody needs any more, and what it says of its last holder. */
export function removeLockFile(owned: OwnedRoot, file: string): void {
  for (const each of [holderFile(file), file]) removeOwnedSync(owned, each);
}

function removeHolder(file: string): void {
  const holder = holderFile(file);
  removeOwnedSync(ownedNames(dirname(file), basename(holder)), holder);
}

function isBusy(error: unknown): boolean {
  return error instanceof SqliteDatabase.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

/** Who says to hold the lock; undefined when nobody says so. */
export function readLockHolder(file: string): LockHolder | undefined {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(holderFile(file), 'utf8')));
  } catch {
    return undefined;
  }
}
