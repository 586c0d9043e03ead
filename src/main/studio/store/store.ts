import { accessSync, constants, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import SqliteDatabase, { type Database, type RunResult, type Statement } from 'better-sqlite3';
import {
  type Compilable,
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { LoamError } from '../../../shared/errors.ts';
import { explainSystemError } from '../system-errors.ts';
import { backUp } from './backup.ts';
import { noChangeMark, openChangeMark, type ChangeMark } from './change-mark.ts';
import {
  digestOfRun,
  findDamagedBlocks,
  hasDigests,
  keepDigests,
  type DamagedBlock,
  type FindDamagedBlocksOptions,
} from './digests.ts';
import { migrations as allMigrations } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import type { Tables } from './tables.ts';

/** Marks an SQLite file as a Loam project (`PRAGMA application_id`): "Loam" in ASCII. */
const applicationId = 0x4c6f616d;

/** Stores larger than this get SQLite's quick_check at opening: it skips the comparison of indices with tables, which takes seconds on a store with millions of metrics. */
const fullCheckBytes = 32 * 2 ** 20;

/** How long a query waits for another process's transaction, in milliseconds. */
const busyTimeout = 10_000;

/**
 * Builds queries and knows their result types; it runs nothing. better-sqlite3 is synchronous, and running Kysely's compiled
 * queries directly on it keeps transactions synchronous too: nothing else can slip in between their statements.
 */
const query = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/** A project's store. Every method throws a LoamError when the disk or another process is in the way. */
export interface Store {
  readonly file: string;
  /** Builds typed queries for the methods below. */
  readonly query: Kysely<Tables>;
  all<Row>(query: Compilable<Row>): readonly Row[];
  first<Row>(query: Compilable<Row>): Row | undefined;
  run(query: Compilable): RunResult;
  /** Runs `work` as one transaction: all of it or, when it throws, none. Nested calls join the outer transaction. */
  transaction<Result>(work: () => Result): Result;
  /** Differs from the last one when any process has written since; asking is cheap. */
  changeMark(): string;
  /** The rows that are not what was written: a bit flipped on the disk, or another program changed them. */
  damagedBlocks(options?: FindDamagedBlocksOptions): readonly DamagedBlock[];
  /** What was written of a run's record, in short. */
  digestOfRun(
    table: 'metrics' | 'samples',
    runId: number,
  ): { readonly rows: number; readonly digest: string };
  /** Changes of rows that were found to be missing when the store was opened this time. */
  readonly lostChanges: number;
  close(): void;
}

export interface OpenStoreOptions {
  /** `create` makes the file, `open` refuses to. */
  readonly mode: 'open' | 'create';
  readonly migrations?: readonly Migration[];
}

/**
 * Opens a project's SQLite file: refuses foreign, damaged and newer files, backs up and migrates older ones.
 * @throws LoamError that says which of these it was.
 */
export function openStore(file: string, { mode, migrations = allMigrations }: OpenStoreOptions): Store {
  requireWritable(file);
  let database: Database | undefined;
  try {
    database = new SqliteDatabase(file, { fileMustExist: mode === 'open', timeout: busyTimeout });
    if (mode === 'create') database.pragma(`application_id = ${applicationId}`);
    checkOrigin(database, file, migrations);
    checkIntegrity(database, file);
    database.pragma('journal_mode = WAL');
    // FULL: a commit is on the disk when it returns, so that after a power cut the store is never behind a checkpoint.
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    // Before the migrations, which change rows too; and after them, for the tables and columns that they make.
    keepDigests(database);
    if (migrate(database, file, migrations)) keepDigests(database);
    // A store that is being made has another name until it is whole.
    const mark = mode === 'open' ? openChangeMark(file) : noChangeMark;
    return wrap(database, file, mark, recordLoss(database, mark));
  } catch (error) {
    database?.close();
    throw explainSystemError(error, file) ?? error;
  }
}

/** SQLite in WAL mode writes beside its file even to read; say so before its error does. */
function requireWritable(file: string): void {
  try {
    accessSync(dirname(file), constants.W_OK);
  } catch (error) {
    throw explainSystemError(error, dirname(file)) ?? error;
  }
}

function integerPragma(database: Database, name: string): number {
  return Number(database.pragma(name, { simple: true }));
}

function checkOrigin(database: Database, file: string, migrations: readonly Migration[]): void {
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
      remedy: `Copy the newest file of ${join(dirname(file), 'backups')} over it, if there is one; checkpoints and sources are separate files and not affected.`,
    });
}

/** @returns whether the store is of another version than before. */
function migrate(database: Database, file: string, migrations: readonly Migration[]): boolean {
  const newest = migrations.at(-1)?.version ?? 0;
  const before = integerPragma(database, 'user_version');
  if (before >= newest) return false;
  if (before > 0) backUp(database, file, before);
  database
    .transaction(() => {
      // Another process may have migrated while this one waited for the transaction.
      const version = integerPragma(database, 'user_version');
      for (const migration of migrations.filter((each) => each.version > version)) {
        migration.up(database);
        database.pragma(`user_version = ${migration.version}`);
      }
    })
    .exclusive();
  return true;
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

function wrap(database: Database, file: string, mark: ChangeMark, lostChanges: number): Store {
  const keepsCount = hasDigests(database);
  let marked: number | undefined;
  /** After a transaction. */
  const noteChanges = (): void => {
    if (!keepsCount || database.inTransaction) return;
    const changes = Number(prepare('SELECT changes FROM storeState').pluck().get());
    if (changes === marked) return;
    mark.write(changes);
    marked = changes;
  };
  const statements = new Map<string, Statement>();
  const prepare = (sql: string): Statement => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const statement = database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const explained = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (error) {
      throw explainSystemError(error, file) ?? error;
    }
  };
  return {
    file,
    query,
    all: <Row>(builder: Compilable<Row>) =>
      explained(() => {
        const { sql, parameters } = builder.compile();
        return prepare(sql).all(...parameters) as readonly Row[];
      }),
    first: <Row>(builder: Compilable<Row>) =>
      explained(() => {
        const { sql, parameters } = builder.compile();
        return prepare(sql).get(...parameters) as Row | undefined;
      }),
    run: (builder) =>
      explained(() => {
        const { sql, parameters } = builder.compile();
        const result = prepare(sql).run(...parameters);
        noteChanges();
        return result;
      }),
    transaction: <Result>(work: () => Result) =>
      explained(() => {
        const result = database.transaction(work).immediate();
        noteChanges();
        return result;
      }),
    changeMark: () =>
      explained(
        () =>
          `${integerPragma(database, 'data_version')}.${String(prepare('SELECT total_changes()').pluck().get())}`,
      ),
    damagedBlocks: (options) => explained(() => (keepsCount ? findDamagedBlocks(database, options) : [])),
    digestOfRun: (table, runId) => explained(() => digestOfRun(database, table, runId)),
    lostChanges,
    close: () => {
      if (!database.open) return;
      mark.close();
      database.close();
    },
  };
}
