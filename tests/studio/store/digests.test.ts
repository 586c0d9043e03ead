import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { changeMarkFile } from '../../../src/main/studio/store/change-mark.ts';
import { migrations } from '../../../src/main/studio/store/migrations/index.ts';
import { insertProject } from '../../../src/main/studio/store/projects.ts';
import { insertRunRecord, rewindRunRecords } from '../../../src/main/studio/store/run-records.ts';
import { insertRun, deleteRunRow } from '../../../src/main/studio/store/runs.ts';
import { openStore, type Store } from '../../../src/main/studio/store/store.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loam-digests-'));
  file = join(folder, 'loam.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const moment = '2026-01-02T03:04:05.000Z';

/** A store with a dataset and a run of some steps, without its project's files. */
function fill(steps = 1100): { readonly store: Store; readonly run: number } {
  const made = openStore(file, { mode: 'create' });
  insertProject(made, { name: 'a', createdAt: moment, loamVersion: '0.1.0' });
  made.close();
  const store = openStore(file, { mode: 'open' });
  store.run(
    store.query
      .insertInto('datasets')
      .values({ id: 1, name: 'records', hash: 'h', createdAt: moment, replacedAt: null }),
  );
  const run = insertRun(store, {
    name: 'first',
    datasetId: 1,
    tokenizerName: 'letters',
    tokenizerHash: 'h',
    tokensHash: 'h',
    parameters: 10,
    configuration: { training: {} } as never,
    provenance: {} as never,
    createdAt: moment,
  });
  store.transaction(() => {
    for (let step = 1; step <= steps; step++) addStep(store, run, step);
  });
  return { store, run };
}

function addStep(store: Store, run: number, step: number): void {
  insertRunRecord(store, run, {
    kind: 'step',
    sequence: step,
    metrics: {
      step,
      loss: 3 / step,
      learningRate: 1e-3,
      gradientNorm: 1,
      tokens: step * 64,
      tokensPerSecond: 1000.5,
      memoryBytes: 1_000_000,
      elapsedSeconds: step / 10,
      remainingSeconds: 1,
    },
  });
}

/** Changes the file as no program of Loam would: no digest follows. */
function behindItsBack(sql: string): void {
  const database = new SqliteDatabase(file);
  database.exec(sql);
  database.close();
}

describe('rows and their digests', () => {
  test('agree whatever is inserted, changed, written over, deleted or deleted along', () => {
    const { store, run } = fill();
    expect(store.damagedBlocks()).toEqual([]);
    store.run(store.query.updateTable('runs').set({ name: 'other', notes: 'ü€😀' }).where('id', '=', run));
    rewindRunRecords(store, run, 600);
    for (let step = 601; step <= 700; step++) addStep(store, run, step);
    store.run(
      store.query
        .insertInto('checkpoints')
        .values({ runId: run, step: 5, folder: 'f', bytes: 1, loss: null, best: 0, createdAt: moment }),
    );
    store.run(
      store.query
        .insertInto('checkpoints')
        .values({ runId: run, step: 5, folder: 'g', bytes: 1, loss: 1.5, best: 1, createdAt: moment })
        .onConflict((conflict) => conflict.columns(['runId', 'step']).doUpdateSet({ folder: 'g' })),
    );
    expect(store.damagedBlocks()).toEqual([]);
    expect(store.digestOfRun('metrics', run).rows).toBe(700);
    deleteRunRow(store, run);
    expect(store.damagedBlocks()).toEqual([]);
    expect(store.digestOfRun('metrics', run)).toMatchObject({ rows: 0, digest: '0'.repeat(32) });
    store.close();
  });

  test.each([
    ['a letter of a name', "UPDATE datasets SET name = 'recordr'", { table: 'datasets', block: '1' }],
    [
      'a bit of a loss',
      'UPDATE metrics SET loss = loss + 1e-16 WHERE step = 600',
      { table: 'metrics', block: '1/1' },
    ],
    [
      'a number that is none now',
      'UPDATE metrics SET loss = NULL WHERE step = 3',
      { table: 'metrics', block: '1/0' },
    ],
    ['a row that is gone', 'DELETE FROM metrics WHERE step = 1100', { table: 'metrics', block: '1/2' }],
    ['a row that has another key', 'UPDATE runs SET id = 9 WHERE id = 1', { table: 'runs', block: '9' }],
    ['a digest', "UPDATE digests SET rows = 4 WHERE tableName = 'project'", { table: 'project', block: '1' }],
  ])('part when the file changes by %s', (_, sql, damaged) => {
    const { store } = fill();
    store.close();
    behindItsBack(`PRAGMA foreign_keys = OFF; ${sql}`);
    const again = openStore(file, { mode: 'open' });
    expect(again.damagedBlocks()).toContainEqual(damaged);
    again.close();
  });

  test('are looked at a row at a time where one matters', () => {
    const { store, run } = fill(1);
    expect(store.damagedBlocks({ tables: ['runs'], rows: { column: 'id', values: [run] } })).toEqual([]);
    store.close();
    behindItsBack('UPDATE runs SET parameters = 11');
    const again = openStore(file, { mode: 'open' });
    const found = again.damagedBlocks({ tables: ['runs'], rows: { column: 'id', values: [run] } });
    expect(found).toEqual([{ table: 'runs', block: String(run) }]);
    expect(again.damagedBlocks({ tables: ['datasets'] })).toEqual([]);
    again.close();
  });

  test('are made for a store of an earlier version, and anew for a table that gets a column', () => {
    const made = openStore(file, { mode: 'create', migrations: migrations.slice(0, 10) });
    insertProject(made, { name: 'a', createdAt: moment, loamVersion: '0.1.0' });
    expect(made.damagedBlocks()).toEqual([]);
    made.close();
    const migrated = openStore(file, { mode: 'open' });
    expect(migrated.damagedBlocks()).toEqual([]);
    migrated.run(
      migrated.query
        .insertInto('datasets')
        .values({ id: 1, name: 'records', hash: 'h', createdAt: moment, replacedAt: null }),
    );
    migrated.close();
    const colour = {
      version: migrations.length + 1,
      summary: 'a column and a table',
      up: (database: SqliteDatabase.Database) =>
        database.exec(
          "ALTER TABLE project ADD COLUMN colour TEXT DEFAULT 'red'; CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT); UPDATE datasets SET name = 'renamed'; DROP TABLE tokenCounts",
        ),
    };
    const widened = openStore(file, { mode: 'open', migrations: [...migrations, colour] });
    expect(widened.damagedBlocks()).toEqual([]);
    widened.close();
    behindItsBack("UPDATE project SET colour = 'rad'");
    const again = openStore(file, { mode: 'open', migrations: [...migrations, colour] });
    expect(again.damagedBlocks()).toEqual([{ table: 'project', block: '1' }]);
    again.close();
  });
});

describe('a store that has become older', () => {
  test('without its write-ahead log says how many changes it lacks, once, and keeps that', () => {
    const { store, run } = fill(5);
    store.close();
    const writer = openStore(file, { mode: 'open' });
    // A copy of the files at this moment is what a killed process leaves, but for the log.
    const before = join(folder, 'before.sqlite');
    addStep(writer, run, 6);
    copyFileSync(file, before);
    for (let step = 7; step <= 9; step++) addStep(writer, run, step);
    const mark = join(folder, 'mark');
    copyFileSync(changeMarkFile(file), mark);
    writer.close();
    copyFileSync(before, file);
    for (const suffix of ['-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
    copyFileSync(mark, changeMarkFile(file));

    const older = openStore(file, { mode: 'open' });
    expect(older.lostChanges).toBe(4);
    expect(older.damagedBlocks()).toEqual([]);
    expect(older.all(older.query.selectFrom('storeLosses').select('changes'))).toEqual([{ changes: 4 }]);
    older.close();
    const again = openStore(file, { mode: 'open' });
    expect(again.lostChanges).toBe(0);
    again.close();
  });

  test('is not suspected after a process that was killed, nor where the mark is gone, damaged or behind', () => {
    const { store } = fill(5);
    store.close();
    const mark = changeMarkFile(file);
    const behind = join(folder, 'behind');
    copyFileSync(mark, behind);
    const writer = openStore(file, { mode: 'open' });
    addStep(writer, 1, 6);
    writer.close();
    for (const change of [
      () => copyFileSync(behind, mark),
      () => rmSync(mark),
      () => writeFileSync(mark, 'a letter, not a mark'),
      () => writeFileSync(mark, ''),
    ]) {
      change();
      const opened = openStore(file, { mode: 'open' });
      expect(opened.lostChanges).toBe(0);
      opened.close();
    }
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
  });
});
