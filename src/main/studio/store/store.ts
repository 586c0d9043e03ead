import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import SqliteDatabase, { type RunResult, type Statement } from 'better-sqlite3';
import {
  type Compilable,
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { LoamError, type ErrorAccount } from '../../../shared/errors.ts';
import { explainSystemError } from '../system-errors.ts';
import { abandonBackup, finishBackup, newBackup } from './backup.ts';
import { noChangeMark } from './change-mark.ts';
import {
  acceptTables,
  digestOfRun,
  findDamagedBlocks,
  hasDigests,
  type DamagedBlock,
  type FindDamagedBlocksOptions,
} from './digests.ts';
import { migrations as allMigrations } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import {
  busyTimeout,
  integerPragma,
  openForWriting,
  openToLookAt,
  type OpenedDatabase,
} from './open-database.ts';
import { isUnwritable, readingOnly } from './open-for-reading.ts';
import type { Tables } from './tables.ts';

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
  /**
   * Brings everything into the one file, flushed: before the file gets another name, under which the log beside it would not be
   * found. Closing does so as well, but does not say when the disk refuses.
   */
  settle(): void;
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
    const writable = (): OpenedDatabase => openForWriting(file, mode, migrations);
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

function causeOf(error: unknown): unknown {
  return error instanceof LoamError ? error.cause : error;
}

/** @param openWritable tries again to open it for writing. */
function wrap(file: string, first: OpenedDatabase, openWritable: () => OpenedDatabase): Store {
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
    let writable: OpenedDatabase;
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
    settle: () =>
      explained(() => {
        const [outcome] = opened.database.pragma('wal_checkpoint(TRUNCATE)') as readonly {
          readonly busy: number;
        }[];
        if (outcome?.busy !== 0) throw new Error('The write-ahead log of a new store is in use.');
      }),
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
