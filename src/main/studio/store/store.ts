import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import SqliteDatabase, { type Database, type RunResult, type Statement } from 'better-sqlite3';
import {
  type Compilable,
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { LoamError, type ErrorAccount } from '../../../shared/errors.ts';
import { damagedStore, explainSystemError } from '../system-errors.ts';
import { abandonBackup, backUpBeforeMigrating, finishBackup, newBackup } from './backup.ts';
import { noChangeMark, openChangeMark, type ChangeMark } from './change-mark.ts';
import {
  acceptTables,
  digestOfRun,
  findDamagedBlocks,
  hasDigests,
  keepDigests,
  type DamagedBlock,
  type FindDamagedBlocksOptions,
} from './digests.ts';
import { migrations as allMigrations } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import { inMemory, isUnwritable, openForReading, readingOnly } from './open-for-reading.ts';
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
  /** Takes what stands in some tables as right from now on. */
  acceptTables(names: readonly string[]): void;
  /** What was written of a run's record, in short. */
  digestOfRun(
    table: 'metrics' | 'samples',
    runId: number,
  ): { readonly rows: number; readonly digest: string };
  /** Changes of rows that were found to be missing when the store was opened for writing. */
  readonly lostChanges: number;
  /**
   * Why the store can be read and not written, if that is so. It is found out at opening, and again whenever something is to
   * be written: a disk that was full may have room.
   */
  readingOnly(): ErrorAccount | undefined;
  /** @throws LoamError that says so where the store can only be read: before work that would end in writing to it. */
  requireWritable(): void;
  /** Copies the whole store, as it is at one moment, to its backups, a little at a time. @returns the backup's path. */
  backUp(now: Date): Promise<string>;
  close(): void;
}

export interface OpenStoreOptions {
  /** `create` makes the file, `open` refuses to. */
  readonly mode: 'open' | 'create';
  readonly migrations?: readonly Migration[];
}

/**
 * Opens a project's SQLite file: refuses foreign, damaged and newer files, backs up and migrates older ones. Where nothing can
 * be written, a store that is there is opened for reading (`openForReading`).
 * @throws LoamError that says which of these it was.
 */
export function openStore(file: string, { mode, migrations = allMigrations }: OpenStoreOptions): Store {
  try {
    const writable = (): Opened => openForWriting(file, mode, migrations);
    try {
      return wrap(file, writable(), writable);
    } catch (error) {
      if (mode === 'create' || !existsSync(file) || !isUnwritable(causeOf(error))) throw error;
      const database = openToLookAt(file, migrations);
      const looking = { database, mark: noChangeMark, lostChanges: 0 };
      return wrap(file, { ...looking, readingOnly: readingOnly(causeOf(error)) }, writable);
    }
  } catch (error) {
    throw explainSystemError(error, file) ?? error;
  }
}

function openForWriting(
  file: string,
  mode: OpenStoreOptions['mode'],
  migrations: readonly Migration[],
): Opened {
  // SQLite in WAL mode writes beside its file even to read.
  accessSync(dirname(file), constants.W_OK);
  const database = new SqliteDatabase(file, { fileMustExist: mode === 'open', timeout: busyTimeout });
  try {
    if (mode === 'create') database.pragma(`application_id = ${applicationId}`);
    checkOrigin(database, file, migrations);
    checkIntegrity(database, file);
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

/** Nothing is written to the file; one of an older version is brought up to date in memory. */
function openToLookAt(file: string, migrations: readonly Migration[]): Database {
  let database = openForReading(file, busyTimeout);
  try {
    checkOrigin(database, file, migrations);
    checkIntegrity(database, file);
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

function causeOf(error: unknown): unknown {
  return error instanceof LoamError ? error.cause : error;
}

function integerPragma(database: Database, name: string): number {
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

/** A store that is open. */
interface Opened {
  readonly database: Database;
  readonly mark: ChangeMark;
  readonly lostChanges: number;
  /** Why it is only for reading, if it is. */
  readonly readingOnly: ErrorAccount | undefined;
}

/** @param openWritable tries again to open it for writing. */
function wrap(file: string, first: Opened, openWritable: () => Opened): Store {
  let opened = first;
  let statements = new Map<string, Statement>();
  const keepsCount = hasDigests(first.database);
  let marked: number | undefined;
  /** After a transaction. */
  const noteChanges = (): void => {
    if (!keepsCount || opened.database.inTransaction) return;
    const changes = Number(prepare('SELECT changes FROM storeState').pluck().get());
    if (changes === marked) return;
    opened.mark.write(changes);
    marked = changes;
  };
  const prepare = (sql: string): Statement => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const statement = opened.database.prepare(sql);
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
  const requireWritable = (): void => {
    if (opened.readingOnly === undefined) return;
    // In the middle of a transaction there is no other database to go on in: `transaction` begins it anew.
    if (opened.database.inTransaction) throw new ReadingOnly({ ...opened.readingOnly, where: file });
    let writable: Opened;
    try {
      writable = openWritable();
    } catch (error) {
      throw new ReadingOnly({ ...opened.readingOnly, where: file }, { cause: error });
    }
    opened.database.close();
    opened = writable;
    statements = new Map();
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
        requireWritable();
        const { sql, parameters } = builder.compile();
        const result = prepare(sql).run(...parameters);
        noteChanges();
        return result;
      }),
    transaction: <Result>(work: () => Result) =>
      explained(() => {
        const write = (): Result => {
          const result = opened.database.transaction(work).immediate();
          noteChanges();
          return result;
        };
        const { database } = opened;
        if (opened.readingOnly === undefined) return write();
        if (database.inTransaction) return work();
        try {
          return database.transaction(work).deferred();
        } catch (error) {
          if (!(error instanceof ReadingOnly)) throw error;
          requireWritable();
          return write();
        }
      }),
    changeMark: () =>
      explained(
        () =>
          `${integerPragma(opened.database, 'data_version')}.${String(prepare('SELECT total_changes()').pluck().get())}`,
      ),
    readingOnly: () => opened.readingOnly,
    requireWritable,
    backUp: async (now) => {
      const backup = newBackup(file, integerPragma(opened.database, 'user_version'), now);
      try {
        mkdirSync(dirname(backup.file), { recursive: true });
        await copyOneMoment(file, backup.partial);
        finishBackup(file, backup);
        return backup.file;
      } catch (error) {
        abandonBackup(backup);
        throw explainSystemError(error, backup.file) ?? error;
      }
    },
    damagedBlocks: (options) =>
      explained(() => {
        const { database } = opened;
        // Rows and digests of one moment: other processes may write meanwhile.
        return keepsCount ? database.transaction(() => findDamagedBlocks(database, options))() : [];
      }),
    acceptTables: (names) =>
      explained(() => {
        requireWritable();
        opened.database.transaction(() => acceptTables(opened.database, names)).immediate();
      }),
    digestOfRun: (table, runId) => explained(() => digestOfRun(opened.database, table, runId)),
    get lostChanges() {
      return opened.lostChanges;
    },
    close: () => {
      if (!opened.database.open) return;
      opened.mark.close();
      opened.database.close();
    },
  };
}

/**
 * Copies a store a little at a time. A transaction holds the moment: without one, SQLite begins anew whenever another
 * process has written, and beside a run that trains it would never come to an end.
 */
async function copyOneMoment(file: string, target: string): Promise<void> {
  const source = new SqliteDatabase(file, { readonly: true, fileMustExist: true, timeout: busyTimeout });
  try {
    source.exec('BEGIN');
    source.prepare('SELECT 1 FROM sqlite_schema').get();
    await source.backup(target);
  } finally {
    source.close();
  }
}

/** Something was to be written to a store that can only be read. */
class ReadingOnly extends LoamError {}
