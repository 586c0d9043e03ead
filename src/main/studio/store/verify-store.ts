import SqliteDatabase, { type Database } from 'better-sqlite3';
import { openChangeMark } from './change-mark.ts';
import { findDamagedBlocks, hasDigests, type DamagedBlock } from './digests.ts';
import { migrations } from './migrations/index.ts';

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

/**
 * Reads a store as a whole, without changing it and without opening it as a project: it may be too damaged for that.
 * @param onRow told of each row.
 * @throws the database's error when it cannot be read at all.
 */
export function verifyStore(file: string, onRow: () => void = () => undefined): StoreVerification {
  const database = new SqliteDatabase(file, { readonly: true, fileMustExist: true });
  try {
    const verdicts = database.pragma(`integrity_check(${complaints})`) as readonly {
      readonly integrity_check: string;
    }[];
    const structure = verdicts.map((row) => row.integrity_check).filter((verdict) => verdict !== 'ok');
    const digested = hasDigests(database);
    if (structure.length === 0) structure.push(...differencesOfSchema(database));
    let rows = 0;
    const counting = (): void => {
      rows += 1;
      onRow();
    };
    const isReadable = structure.length === 0 && digested;
    const damaged = isReadable ? findDamagedBlocks(database, { onRow: counting }) : [];
    return {
      rows,
      structure,
      damaged,
      losses: isReadable
        ? database
            .prepare<[], { foundAt: string; changes: number }>(
              'SELECT foundAt, changes FROM storeLosses ORDER BY id',
            )
            .all()
        : [],
      lostNow: isReadable ? changesLost(database, file) : 0,
      hasDigests: digested,
    };
  } finally {
    database.close();
  }
}

function changesLost(database: Database, file: string): number {
  const mark = openChangeMark(file, 'read');
  try {
    const marked = mark.read() ?? 0;
    const changes = database.prepare<[], number>('SELECT changes FROM storeState').pluck().get() ?? 0;
    return Math.max(0, marked - changes);
  } finally {
    mark.close();
  }
}

/** How the definitions of tables, indices and triggers differ from those that the migrations make. */
function differencesOfSchema(database: Database): readonly string[] {
  const version = Number(database.pragma('user_version', { simple: true }));
  const expected = new SqliteDatabase(':memory:');
  try {
    for (const migration of migrations) if (migration.version <= version) migration.up(expected);
    const found = readSchema(database);
    const right = readSchema(expected);
    return [...new Set([...right.keys(), ...found.keys()])]
      .filter((name) => found.get(name) !== right.get(name))
      .slice(0, complaints)
      .map((name) => `the definition of ${name} is not that of Loam`);
  } finally {
    expected.close();
  }
}

function readSchema(database: Database): ReadonlyMap<string, string | null> {
  return new Map(
    database
      .prepare<[], [string, string | null]>(
        "SELECT type || ' ' || name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
      )
      .raw()
      .all(),
  );
}
