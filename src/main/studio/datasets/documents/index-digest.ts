import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import type { ReadingFiles } from '../../../llm/files/file-digest.ts';

/**
 * The digest of an index of documents: SHA-256 over all its rows, in the table `meta` under the key `digest`, written in the
 * transaction that writes them. An index is made once and only read from then on. What lies on free pages is not in it.
 */
const key = 'digest';
/** Beside it, and hashed with the rows: what the tables were defined as. */
const schemaKey = 'schema';

/** What is hashed, in this order. */
const queries = [
  `SELECT key, value FROM meta WHERE key <> '${key}' ORDER BY key`,
  'SELECT id, text FROM pieces ORDER BY id',
  'SELECT document, fields FROM records ORDER BY document',
  'SELECT name, part, data FROM columns ORDER BY name, part',
];

/** Rows that are hashed before others get their turn. */
const rowsAtOnce = 2000;

/** Hashes all rows. Yields now and then the bytes that were hashed since it last did. */
function* hashRows(database: Database): Generator<number, string> {
  const hash = createHash('sha256');
  for (const query of queries) {
    hash.update(query);
    let rows = 0;
    let bytes = 0;
    for (const row of database.prepare<[], (string | number | Uint8Array)[]>(query).raw().iterate()) {
      for (const value of row) {
        const content = value instanceof Uint8Array ? value : String(value);
        const length = typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength;
        // The length parts a value from the next one.
        hash.update(`${length}:`).update(content);
        bytes += length;
      }
      rows += 1;
      if (rows % rowsAtOnce !== 0) continue;
      yield bytes;
      bytes = 0;
    }
    yield bytes;
  }
  return hash.digest('hex');
}

/** The hash of the definitions of all tables, and of what belongs to which. */
function digestOfSchema(database: Database): string {
  const schema = database
    .prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name')
    .raw()
    .all();
  return createHash('sha256').update(JSON.stringify(schema)).digest('hex');
}

/** Adds the digest to an index to which nothing is added any more. */
export function writeIndexDigest(database: Database): void {
  database.prepare('INSERT INTO meta (key, value) VALUES (?, ?)').run(schemaKey, digestOfSchema(database));
  const rows = hashRows(database);
  let step = rows.next();
  while (step.done !== true) step = rows.next();
  database.prepare('INSERT INTO meta (key, value) VALUES (?, ?)').run(key, step.value);
}

/** An index of an earlier Loam has no digest. */
export type IndexState = 'intact' | 'damaged' | 'unprotected';

/** Reads a whole index and compares it with its digest. @throws the signal's reason when that aborts. */
export async function lookAtIndex(file: string, { onBytes, signal }: ReadingFiles = {}): Promise<IndexState> {
  let database: Database | undefined;
  try {
    database = new SqliteDatabase(file, { readonly: true, fileMustExist: true });
    const read = database.prepare<[string], string>('SELECT value FROM meta WHERE key = ?').pluck();
    const expected = read.get(key);
    const schema = read.get(schemaKey);
    if (database.pragma('integrity_check(1)', { simple: true }) !== 'ok') return 'damaged';
    if (expected === undefined) return 'unprotected';
    // The first indexes with a digest have none of their tables' definitions.
    if (schema !== undefined && schema !== digestOfSchema(database)) return 'damaged';
    const rows = hashRows(database);
    for (;;) {
      const step = rows.next();
      if (step.done === true) return step.value === expected ? 'intact' : 'damaged';
      onBytes?.(step.value);
      await nextTurn();
      signal?.throwIfAborted();
    }
  } catch {
    signal?.throwIfAborted();
    return 'damaged';
  } finally {
    database?.close();
  }
}
