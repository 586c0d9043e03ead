import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { LoamError, type ErrorAccount } from '../../../shared/errors.ts';
import { damagedStore } from '../system-errors.ts';
import { backUpBeforeMigrating } from './backup.ts';
import { noChangeMark, openChangeMark, type ChangeMark } from './change-mark.ts';
import { hasDigests, keepDigests, pauseDigests } from './digests.ts';
import { migrations as allMigrations } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import { inMemory, openForReading } from './open-for-reading.ts';
import { foreignBehaviour } from './schema-differences.ts';

/**
 * Opening a store's file: whether it is one of Loam's and whole, its migrations, its digests, and what it has lost since the
 * mark beside it was written.
 */

/** Marks an SQLite file as a Loam project (`PRAGMA application_id`): "Loam" in ASCII. */
const applicationId = 0x4c6f616d;

/** Stores larger than this get SQLite's quick_check at opening: it skips the comparison of indices with tables, which takes seconds on a store with millions of metrics. */
const fullCheckBytes = 32 * 2 ** 20;

/** How long a query waits for another process's transaction, in milliseconds. */
export const busyTimeout = 10_000;

/** A database that is open, with what was found out at opening it. */
export interface OpenedDatabase {
  readonly database: Database;
  readonly mark: ChangeMark;
  readonly lostChanges: number;
  /** Why it is only for reading, if it is. */
  readonly readingOnly: ErrorAccount | undefined;
}

/**
 * Opens a store to be written, or makes one; an older one is backed up and migrated.
 * @throws LoamError for a file that is not a store, damaged or newer; SQLite's or the system's error
 */
export function openForWriting(
  file: string,
  mode: 'open' | 'create',
  migrations: readonly Migration[],
): OpenedDatabase {
  // SQLite in WAL mode writes beside its file even to read.
  accessSync(dirname(file), constants.W_OK);
  const database = new SqliteDatabase(file, { fileMustExist: mode === 'open', timeout: busyTimeout });
  try {
    if (mode === 'create') database.pragma(`application_id = ${applicationId}`);
    checkOrigin(database, file, migrations);
    checkIntegrity(database, file);
    if (mode === 'open') checkBehaviour(database, file, migrations);
    // A file that may not be written is opened all the same.
    if (mode === 'open') accessSync(file, constants.W_OK);
    database.pragma('journal_mode = WAL');
    // FULL: a commit is on the disk when it returns, so that after a power cut the store is never behind a checkpoint.
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    // Before the migrations, which change rows too; and after them, for the tables and columns that they make.
    keepDigests(database);
    if (migrate(database, file, migrations)) keepDigests(database);
    // A store that is being made has another name until it is whole.
    const mark = mode === 'open' ? openChangeMark(file) : noChangeMark;
    try {
      return { database, mark, lostChanges: recordLoss(database, mark), readingOnly: undefined };
    } catch (error) {
      mark.close();
      throw error;
    }
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Opens a store to be read. Nothing is written to the file; one of an older version is brought up to date in memory. */
export function openToLookAt(file: string, migrations: readonly Migration[]): Database {
  let database = openForReading(file, busyTimeout);
  try {
    checkOrigin(database, file, migrations);
    checkIntegrity(database, file);
    checkBehaviour(database, file, migrations);
    if (isOlder(database, migrations)) {
      const image = database.serialize();
      database.close();
      database = inMemory(image);
      keepDigests(database);
      bringUpToDate(database, migrations);
      keepDigests(database);
    }
    database.pragma('query_only = ON');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Whether a file is a whole store that this Loam can open; nothing is written. */
export function isSoundStore(file: string): boolean {
  try {
    openToLookAt(file, allMigrations).close();
    return true;
  } catch {
    return false;
  }
}

export function integerPragma(database: Database, name: string): number {
  return Number(database.pragma(name, { simple: true }));
}

function checkOrigin(database: Database, file: string, migrations: readonly Migration[]): void {
  if (statSync(file).size === 0)
    throw new LoamError({
      kind: 'environment',
      where: file,
      what: 'The store is damaged: its file is empty.',
      ...damagedStore,
    });
  if (integerPragma(database, 'application_id') !== applicationId)
    throw new LoamError({
      kind: 'input',
      where: file,
      what: 'This SQLite file was not made by Loam.',
      remedy: 'Choose the folder of a project, or make a new one.',
      action: { do: 'createProject' },
    });
  const newest = migrations.at(-1)?.version ?? 0;
  const version = integerPragma(database, 'user_version');
  if (version < 0)
    throw new LoamError({
      kind: 'environment',
      where: file,
      what: `The store says that it has version ${version}, which no Loam writes.`,
      ...damagedStore,
    });
  if (version > newest)
    throw new LoamError({
      kind: 'input',
      where: file,
      what: `This project was written by a newer Loam (its store has version ${version}, this Loam knows up to ${newest}).`,
      remedy: 'Open it with that Loam, or update this one. Nothing was changed.',
    });
}

function checkIntegrity(database: Database, file: string): void {
  const check = statSync(file).size > fullCheckBytes ? 'quick_check' : 'integrity_check';
  const verdict = String(database.pragma(`${check}(1)`, { simple: true }));
  if (verdict !== 'ok')
    throw new LoamError({
      kind: 'environment',
      where: file,
      what: `The store is damaged (${verdict.replaceAll(/\s+/g, ' ')}).`,
      ...damagedStore,
    });
}

/**
 * Refuses a store that would do something by itself: a trigger could change, after the store was opened, the names that were
 * parsed when it was.
 */
function checkBehaviour(database: Database, file: string, migrations: readonly Migration[]): void {
  const [foreign] = foreignBehaviour(database, migrations);
  if (foreign !== undefined)
    throw new LoamError({
      kind: 'input',
      where: file,
      what: `The ${foreign} in this store is not as Loam makes it: the project was made or changed by something else than Loam.`,
      remedy:
        'Nothing in it was touched. Ask whoever gave it to you; if it is yours, its newest backup can be put in its place.',
      action: { do: 'restoreStore' },
    });
}

function isOlder(database: Database, migrations: readonly Migration[]): boolean {
  return integerPragma(database, 'user_version') < (migrations.at(-1)?.version ?? 0);
}

/** @returns whether the store is of another version than before. */
function migrate(database: Database, file: string, migrations: readonly Migration[]): boolean {
  if (!isOlder(database, migrations)) return false;
  const before = integerPragma(database, 'user_version');
  if (before > 0) backUpBeforeMigrating(database, file, before);
  bringUpToDate(database, migrations);
  return true;
}

function bringUpToDate(database: Database, migrations: readonly Migration[]): void {
  database
    .transaction(() => {
      // Another process may have migrated while this one waited for the transaction.
      const version = integerPragma(database, 'user_version');
      for (const migration of migrations.filter((each) => each.version > version)) {
        for (const table of migration.reshapes ?? []) pauseDigests(database, table);
        migration.up(database);
        database.pragma(`user_version = ${migration.version}`);
      }
    })
    .exclusive();
}

function readChanges(database: Database): number | undefined {
  return database.prepare<[], number>('SELECT changes FROM storeState').pluck().get();
}

/**
 * Compares the store with the mark beside it and keeps what is missing in a table of its own: it is to be told, and the
 * store counts on from where it was.
 * @returns how many changes of rows are missing.
 */
function recordLoss(database: Database, mark: ChangeMark): number {
  // The mark first: whoever writes at this moment changes the store before it.
  const marked = mark.read();
  if (!hasDigests(database)) return 0;
  const lost = (marked ?? 0) - (readChanges(database) ?? 0);
  if (marked === undefined || lost <= 0) return 0;
  return database
    .transaction(() => {
      // Another process may have opened and told it meanwhile.
      const missing = marked - (readChanges(database) ?? 0);
      if (missing <= 0) return 0;
      database.prepare('UPDATE storeState SET changes = ?').run(marked);
      database
        .prepare('INSERT INTO storeLosses (foundAt, changes) VALUES (?, ?)')
        .run(new Date().toISOString(), missing);
      return missing;
    })
    .immediate();
}
