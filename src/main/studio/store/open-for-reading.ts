import { copyFileSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { LoamError, type ErrorAccount } from '../../../shared/errors.ts';
import { makeTemporaryFolder } from '../../llm/files/owned-files.ts';

/**
 * Opens a store where nothing can be written beside it. SQLite reads a database with a write-ahead log by an index of the
 * log in a file of shared memory, which it makes where there is none; and it offers to open a file as `immutable`, which
 * does without, and would silently leave out what stands in the log. So:
 *
 * - Where that file is there, somebody has the store open or left it so: it is read as it is, with what others write.
 * - Else nobody writes. The store is taken into memory as it was at this moment, with what its log holds.
 */

/** The largest store that is taken into memory, in bytes: SQLite's own bound for a database there. */
const mostBytes = 2 ** 30;

/** Tries to take in a store that is changed meanwhile. */
const mostTries = 3;

/** @throws LoamError, or SQLite's or the system's error, when it cannot even be read. */
export function openForReading(file: string, timeout: number): Database {
  return openShared(file, timeout) ?? inMemory(readImage(file));
}

/** A copy in memory, which may be changed without a trace: to bring an older store up to date for looking at it. */
export function inMemory(image: Buffer): Database {
  // A write-ahead log is for files: the two bytes that ask for one say "none" again.
  image[18] = 1;
  image[19] = 1;
  return new SqliteDatabase(image);
}

/** The store itself, where the index of its log is there; undefined where it would have to be made. */
function openShared(file: string, timeout: number): Database | undefined {
  if (sizeOf(`${file}-shm`) === undefined) return undefined;
  let database: Database | undefined;
  try {
    database = new SqliteDatabase(file, { readonly: true, fileMustExist: true, timeout });
    database.pragma('schema_version');
    return database;
  } catch {
    database?.close();
    return undefined;
  }
}

function readImage(file: string): Buffer {
  for (let tries = 1; ; tries++) {
    const before = describe(file);
    requireFit(file, before.bytes);
    const image = before.log === 0 ? readFileSync(file) : readWithLog(file);
    const after = describe(file);
    if (JSON.stringify(after) === JSON.stringify(before)) return image;
    if (tries === mostTries)
      throw new LoamError({
        kind: 'environment',
        where: file,
        what: 'Another program changes the store, and this one may not write beside it.',
        remedy: 'Wait until the other has finished, then open the project again.',
      });
  }
}

function describe(file: string) {
  const { size, mtimeMs } = statSync(file);
  return { bytes: size, changed: mtimeMs, log: sizeOf(`${file}-wal`) ?? 0 };
}

/** The store with what its log holds. */
function readWithLog(file: string): Buffer {
  try {
    return readCopies(file);
  } catch (error) {
    if (!isFull(error)) throw error;
    return readAlone(file);
  }
}

/** With no room anywhere: who has the store alone needs no shared memory for the index of its log. */
function readAlone(file: string): Buffer {
  const database = new SqliteDatabase(file, { fileMustExist: true, timeout: 0 });
  try {
    database.pragma('locking_mode = EXCLUSIVE');
    return database.serialize();
  } finally {
    database.close();
  }
}

/** SQLite applies the log to copies of both, and gives the whole. */
function readCopies(file: string): Buffer {
  const { folder, removeSync } = makeTemporaryFolder('loam-reading-');
  try {
    const copy = join(folder, 'loam.sqlite');
    copyFileSync(file, copy);
    copyFileSync(`${file}-wal`, `${copy}-wal`);
    const database = new SqliteDatabase(copy);
    try {
      return database.serialize();
    } finally {
      database.close();
    }
  } finally {
    removeSync();
  }
}

function sizeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.size;
}

function requireFit(file: string, bytes: number): void {
  if (bytes <= mostBytes) return;
  throw new LoamError({
    kind: 'environment',
    where: file,
    what: `The store has ${(bytes / 1e9).toFixed(1)} GB and nothing can be written beside it; up to ${(mostBytes / 1e9).toFixed(1)} GB are read all the same.`,
    remedy: 'Copy the project to a disk that can be written, and open it there.',
  });
}

/** Whether an error says that nothing can be written, rather than that something is wrong with what is there. */
export function isUnwritable(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return isFull(error) || /^(EROFS|EACCES|EPERM|SQLITE_READONLY|SQLITE_PERM|SQLITE_CANTOPEN)/.test(code);
}

function isFull(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(ENOSPC|EDQUOT|SQLITE_FULL|SQLITE_IOERR_(SHMSIZE|SHMOPEN|SHMMAP|WRITE|FSYNC|TRUNCATE)$)/.test(
    code,
  );
}

/** What is said of a store that could not be opened for writing, wherever something is to be written. */
export function readingOnly(error: unknown): ErrorAccount {
  return isFull(error)
    ? {
        kind: 'environment',
        what: 'The project is open for reading only: its disk is full.',
        remedy:
          'Make room, for example by deleting runs, models or datasets that are not needed: that frees their room first, and then the project takes changes again.',
        action: { do: 'freeSpace' },
      }
    : {
        kind: 'environment',
        what: 'The project is open for reading only: its folder or disk is read-only, or belongs to somebody else.',
        remedy:
          'To change something, copy the project to a place of your own, or have its permissions changed.',
      };
}
