import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LoamError } from '../../../src/shared/errors.ts';
import { migrations } from '../../../src/main/studio/store/migrations/index.ts';
import type { Migration } from '../../../src/main/studio/store/migrations/migration.ts';
import { insertProject, readProject } from '../../../src/main/studio/store/projects.ts';
import { readRecipe } from '../../../src/main/studio/store/recipes.ts';
import { findDamagedBlocks } from '../../../src/main/studio/store/digests.ts';
import { listRequestedEvaluations, parseFigures } from '../../../src/main/studio/store/evaluations.ts';
import { openStore } from '../../../src/main/studio/store/store.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loam-store-'));
  file = join(folder, 'loam.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const project = { name: 'a', createdAt: '2026-01-02T03:04:05.000Z', loamVersion: '0.1.0' };

function create(known: readonly Migration[] = migrations): void {
  const store = openStore(file, { mode: 'create', migrations: known });
  insertProject(store, project);
  store.close();
}

const refusal = (open: () => unknown): LoamError => {
  try {
    open();
  } catch (error) {
    expect(error).toBeInstanceOf(LoamError);
    return error as LoamError;
  }
  throw new Error('It was not refused.');
};

describe('opening a store', () => {
  test('a new store has the newest version, a write-ahead log, and keeps what is written', () => {
    create();
    const database = new SqliteDatabase(file, { readonly: true });
    expect(database.pragma('user_version', { simple: true })).toBe(migrations.at(-1)?.version);
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
    database.close();
    const store = openStore(file, { mode: 'open' });
    expect(readProject(store)).toEqual(project);
    store.close();
  });

  test('a store of a newer version is refused and not touched', () => {
    create();
    const database = new SqliteDatabase(file);
    database.pragma('user_version = 999');
    database.close();
    const before = readFileSync(file);
    const error = refusal(() => openStore(file, { mode: 'open' }));
    expect(error.message).toContain('written by a newer Loam');
    expect(error.message).toContain('999');
    expect(readFileSync(file)).toEqual(before);
    expect(readdirSync(folder)).toEqual(['loam.sqlite']);
  });

  test('a store of a version below the first is refused, with the backups named', () => {
    create();
    new SqliteDatabase(file).exec('PRAGMA user_version = -5').close();
    const error = refusal(() => openStore(file, { mode: 'open' }));
    expect(error.message).toContain('version -5');
    expect(error.action).toEqual({ do: 'restoreStore' });
  });

  test.for([
    [
      'a trigger',
      "CREATE TRIGGER t AFTER INSERT ON jobs BEGIN UPDATE runs SET name = '../..'; END",
      'trigger t',
    ],
    ['a view', 'CREATE VIEW v AS SELECT 1', 'view v'],
    [
      'a trigger of its own that does more',
      'DROP TRIGGER runsCountsOnINSERT; CREATE TRIGGER runsCountsOnINSERT AFTER INSERT ON runs BEGIN DELETE FROM datasets; END',
      'trigger runsCountsOnINSERT',
    ],
    [
      'a view in the place of a table',
      'ALTER TABLE samples RENAME TO kept; CREATE VIEW samples AS SELECT * FROM kept',
      'table samples',
    ],
    ['a computed column', "ALTER TABLE exports ADD COLUMN other TEXT AS (folder || '/..')", 'table exports'],
    [
      'a default that a reference would put in',
      "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'sourceHash TEXT NOT NULL REFERENCES sources (hash)', 'sourceHash TEXT NOT NULL DEFAULT ''../x'' REFERENCES sources (hash) ON DELETE SET DEFAULT') WHERE name = 'datasetSources'",
      'table datasetSources',
    ],
  ])(
    'one that would do something by itself is refused before anything is written to it: %s',
    ([, change, name]) => {
      create();
      const database = new SqliteDatabase(file);
      database.unsafeMode();
      database.exec(change!);
      database.close();
      const before = readFileSync(file);
      expect(refusal(() => openStore(file, { mode: 'open' })).message).toContain(`The ${name} in this store`);
      expect(readFileSync(file)).toEqual(before);
    },
  );

  test('tables and indices that another program added are no hindrance, and their names become no statements', () => {
    create();
    const reached = join(folder, 'reached.sqlite');
    const column = `x"; END; ATTACH DATABASE '${reached}' AS other; CREATE TABLE other.t (a); --`;
    const quoted = `"${column.replaceAll('"', '""')}"`;
    new SqliteDatabase(file)
      .exec(
        `CREATE TABLE notes (text); INSERT INTO notes VALUES (1); CREATE INDEX mine ON runs (loss);
        CREATE TABLE z (id INTEGER PRIMARY KEY, ${quoted} TEXT); CREATE TABLE ${quoted} (id INTEGER PRIMARY KEY)`,
      )
      .close();
    const database = new SqliteDatabase(file);
    // As if its digests were made already, so that nothing is read of the table before its triggers are made.
    database
      .prepare('INSERT INTO digestedTables (name, columnsJson) VALUES (?, ?)')
      .run('z', JSON.stringify(['id', column]));
    database.close();
    const store = openStore(file, { mode: 'open' });
    expect(store.damagedBlocks()).toEqual([]);
    store.close();
    expect(readdirSync(folder)).not.toContain('reached.sqlite');
  });

  test('an SQLite file of another program is refused', () => {
    new SqliteDatabase(file).exec('CREATE TABLE notes (text)').close();
    expect(refusal(() => openStore(file, { mode: 'open' })).message).toContain('not made by Loam');
  });

  test('a file that is no database is refused', () => {
    writeFileSync(file, 'a letter, not a database'.repeat(100));
    expect(refusal(() => openStore(file, { mode: 'open' })).message).toContain('damaged');
  });

  test('a damaged store is refused, with the backups named', () => {
    create();
    const bytes = readFileSync(file);
    // Overwrites everything behind the header page: the tables are no trees any more.
    bytes.fill(0x5a, 4096);
    writeFileSync(file, bytes);
    const error = refusal(() => openStore(file, { mode: 'open' }));
    expect(error.kind).toBe('environment');
    expect(error.message).toMatch(/damaged.*backup/s);
    expect(error.action).toEqual({ do: 'restoreStore' });
  });

  test('a store that is not there is not made by opening', () => {
    expect(refusal(() => openStore(file, { mode: 'open' })).kind).toBe('environment');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('migrations', () => {
  const second: Migration = {
    version: (migrations.at(-1)?.version ?? 0) + 1,
    summary: 'a column',
    up: (database) => database.exec('ALTER TABLE project ADD COLUMN colour TEXT'),
  };

  test('versions count up from 1 without gaps', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
  });

  test('an older store is backed up first and then brought up to date, with what it holds', () => {
    create();
    const store = openStore(file, { mode: 'open', migrations: [...migrations, second] });
    expect(readProject(store)).toEqual(project);
    store.close();
    const migrated = new SqliteDatabase(file, { readonly: true });
    expect(migrated.pragma('user_version', { simple: true })).toBe(second.version);
    expect(migrated.prepare('SELECT colour FROM project').get()).toEqual({ colour: null });
    migrated.close();

    const backups = readdirSync(join(folder, 'backups'));
    expect(backups).toHaveLength(1);
    rmSync(file);
    copyFileSync(join(folder, 'backups', backups[0]!), file);
    const restored = openStore(file, { mode: 'open' });
    expect(readProject(restored)).toEqual(project);
    restored.close();
  });

  test('a migration that fails leaves the store as it was', () => {
    create();
    const failing: Migration = {
      ...second,
      up: (database) => {
        second.up(database);
        throw new Error('no');
      },
    };
    expect(() => openStore(file, { mode: 'open', migrations: [...migrations, failing] })).toThrow('no');
    const store = openStore(file, { mode: 'open' });
    expect(readProject(store)).toEqual(project);
    store.close();
  });

  test('migration 6 keeps every state of every recipe, and each of its steps once', () => {
    create(migrations.slice(0, 5));
    const edit = (n: number) => ({ kind: 'editDocument', key: '0123456789abcdef', text: `text ${n}` });
    const before = new SqliteDatabase(file);
    before.exec(
      "INSERT INTO datasets (id, name, hash, createdAt) VALUES (1, 'a', 'h', 't'), (2, 'b', 'h', 't')",
    );
    const insert = before.prepare('INSERT INTO datasetRecipes VALUES (?, ?, ?, ?)');
    for (const dataset of [1, 2])
      for (let position = 0; position < 4; position++)
        insert.run(
          dataset,
          position,
          JSON.stringify(Array.from({ length: position }, (_, n) => edit(n))),
          'then',
        );
    before.close();
    const store = openStore(file, { mode: 'open' });
    for (const dataset of [1, 2])
      for (let position = 0; position < 4; position++)
        expect(readRecipe(store, dataset, position)).toEqual(
          Array.from({ length: position }, (_, n) => edit(n)),
        );
    expect(store.all(store.query.selectFrom('recipeSteps').select('id'))).toHaveLength(3);
    store.close();
  });

  test('the migration that holds a step to one evaluation and one sample keeps the last of each', () => {
    const at = migrations.findIndex(({ summary }) => summary.startsWith('a step of a run has one'));
    create(migrations.slice(0, at));
    const before = new SqliteDatabase(file);
    before.exec(`
      INSERT INTO datasets (id, name, hash, createdAt) VALUES (1, 'a', 'h', 't');
      INSERT INTO runs (id, name, status, datasetId, tokenizerName, tokenizerHash, tokensHash, parameters,
        configurationJson, provenanceJson, createdAt)
        VALUES (1, 'r', 'paused', 1, 't', 'h', 'h', 1, '{}', '{}', 't');
      INSERT INTO evaluations (runId, sequence, step, split, loss, tokens, complete, createdAt) VALUES
        (1, 3, 10, 'validation', 2.5, 9, 0, 't'), (1, 7, 10, 'validation', 2.25, 9, 0, 't'),
        (1, 9, 20, 'validation', 2, 9, 1, 't'), (1, NULL, 10, 'validation', 3, 9, 1, 't'),
        (1, NULL, 10, 'validation', 4, 9, 1, 't');
      INSERT INTO samples VALUES (1, 4, 10, '', 'first'), (1, 8, 10, '', 'again'), (1, 10, 20, '', 'later');
    `);
    before.close();
    openStore(file, { mode: 'open' }).close();
    const after = new SqliteDatabase(file, { readonly: true });
    const losses = after.prepare('SELECT loss FROM evaluations ORDER BY id').pluck().all();
    expect(losses).toEqual([2.25, 2, 3, 4]);
    const texts = after.prepare('SELECT text FROM samples ORDER BY sequence').pluck().all();
    expect(texts).toEqual(['again', 'later']);
    after.close();
  });

  test('the migration to figures by name keeps what each evaluation measured, digests and all', () => {
    const at = migrations.findIndex(({ summary }) => summary.startsWith('what an evaluation measures'));
    create(migrations.slice(0, at));
    const before = openStore(file, { mode: 'open', migrations: migrations.slice(0, at) });
    before.close();
    const database = new SqliteDatabase(file);
    database.exec(`
      INSERT INTO evaluations (id, split, loss, perplexity, bitsPerByte, bigramLoss, tokens, bytes, complete, createdAt) VALUES
        (1, 'all', 1.5, 4.48, 1.25, 2.5, 9, 30, 1, 't'), (2, 'all', 9e999, 9e999, NULL, NULL, 9, 30, 1, 't')`);
    database.close();
    const store = openStore(file, { mode: 'open' });
    const figures = listRequestedEvaluations(store).map(({ id, objective, predictions, figuresJson }) => [
      id,
      objective,
      predictions,
      parseFigures(figuresJson),
    ]);
    expect(figures).toEqual([
      [2, 'next-token', 9, { perplexity: null, bitsPerByte: null }],
      [1, 'next-token', 9, { perplexity: 4.48, bitsPerByte: 1.25, bigramLoss: 2.5 }],
    ]);
    store.close();
    const after = new SqliteDatabase(file);
    expect(findDamagedBlocks(after)).toEqual([]);
    after.close();
  });

  test('migration 1 makes tables that hold only what fits: rows point to rows that exist, and types are kept', () => {
    create();
    const store = openStore(file, { mode: 'open' });
    store.close();
    const database = new SqliteDatabase(file);
    const tables = database
      .prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
      )
      .pluck()
      .all();
    expect(tables).toEqual(
      expect.arrayContaining([
        'checkpoints',
        'datasetSources',
        'datasets',
        'evaluations',
        'events',
        'metrics',
        'project',
        'queue',
        'runs',
        'samples',
        'sources',
        'tokenSets',
        'tokenizers',
      ]),
    );
    database.pragma('foreign_keys = ON');
    expect(() => database.exec("INSERT INTO queue VALUES (7, 1, 'now')")).toThrow('FOREIGN KEY');
    expect(() => database.exec("INSERT INTO sources VALUES ('short', 1, 'utf-8', 'now')")).toThrow('CHECK');
    expect(() =>
      database.exec(`INSERT INTO sources VALUES ('${'a'.repeat(64)}', 'many', 'utf-8', 'now')`),
    ).toThrow('cannot store TEXT value in INTEGER column');
    database.close();
  });
});

test('a transaction that throws changes nothing, and a nested one joins it', () => {
  create();
  const store = openStore(file, { mode: 'open' });
  const rename = (name: string): void => void store.run(store.query.updateTable('project').set({ name }));
  expect(() =>
    store.transaction(() => {
      rename('b');
      store.transaction(() => rename('c'));
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(readProject(store).name).toBe('a');
  store.transaction(() => store.transaction(() => rename('d')));
  expect(readProject(store).name).toBe('d');
  store.close();
});
