import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { trustProject } from '../../../src/main/studio/projects/known-projects.ts';
import { createProject, openProject } from '../../../src/main/studio/projects/projects.ts';
import { rememberProject } from '../../../src/main/studio/projects/recent-projects.ts';
import { migrations } from '../../../src/main/studio/store/migrations/index.ts';
import { insertProject } from '../../../src/main/studio/store/projects.ts';
import { openStore } from '../../../src/main/studio/store/store.ts';
import { LoamError } from '../../../src/shared/errors.ts';

let folder: string;
let mine: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-known-'));
  vi.stubEnv('LOAM_HOME', join(folder, 'home'));
  mine = join(folder, 'mine');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

function refusalOf(open: () => unknown): LoamError {
  try {
    open();
  } catch (error) {
    if (error instanceof LoamError) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}

/** Opens a project and closes it. */
const visit = (place: string): void => openProject(place).close();

/** A project that somebody else made, as it lies there after it was unpacked. */
async function receive(name: string): Promise<string> {
  vi.stubEnv('LOAM_HOME', join(folder, 'home of somebody else'));
  await createProject(join(folder, name));
  vi.stubEnv('LOAM_HOME', join(folder, 'home'));
  return join(folder, name);
}

/** Puts a store in a project's place that a Loam from before identities made. */
async function makeOlder(place: string): Promise<void> {
  const file = join(place, 'loam.sqlite');
  await rm(file);
  const identities = migrations.findIndex(({ summary }) => summary.includes('identity'));
  const store = openStore(file, { mode: 'create', migrations: migrations.slice(0, identities) });
  insertProject(store, { name: 'older', createdAt: '2026-01-01T00:00:00.000Z', loamVersion: '0.1.0' });
  store.close();
  // As it is carried: one file, with no log beside it.
  const database = new SqliteDatabase(file);
  database.pragma('journal_mode = DELETE');
  database.close();
}

/** Every file of a folder with its bytes. */
async function contentsOf(place: string): Promise<Record<string, string>> {
  const entries = (await readdir(place, { recursive: true, withFileTypes: true })).filter((each) =>
    each.isFile(),
  );
  const texts = entries.map(async (each) => {
    const path = join(each.parentPath, each.name);
    return [path, await readFile(path, 'base64')] as const;
  });
  return Object.fromEntries(await Promise.all(texts));
}

it('a project that one made opens, again and over a link to it', async () => {
  await createProject(mine);
  visit(mine);
  await symlink(mine, join(folder, 'short'), 'junction');
  visit(join(folder, 'short'));
});

it('a project from elsewhere is asked about, and until then not a byte of it changes', async () => {
  const received = await receive('received');
  // An older store would be brought up to date, and old leftovers cleared away.
  await makeOlder(received);
  const upload = join(received, 'uploads', '8f14e45f-ceea-467f-a9a5-1c2d3e4f5a6b');
  await mkdir(upload, { recursive: true });
  await writeFile(join(upload, 'letter.txt'), 'dear');
  const before = await contentsOf(received);
  const refusal = refusalOf(() => openProject(received));
  expect(refusal.action).toEqual({ do: 'trustProject', folder: received });
  expect(refusal.message).toMatch(/not made here.*Nothing of it was changed or run/);
  expect(await contentsOf(received)).toEqual(before);
  await trustProject(received);
  visit(received);
  visit(received);
});

it('a copy and a moved project are asked about once', async () => {
  await createProject(mine);
  await cp(mine, join(folder, 'copy'), { recursive: true });
  await rename(mine, join(folder, 'moved'));
  for (const place of ['copy', 'moved']) {
    expect(refusalOf(() => openProject(join(folder, place))).action?.do).toBe('trustProject');
    await trustProject(join(folder, place));
    visit(join(folder, place));
  }
});

it('another project in the place of a known one is asked about, older than identities or not', async () => {
  await createProject(mine);
  visit(mine);
  const received = await receive('received');
  await cp(join(received, 'loam.sqlite'), join(mine, 'loam.sqlite'));
  expect(refusalOf(() => openProject(mine)).what).toContain('has taken the place');
  await makeOlder(mine);
  expect(refusalOf(() => openProject(mine)).what).toContain('has taken the place');
});

it('a backup from before identities that is put back is the same project', async () => {
  await createProject(mine);
  await makeOlder(mine);
  await trustProject(mine);
  await cp(join(mine, 'loam.sqlite'), join(folder, 'backup.sqlite'));
  visit(mine);
  await cp(join(folder, 'backup.sqlite'), join(mine, 'loam.sqlite'));
  visit(mine);
});

it('projects on the list of recent ones from before stay known, and only those', async () => {
  const older = await receive('older');
  const other = await receive('other');
  await rememberProject({
    folder: older,
    name: 'older',
    createdAt: '2026-01-01T00:00:00.000Z',
    loamVersion: '0.1.0',
  });
  visit(older);
  expect(refusalOf(() => openProject(other)).action?.do).toBe('trustProject');
  // The list of recent projects is asked once: what comes onto it later has been agreed to, or was made here.
  await rememberProject({
    folder: other,
    name: 'other',
    createdAt: '2026-01-01T00:00:00.000Z',
    loamVersion: '0.1.0',
  });
  expect(refusalOf(() => openProject(other)).action?.do).toBe('trustProject');
});

it('they stay known when a new project is made first', async () => {
  const older = await receive('older');
  await rememberProject({
    folder: older,
    name: 'older',
    createdAt: '2026-01-01T00:00:00.000Z',
    loamVersion: '0.1.0',
  });
  await createProject(mine);
  visit(older);
});

it('a project with a link anywhere in what it keeps is not agreed to', async () => {
  const received = await receive('received');
  await mkdir(join(folder, 'victim'));
  await mkdir(join(received, 'runs', 'first'), { recursive: true });
  await symlink(join(folder, 'victim'), join(received, 'runs', 'first', 'checkpoints'), 'junction');
  await expect(trustProject(received)).rejects.toThrow('a link');
  expect(refusalOf(() => openProject(received)).action?.do).toBe('trustProject');
});
