import { hash } from 'node:crypto';
import type { Database } from 'better-sqlite3';

/**
 * Digests of the store's rows, by which a bit that flips on the disk is found: SQLite notices when its trees are damaged,
 * but not when a letter in a row is another one.
 *
 * Rows are taken together in blocks, one row each where a row matters by itself, some hundreds where there are millions. A
 * block's digest is the exclusive or of its rows' hashes, so that a row is added and taken away without a look at the others
 * (a set hash, as in Bellare and Micciancio, "A New Paradigm for Collision-Free Hashing", 1997; against flipped bits, not
 * against forgers). Triggers of the connection keep it, in the transaction that changes the row; they call a function in
 * JavaScript, which the connection brings along.
 */

/** Bytes of a digest. */
const width = 16;

/** Tables that need none: counters that pages look at, and what stands here. */
const undigested: ReadonlySet<string> = new Set(['changes', 'digests', 'digestedTables', 'storeState']);

/** Rows of a run's record that share a block. */
const recordsInBlock = 512;

const ofRun = `runId || '/' || (sequence / ${recordsInBlock})`;
const blocksOfLargeTables: Readonly<Record<string, string>> = {
  metrics: ofRun,
  samples: ofRun,
  events: ofRun,
  metricSummaries: "runId || '/'",
};

interface DigestedTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** SQL that gives a row's block. */
  readonly block: string;
}

type Value = number | string | bigint | Uint8Array | null;

/** The first bytes of the SHA-256 over a table's name and a row's values, in the columns' order, as JSON. */
function digestOfRow(table: string, values: readonly Value[]): Uint8Array {
  const plain = values.map((value) =>
    value instanceof Uint8Array
      ? { blob: Buffer.from(value).toString('base64') }
      : typeof value === 'bigint'
        ? { integer: String(value) }
        : value,
  );
  return hash('sha256', JSON.stringify([table, ...plain]), 'buffer').subarray(0, width);
}

function exclusiveOr(one: Uint8Array, other: Uint8Array): Uint8Array {
  return one.map((byte, index) => byte ^ (other[index] ?? 0));
}

const functionName = 'loamDigest';

/** What the names of all of Loam's tables and columns look like. Names stand in statements, which no foreign one may become part of. */
const plainName = /^[a-z][A-Za-z0-9]*$/;

/** The tables that have digests. Another program's may be there too: those without a key, or with other names, have none. */
function listTables(database: Database): readonly DigestedTable[] {
  const names = database
    .prepare<[], string>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    )
    .pluck()
    .all();
  return names
    .filter((name) => plainName.test(name) && !undigested.has(name))
    .map((name) => {
      const columns = database.pragma(`table_info("${name}")`) as readonly {
        readonly name: string;
        readonly pk: number;
      }[];
      const key = columns.filter(({ pk }) => pk > 0).toSorted((one, other) => one.pk - other.pk);
      return {
        name,
        columns: columns.map((column) => column.name),
        block: blocksOfLargeTables[name] ?? key.map((column) => `"${column.name}"`).join(" || '/' || "),
      };
    })
    .filter(({ columns, block }) => block !== '' && columns.every((column) => plainName.test(column)));
}

/** `block` for the row that a trigger calls OLD or NEW. */
function blockOf({ block, columns }: DigestedTable, row: 'OLD' | 'NEW'): string {
  return block.replaceAll(/"(\w+)"|\b([a-zA-Z]\w*)\b/g, (word, quoted?: string, plain?: string) => {
    const name = quoted ?? plain;
    return name !== undefined && columns.includes(name) ? `${row}."${name}"` : word;
  });
}

/** Whether a store is of a version that has digests and counts its changes. */
export function hasDigests(database: Database): boolean {
  return database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'digestedTables'").get() !== undefined;
}

/**
 * Has a connection keep digests from now on, and makes them for tables that have none yet or have other columns than when
 * theirs were made. Does nothing in a store of a version that had no digests.
 */
export function keepDigests(database: Database): void {
  if (!hasDigests(database)) return;
  database.function(
    functionName,
    { varargs: true, deterministic: true },
    (before: Uint8Array | null, table: string, ...values: Value[]) => {
      const row = digestOfRow(table, values);
      return Buffer.from(before === null ? row : exclusiveOr(before, row));
    },
  );
  const tables = listTables(database);
  const known = new Map(
    database.prepare<[], [string, string]>('SELECT name, columnsJson FROM digestedTables').raw().all(),
  );
  const changed = tables.filter(({ name, columns }) => known.get(name) !== JSON.stringify(columns));
  const gone = [...known.keys()].filter((name) => tables.every((table) => table.name !== name));
  if (changed.length > 0 || gone.length > 0)
    database
      .transaction(() => {
        for (const name of gone) forgetTable(database, name);
        for (const table of changed) digestTable(database, table);
      })
      .immediate();
  database.exec(tables.flatMap(triggersOf).join('\n'));
}

/** Has the connection keep no digests of a table, until `keepDigests` makes them anew: the table is about to get other columns. */
export function pauseDigests(database: Database, table: string): void {
  for (const event of ['INSERT', 'UPDATE', 'DELETE'])
    database.exec(`DROP TRIGGER IF EXISTS temp."${table}DigestedOn${event}"`);
}

function forgetTable(database: Database, name: string): void {
  database.prepare('DELETE FROM digests WHERE tableName = ?').run(name);
  database.prepare('DELETE FROM digestedTables WHERE name = ?').run(name);
}

/** Makes a table's digests from what stands in it: what happened to it before cannot be known. */
function digestTable(database: Database, table: DigestedTable): void {
  forgetTable(database, table.name);
  const insert = database.prepare('INSERT INTO digests (tableName, block, rows, digest) VALUES (?, ?, ?, ?)');
  for (const [block, { rows, digest }] of atOnce(computeBlocks(database, table)))
    insert.run(table.name, block, rows, digest);
  database
    .prepare('INSERT INTO digestedTables (name, columnsJson) VALUES (?, ?)')
    .run(table.name, JSON.stringify(table.columns));
}

interface BlockDigest {
  readonly rows: number;
  readonly digest: Uint8Array;
}

/** Rows that are hashed before others get their turn. */
const rowsAtOnce = 2000;

/** The digests of a table's rows as they are now, by block. Yields now and then how many rows were read since it last did. */
function* computeBlocks(
  database: Database,
  { name, columns, block }: DigestedTable,
  where = '',
  parameters: readonly Value[] = [],
): Generator<number, ReadonlyMap<string, BlockDigest>> {
  const blocks = new Map<string, BlockDigest>();
  const rows = database
    .prepare<Value[], [string, ...Value[]]>(
      `SELECT CAST(${block} AS TEXT), ${columns.map((column) => `"${column}"`).join(', ')} FROM "${name}" ${where}`,
    )
    .raw();
  let read = 0;
  for (const [place, ...values] of rows.iterate(...parameters)) {
    const before = blocks.get(place);
    const digest = digestOfRow(name, values);
    blocks.set(
      place,
      before === undefined
        ? { rows: 1, digest }
        : { rows: before.rows + 1, digest: exclusiveOr(before.digest, digest) },
    );
    read += 1;
    if (read < rowsAtOnce) continue;
    yield read;
    read = 0;
  }
  yield read;
  return blocks;
}

/** Does the whole of a work that yields, at once. */
function atOnce<Result>(work: Generator<unknown, Result>): Result {
  let step = work.next();
  while (step.done !== true) step = work.next();
  return step.value;
}

/** SQL of the three triggers that keep a table's digests. They live as long as the connection. */
function triggersOf(table: DigestedTable): readonly string[] {
  const values = (row: 'OLD' | 'NEW'): string =>
    [`'${table.name}'`, ...table.columns.map((column) => `${row}."${column}"`)].join(', ');
  const add = `
    INSERT INTO digests (tableName, block, rows, digest)
      VALUES ('${table.name}', CAST(${blockOf(table, 'NEW')} AS TEXT), 1, ${functionName}(NULL, ${values('NEW')}))
      ON CONFLICT (tableName, block)
      DO UPDATE SET rows = rows + 1, digest = ${functionName}(digest, ${values('NEW')});`;
  const take = `
    UPDATE digests SET rows = rows - 1, digest = ${functionName}(digest, ${values('OLD')})
      WHERE tableName = '${table.name}' AND block = CAST(${blockOf(table, 'OLD')} AS TEXT);
    DELETE FROM digests
      WHERE tableName = '${table.name}' AND block = CAST(${blockOf(table, 'OLD')} AS TEXT) AND rows = 0;`;
  const count = 'UPDATE storeState SET changes = changes + 1;';
  const trigger = (event: string, body: string): string =>
    `DROP TRIGGER IF EXISTS temp."${table.name}DigestedOn${event}";
    CREATE TEMP TRIGGER "${table.name}DigestedOn${event}" AFTER ${event} ON main."${table.name}"
      BEGIN ${body} ${count} END;`;
  return [trigger('INSERT', add), trigger('UPDATE', take + add), trigger('DELETE', take)];
}

/** Rows that are not what was written. */
export interface DamagedBlock {
  readonly table: string;
  /** The row's key, or the run and the stretch of its record. */
  readonly block: string;
}

export interface FindDamagedBlocksOptions {
  /** Default: all that have digests. */
  readonly tables?: readonly string[];
  /** Looks at some rows alone, of tables that have a digest for each: those whose key begins with one of these values. */
  readonly rows?: { readonly column: string; readonly values: readonly (number | string)[] };
}

/**
 * Reads rows and compares them with their digests.
 * @returns the blocks of which a row has changed, is gone or is too many.
 */
export function findDamagedBlocks(
  database: Database,
  options: FindDamagedBlocksOptions = {},
): readonly DamagedBlock[] {
  return atOnce(compareBlocks(database, options));
}

/** The same in steps, each of which yields how many rows were read in it; others can do something in between. */
export function* compareBlocks(
  database: Database,
  { tables, rows }: FindDamagedBlocksOptions = {},
): Generator<number, readonly DamagedBlock[]> {
  const damaged: DamagedBlock[] = [];
  const digested = new Set(database.prepare<[], string>('SELECT name FROM digestedTables').pluck().all());
  for (const table of listTables(database)) {
    const { name } = table;
    if (!digested.has(name) || tables?.includes(name) === false) continue;
    const found =
      rows === undefined
        ? yield* computeBlocks(database, table)
        : yield* computeBlocks(
            database,
            table,
            `WHERE "${rows.column}" IN (SELECT value FROM json_each(?))`,
            [JSON.stringify(rows.values)],
          );
    const stored =
      rows === undefined
        ? readBlocks(database, name)
        : new Map(rows.values.flatMap((value) => [...readBlocks(database, name, String(value))]));
    for (const block of new Set([...found.keys(), ...stored.keys()]))
      if (!isSame(found.get(block), stored.get(block))) damaged.push({ table: name, block });
  }
  return damaged;
}

/** How many rows have digests. */
export function countDigestedRows(database: Database): number {
  return Number(database.prepare('SELECT coalesce(sum(rows), 0) FROM digests').pluck().get());
}

function isSame(one: BlockDigest | undefined, other: BlockDigest | undefined): boolean {
  return (
    one !== undefined &&
    other !== undefined &&
    one.rows === other.rows &&
    Buffer.compare(one.digest, other.digest) === 0
  );
}

/** @param key only the blocks of rows whose key begins with it */
function readBlocks(database: Database, table: string, key?: string): ReadonlyMap<string, BlockDigest> {
  const rows = database
    .prepare<string[], [string, number, Uint8Array]>(
      // "0" is the sign behind "/", so that these are all blocks that begin with the key and a "/".
      `SELECT block, rows, digest FROM digests WHERE tableName = ?
        ${key === undefined ? '' : 'AND (block = ? OR (block > ? AND block < ?))'}`,
    )
    .raw()
    .all(...(key === undefined ? [table] : [table, key, `${key}/`, `${key}0`]));
  return new Map(rows.map(([block, count, digest]) => [block, { rows: count, digest }]));
}

/** Takes what stands in some tables as right from now on. */
export function acceptTables(database: Database, names: readonly string[]): void {
  for (const table of listTables(database)) if (names.includes(table.name)) digestTable(database, table);
}

/** How many rows of a run's record a table holds, and their digest as it was kept while they were written. */
export function digestOfRun(
  database: Database,
  table: 'metrics' | 'samples',
  runId: number,
): { readonly rows: number; readonly digest: string } {
  let rows = 0;
  let digest: Uint8Array = new Uint8Array(width);
  const blocks = database
    .prepare<[string, string, string], [number, Uint8Array]>(
      // "0" is the sign behind "/", so that these are all blocks that begin with the run's number.
      'SELECT rows, digest FROM digests WHERE tableName = ? AND block > ? AND block < ?',
    )
    .raw();
  for (const [count, each] of blocks.iterate(table, `${runId}/`, `${runId}0`)) {
    rows += count;
    digest = exclusiveOr(digest, each);
  }
  return { rows, digest: Buffer.from(digest).toString('hex') };
}
