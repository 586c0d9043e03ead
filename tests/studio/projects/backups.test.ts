import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { backUpIfDue } from '../../../src/main/studio/projects/keep-backups.ts';
import { openProject } from '../../../src/main/studio/projects/projects.ts';
import { restoreStore } from '../../../src/main/studio/projects/restore-store.ts';
import { acquireLock } from '../../../src/main/studio/processes/process-lock.ts';
import { listBackups, superfluousBackups, type Backup } from '../../../src/main/studio/store/backup.ts';
import { readProject } from '../../../src/main/studio/store/projects.ts';
import { openStore } from '../../../src/main/studio/store/store.ts';
import { openProjectPlace, type ProjectPlace } from '../project-place.ts';

let place: ProjectPlace;
let now: Date;
beforeEach(async () => {
  place = await openProjectPlace();
  now = new Date();
});
afterEach(() => place.remove());

const atNow = () => ({ ...place.project, clock: () => now });
const rename = (name: string): void => {
  const { store } = place.project;
  store.run(store.query.updateTable('project').set({ name }));
};
const later = (hours: number): void => {
  now = new Date(now.getTime() + hours * 3_600_000);
  // As if it had been changed then.
  utimesSync(place.project.store.file, now, now);
};

test('a store is backed up once a day while it changes, and a few backups are kept', async () => {
  const first = await backUpIfDue(atNow());
  expect(first).toContain(join('project', 'backups', 'loam-version-'));
  later(20);
  expect(await backUpIfDue(atNow())).toBeUndefined();
  for (let day = 0; day < 6; day++) {
    later(25);
    expect(await backUpIfDue(atNow())).toContain(join('project', 'backups', 'loam-version-'));
  }
  expect(listBackups(place.project.store.file)).toHaveLength(3);
  now = new Date(now.getTime() + 72 * 3_600_000);
  expect(await backUpIfDue(atNow()), 'nothing has changed since').toBeUndefined();
});

test('the newest backup of older versions is kept besides', () => {
  const backup = (version: number, day: number): Backup => ({
    file: `${version}-${day}`,
    version,
    madeAt: new Date(Date.UTC(2026, 0, day)),
  });
  const backups = [
    backup(9, 9),
    backup(9, 8),
    backup(9, 7),
    backup(9, 6),
    backup(8, 5),
    backup(8, 4),
    backup(7, 3),
    backup(6, 2),
  ];
  expect(superfluousBackups(backups).map(({ file }) => file)).toEqual(['9-6', '8-4', '6-2']);
});

test('a backup comes to an end while another process writes all the time', async () => {
  const { store } = place.project;
  store.transaction(() => {
    for (let row = 0; row < 400; row++)
      store.run(
        store.query
          .insertInto('storeLosses')
          .values({ foundAt: '2026-01-02T03:04:05.000Z'.padEnd(4000, ' '), changes: row }),
      );
  });
  const other = openStore(store.file, { mode: 'open' });
  let writes = 0;
  const write = (): void => {
    other.run(other.query.updateTable('project').set({ name: `name ${writes}` }));
    writes += 1;
    // Without an end to it, the backup below would begin anew for ever.
    if (writes < 500) writing = setImmediate(write);
  };
  let writing = setImmediate(write);
  await store.backUp(now);
  clearImmediate(writing);
  expect(writes).toBeLessThan(500);
  other.close();
});

describe('restoring a store', () => {
  const damage = (): void => {
    const { file } = place.project.store;
    place.project.close();
    const bytes = readFileSync(file);
    bytes.fill(0x5a, 4096);
    writeFileSync(file, bytes);
  };

  test('puts the newest whole backup in its place, as the error of the damaged one says, and keeps what was there', async () => {
    rename('one');
    await backUpIfDue(atNow());
    later(25);
    rename('two');
    const broken = await backUpIfDue(atNow());
    truncateSync(broken!, 5000);
    const { folder, store } = place.project;
    damage();
    expect(() => openProject(folder)).toThrow(/damaged.*backup/s);
    // A log of the damaged store that stayed beside the backup would be applied to it.
    writeFileSync(`${store.file}-wal`, 'a log');
    const restored = await restoreStore(folder, now);
    expect(restored.backup).toBe(listBackups(store.file)[1]?.file);
    const project = openProject(folder);
    expect(readProject(project.store).name).toBe('one');
    project.close();
    expect(readdirSync(restored.earlier!)).toEqual(
      expect.arrayContaining(['loam.sqlite', 'loam.sqlite-wal']),
    );
  });

  test('nothing of the earlier store stays behind: what was written since is not told as a loss', async () => {
    await backUpIfDue(atNow());
    rename('since');
    const { folder } = place.project;
    damage();
    const { earlier } = await restoreStore(folder, now);
    expect(readdirSync(earlier!)).toContain('loam.sqlite-mark');
    const project = openProject(folder);
    expect(project.store.lostChanges).toBe(0);
    project.close();
  });

  test.each([
    ['is gone', rmSync],
    ['is empty', (file: string) => truncateSync(file)],
  ])('a known project whose store %s is no other project', async (_, lose) => {
    rename('kept');
    await backUpIfDue(atNow());
    const { folder, store } = place.project;
    place.project.close();
    lose(store.file);
    expect(() => openProject(folder)).toThrow(/no Loam project here|file is empty.*backup/s);
    await restoreStore(folder, now);
    const project = openProject(folder);
    expect(readProject(project.store).name).toBe('kept');
    project.close();
  });

  test('a project from elsewhere is asked about before its backup is taken', async () => {
    await backUpIfDue(atNow());
    const copy = `${place.project.folder}-copy`;
    cpSync(place.project.folder, copy, { recursive: true });
    const before = readdirSync(copy);
    await expect(restoreStore(copy, now)).rejects.toMatchObject({ action: { do: 'trustProject' } });
    expect(readdirSync(copy)).toEqual(before);
  });

  test('is refused without a whole backup, and while the project is in use; nothing is moved', async () => {
    const { folder, store } = place.project;
    await expect(restoreStore(folder)).rejects.toThrow('no backup');
    mkdirSync(join(folder, 'locks'), { recursive: true });
    await backUpIfDue(atNow());
    const lock = acquireLock(place.project.paths.runLock('a'), 'training');
    await expect(restoreStore(folder)).rejects.toThrow(`in use by process ${process.pid}`);
    lock?.release();
    expect(readdirSync(folder)).toContain('loam.sqlite');
    expect(store.readingOnly()).toBeUndefined();
  });
});
