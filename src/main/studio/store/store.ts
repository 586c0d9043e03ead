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
    migrate(database, file, migrations);
    return wrap(database, file);
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

function migrate(database: Database, file: string, migrations: readonly Migration[]): void {
  const newest = migrations.at(-1)?.version ?? 0;
  const before = integerPragma(database, 'user_version');
  if (before >= newest) return;
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
}

function wrap(database: Database, file: string): Store {
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
        return prepare(sql).run(...parameters);
      }),
    transaction: <Result>(work: () => Result) => explained(() => database.transaction(work).immediate()),
    changeMark: () =>
      explained(
        () =>
          `${integerPragma(database, 'data_version')}.${String(prepare('SELECT total_changes()').pluck().get())}`,
      ),
    close: () => database.close(),
  };
}
