import SqliteDatabase, { type Database } from 'better-sqlite3';
import type { Migration } from './migrations/migration.ts';

interface Schema {
  /** Tables, indices, triggers and views, each with its definition. */
  readonly definitions: ReadonlyMap<string, string>;
  /** What acts or computes by itself: triggers and views; and columns, defaults and references of tables. */
  readonly behaviour: ReadonlyMap<string, string>;
}

/** The schema of each version, for each list of migrations: it is made once in a process. */
const schemas = new WeakMap<readonly Migration[], Map<number, Schema>>();

/** How a store's definitions of tables, indices, triggers and views differ from those that the migrations make; by name. */
export function differencesOfSchema(database: Database, migrations: readonly Migration[]): readonly string[] {
  return differences(
    readSchema(database).definitions,
    expectedSchema(database, migrations).definitions,
    () => true,
  );
}

/**
 * What in a store would do something by itself that Loam's does not: triggers and views that are not Loam's, and tables of
 * Loam's that are something else, or have computed columns, defaults or references of their own. Tables and indices that
 * another program added do nothing, and another check of values refuses at most.
 */
export function foreignBehaviour(database: Database, migrations: readonly Migration[]): readonly string[] {
  const expected = expectedSchema(database, migrations).behaviour;
  return differences(
    readSchema(database).behaviour,
    expected,
    (name) => expected.has(name) || !name.startsWith('table '),
  );
}

function differences(
  found: ReadonlyMap<string, string>,
  expected: ReadonlyMap<string, string>,
  matters: (name: string) => boolean,
): readonly string[] {
  return [...new Set([...expected.keys(), ...found.keys()])].filter(
    (name) => matters(name) && found.get(name) !== expected.get(name),
  );
}

function expectedSchema(database: Database, migrations: readonly Migration[]): Schema {
  const version = Number(database.pragma('user_version', { simple: true }));
  const versions = schemas.get(migrations) ?? new Map<number, Schema>();
  schemas.set(migrations, versions);
  let schema = versions.get(version);
  if (schema === undefined) {
    const expected = new SqliteDatabase(':memory:');
    try {
      for (const migration of migrations) if (migration.version <= version) migration.up(expected);
      schema = readSchema(expected);
    } finally {
      expected.close();
    }
    versions.set(version, schema);
  }
  return schema;
}

function readSchema(database: Database): Schema {
  const rows = database
    .prepare<[], { type: string; name: string; tableName: string; sql: string | null }>(
      // Those that begin so are what another program's ANALYZE leaves.
      "SELECT type, name, tbl_name AS tableName, sql FROM main.sqlite_schema WHERE name NOT LIKE 'sqlite\\_stat%' ESCAPE '\\'",
    )
    .all();
  const columns = database.prepare<[string]>("SELECT * FROM pragma_table_xinfo(?, 'main')").raw();
  const references = database.prepare<[string]>("SELECT * FROM pragma_foreign_key_list(?, 'main')").raw();
  const definitions = new Map<string, string>();
  const behaviour = new Map<string, string>();
  for (const { type, name, tableName, sql } of rows) {
    const key = `${type} ${name}`;
    // As JSON, in which a text whose type has become that of bytes is another value.
    definitions.set(key, JSON.stringify([type, name, tableName, sql]));
    if (type === 'trigger' || type === 'view') behaviour.set(key, sql ?? '');
    else if (type === 'table')
      behaviour.set(
        key,
        JSON.stringify([/^\s*create\s+virtual/i.test(sql ?? ''), columns.all(name), references.all(name)]),
      );
  }
  return { definitions, behaviour };
}
