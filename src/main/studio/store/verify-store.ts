import { setImmediate as nextTurn } from 'node:timers/promises';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { openChangeMark } from './change-mark.ts';
import { compareBlocks, countDigestedRows, hasDigests, type DamagedBlock } from './digests.ts';
import { migrations } from './migrations/index.ts';
import { isUnwritable, openForReading } from './open-for-reading.ts';
import { differencesOfSchema } from './schema-differences.ts';

/** What a look at every page and every row of a store came to. */
export interface StoreVerification {
  readonly rows: number;
  /** What SQLite says of its trees, and of tables that are not those of Loam; empty where all is well. */
  readonly structure: readonly string[];
  readonly damaged: readonly DamagedBlock[];
  /** Times at which the store was found to have become older. */
  readonly losses: readonly { readonly foundAt: string; readonly changes: number }[];
  /** Changes that it lacks now and has not been opened since. */
  readonly lostNow: number;
  /** A store of an earlier version has no digests. */
  readonly hasDigests: boolean;
}

/** At most so many of SQLite's complaints are passed on. */
const complaints = 5;

export interface VerifyStoreOptions {
  /** A backup has nobody who writes to it, and gets no file beside it from being read. Default: a store. */
  readonly kind?: 'store' | 'backup';
  /** Told of the share that has been read, from 0 to 1. */
  readonly onShare?: (share: number) => void;
  readonly signal?: AbortSignal;
  /**
   * Stores up to this size are checked as a whole, which takes less than a second; larger ones a table at a time. Default:
   * 32 MiB.
   */
  readonly wholeCheckBytes?: number;
}

/** Tables first, then rows: each is about half of the work. */
const shareOfTables = 0.5;

/**
 * Reads a store as a whole, without changing it and without opening it as a project: it may be too damaged for that. All is
 * read as it was at one moment, whatever is written meanwhile.
 * @throws the database's error when it cannot be read at all; the signal's reason when that aborts.
 */
export async function verifyStore(
  file: string,
  { kind = 'store', onShare, signal, wholeCheckBytes = 32 * 2 ** 20 }: VerifyStoreOptions = {},
): Promise<StoreVerification> {
  const database = openToVerify(file, kind);
  const turn = async (share: number): Promise<void> => {
    onShare?.(share);
    await nextTurn();
    signal?.throwIfAborted();
  };
  try {
    // Before the moment at which the store is read: whoever writes changes the store first.
    const marked = readMark(file);
    database.exec('BEGIN');
    const structure = await findComplaints(wholeCheckBytes, database, turn);
    const digested = hasDigests(database);
    if (structure.length === 0)
      structure.push(
        ...differencesOfSchema(database, migrations)
          .slice(0, complaints)
          .map((name) => `the definition of ${name} is not that of Loam`),
      );
    if (structure.length > 0 || !digested)
      return { rows: 0, structure, damaged: [], losses: [], lostNow: 0, hasDigests: digested };
    const all = Math.max(1, countDigestedRows(database));
    const comparison = compareBlocks(database);
    let rows = 0;
    let step = comparison.next();
    while (step.done !== true) {
      rows += step.value;
      await turn(shareOfTables + (1 - shareOfTables) * Math.min(1, rows / all));
      step = comparison.next();
    }
    return {
      rows,
      structure,
      damaged: step.value,
      losses: database
        .prepare<[], { foundAt: string; changes: number }>(
          'SELECT foundAt, changes FROM storeLosses ORDER BY id',
        )
        .all(),
      lostNow: Math.max(0, marked - readChanges(database)),
      hasDigests: true,
    };
  } finally {
    database.close();
  }
}

/** How long to wait for another process's transaction, in milliseconds. */
const busyTimeout = 10_000;

function openToVerify(file: string, kind: 'store' | 'backup'): Database {
  if (kind === 'backup') return openForReading(file, busyTimeout);
  const database = new SqliteDatabase(file, { readonly: true, fileMustExist: true, timeout: busyTimeout });
  try {
    database.pragma('schema_version');
    return database;
  } catch (error) {
    database.close();
    if (!isUnwritable(error)) throw error;
    return openForReading(file, busyTimeout);
  }
}

/** What SQLite says of its trees. A large store can be put down between two tables. */
async function findComplaints(
  wholeCheckBytes: number,
  database: Database,
  turn: (share: number) => Promise<void>,
): Promise<string[]> {
  const size =
    Number(database.pragma('page_count', { simple: true })) *
    Number(database.pragma('page_size', { simple: true }));
  if (size <= wholeCheckBytes) {
    const verdicts = checkTrees(database, String(complaints));
    await turn(shareOfTables);
    return verdicts;
  }
  const trees = database
    .prepare<[], { name: string; type: string; rootpage: number }>(
      'SELECT name, type, rootpage FROM sqlite_schema WHERE rootpage > 0 ORDER BY name',
    )
    .all();
  const verdicts = trees
    .filter(({ rootpage }, place) => trees.findIndex((other) => other.rootpage === rootpage) !== place)
    .map(({ name }) => `${name} begins where another tree does`);
  const tables = trees.filter(({ type }) => type === 'table').map(({ name }) => name);
  // Together with the schema the list of free pages is looked at.
  for (const [place, table] of ['sqlite_schema', ...tables].entries()) {
    if (verdicts.length >= complaints) break;
    verdicts.push(...checkTrees(database, `"${table.replaceAll('"', '""')}"`));
    await turn((shareOfTables * (place + 1)) / (tables.length + 1));
  }
  return verdicts.slice(0, complaints);
}

function checkTrees(database: Database, argument: string): string[] {
  const rows = database.pragma(`integrity_check(${argument})`) as readonly {
    readonly integrity_check: string;
  }[];
  return rows.map((row) => row.integrity_check).filter((verdict) => verdict !== 'ok');
}

function readMark(file: string): number {
  const mark = openChangeMark(file, 'read');
  try {
    return mark.read() ?? 0;
  } finally {
    mark.close();
  }
}

function readChanges(database: Database): number {
  return database.prepare<[], number>('SELECT changes FROM storeState').pluck().get() ?? 0;
}
