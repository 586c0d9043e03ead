import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openChangeMark } from '../../../src/main/studio/store/change-mark.ts';
import { migrations } from '../../../src/main/studio/store/migrations/index.ts';
import { openForReading } from '../../../src/main/studio/store/open-for-reading.ts';
import { insertProject } from '../../../src/main/studio/store/projects.ts';
import { openStore } from '../../../src/main/studio/store/store.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loam-store-'));
  file = join(folder, 'loam.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const project = { name: 'a', createdAt: '2026-01-02T03:04:05.000Z', loamVersion: '0.1.0' };

/** A store as a killed process leaves it: what was written last stands in its write-ahead log alone. */
function layKilledStore(): string {
  const store = openStore(file, { mode: 'create' });
  insertProject(store, project);
  const killed = join(folder, 'killed');
  mkdirSync(killed);
  for (const name of ['loam.sqlite', 'loam.sqlite-wal']) cpSync(join(folder, name), join(killed, name));
  store.close();
  return join(killed, 'loam.sqlite');
}

const contentOf = (place: string): readonly (readonly [string, string])[] =>
  readdirSync(place).map((name) => [name, readFileSync(join(place, name), 'base64')]);

test('a store is read with what stands in its write-ahead log alone, and nothing beside it changes', () => {
  const killed = layKilledStore();
  const before = contentOf(join(folder, 'killed'));
  const database = openForReading(killed, 100);
  expect(database.prepare('SELECT name FROM project').pluck().get()).toBe('a');
  database.close();
  expect(contentOf(join(folder, 'killed'))).toEqual(before);
});

test('a store that another process has open is read with what that one writes', () => {
  const writer = openStore(file, { mode: 'create' });
  insertProject(writer, project);
  const database = openForReading(file, 100);
  const name = database.prepare('SELECT name FROM project').pluck();
  expect(name.get()).toBe('a');
  writer.run(writer.query.updateTable('project').set({ name: 'b' }));
  expect(name.get()).toBe('b');
  database.close();
  writer.close();
});

test.runIf(process.getuid?.() === 0 && process.platform === 'linux')(
  'a store that takes changes again says what it had lost by then',
  () => {
    rmSync(folder, { recursive: true });
    folder = mkdtempSync('/tmp/loam-store-');
    file = join(folder, 'loam.sqlite');
    const store = openStore(file, { mode: 'create' });
    insertProject(store, project);
    store.close();
    const mark = openChangeMark(file);
    mark.write(1000);
    mark.close();
    const script = `
      process.seteuid(65534);
      const { openStore } = await import(${JSON.stringify(import.meta.resolve('../../../src/main/studio/store/store.ts'))});
      const store = openStore(${JSON.stringify(file)}, { mode: 'open' });
      const before = store.readingOnly() !== undefined && store.lostChanges;
      process.seteuid(0);
      store.run(store.query.updateTable('project').set({ name: 'b' }));
      console.log(JSON.stringify([before, store.lostChanges > 900]));`;
    spawnSync('chmod', ['-R', 'a+rX', folder]);
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect(stderr).not.toContain('Error');
    expect(JSON.parse(stdout)).toEqual([0, true]);
  },
);

/** Runs a test's script as somebody who may write nothing of root's. */
const isRoot = process.getuid?.() === 0;

test.runIf(isRoot && process.platform === 'linux')(
  'in a folder of somebody else a store of any version is read, and every change is refused by one sentence',
  () => {
    // Where tests usually keep their files only their owner comes to.
    rmSync(folder, { recursive: true });
    folder = mkdtempSync('/tmp/loam-store-');
    file = join(folder, 'loam.sqlite');
    const older = openStore(file, { mode: 'create', migrations: migrations.slice(0, -1) });
    insertProject(older, project);
    older.close();
    rmSync(`${file}-mark`, { force: true });
    const before = contentOf(folder);
    const script = `
      process.setuid(65534);
      const { openStore } = await import(${JSON.stringify(import.meta.resolve('../../../src/main/studio/store/store.ts'))});
      const store = openStore(${JSON.stringify(file)}, { mode: 'open' });
      const name = store.first(store.query.selectFrom('project').select('name')).name;
      const refused = [];
      for (const write of [
        () => store.run(store.query.updateTable('project').set({ name: 'b' })),
        () => store.transaction(() => store.run(store.query.updateTable('project').set({ name: 'b' }))),
        () => store.requireWritable(),
      ])
        try { write(); } catch (error) { refused.push(error.message); }
      const read = store.transaction(() => store.first(store.query.selectFrom('project').select('name')).name);
      console.log(JSON.stringify({ name, read, refused: [...new Set(refused)], count: refused.length }));`;
    rmSync(join(folder, 'killed'), { recursive: true, force: true });
    // Everybody may read it.
    spawnSync('chmod', ['-R', 'a+rX', folder]);
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      cwd: fileURLToPath(new URL('../../..', import.meta.url)),
    });
    expect(stderr).not.toContain('Error');
    expect(JSON.parse(stdout)).toEqual({
      name: 'a',
      read: 'a',
      refused: [expect.stringMatching(/open for reading only.*copy the project/)],
      count: 3,
    });
    expect(contentOf(folder)).toEqual(before);
  },
);
