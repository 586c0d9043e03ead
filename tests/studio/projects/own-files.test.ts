import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { removeOwned } from '../../../src/main/llm/files/owned-files.ts';
import { deleteDataset, importDataset } from '../../../src/main/studio/datasets/datasets.ts';
import { forkLauncher } from '../../../src/main/studio/processes/launcher.ts';
import { ownFilesOf, reservedFolders } from '../../../src/main/studio/projects/own-files.ts';
import { removeLeftoversOfProject } from '../../../src/main/studio/projects/project-leftovers.ts';
import { createProject, openProject } from '../../../src/main/studio/projects/projects.ts';
import { createStudio } from '../../../src/main/studio/studio.ts';
import { trainProjectTokenizer } from '../../../src/main/studio/tokenizers/tokenizers.ts';
import { removeForgottenUploads } from '../../../src/main/studio/uploads/uploads.ts';

let folder: string;
let project: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-own-'));
  vi.stubEnv('LOAM_HOME', join(folder, 'home'));
  project = join(folder, 'project');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const configuration = { kind: 'char', vocabularySize: 1024, minimumFrequency: 2 } as const;
const longAgo = new Date('2020-01-01');

describe('a new project', () => {
  it.each([...reservedFolders, 'loam.sqlite-wal'])(
    'is not made over something of one’s own called %s',
    async (name) => {
      if (name.startsWith('loam')) {
        await mkdir(project);
        await writeFile(join(project, name), 'mine');
      } else {
        await mkdir(join(project, name), { recursive: true });
        await writeFile(join(project, name, 'mine.txt'), 'mine');
      }
      await expect(createProject(project)).rejects.toThrow(`“${name}”`);
      expect(await readdir(project)).toEqual([name]);
    },
  );

  it('names all that is in the way, files and links too', async () => {
    await mkdir(join(project, 'uploads', 'holiday'), { recursive: true });
    await writeFile(join(project, 'runs'), 'a list of runs in the park');
    await symlink(folder, join(project, 'models'), 'junction');
    await expect(createProject(project)).rejects.toThrow('“models”, “runs” and “uploads”');
  });

  it('is made beside other things, and where its folders are empty', async () => {
    await mkdir(join(project, 'sources'), { recursive: true });
    await writeFile(join(project, 'notes.txt'), 'mine');
    await createProject(project);
    openProject(project).close();
  });
});

it('what a killed process left unfinished in a project goes once it is old, and what is young stays', async () => {
  await createProject(project);
  const [old, young] = ['.first.partial-0123456789ab', '.second.partial-ba9876543210'];
  for (const name of [old, young]) await mkdir(join(project, 'runs', name), { recursive: true });
  await utimes(join(project, 'runs', old), longAgo, longAgo);
  const opened = openProject(project);
  await removeLeftoversOfProject(opened);
  opened.close();
  expect(await readdir(join(project, 'runs'))).toEqual([young]);
});

it('one’s own files in a project’s folders outlive everything that Loam does there', async () => {
  await createProject(project);
  const own = [
    'sources/interview.txt',
    'staging/scene/plan.txt',
    'uploads/holiday/beach.jpg',
    'documents/catalogue.sqlite',
    'documents/thesis.partial-final',
    'tokenizers/words/notes.txt',
    'tokens/of the game/dice.txt',
    'locks/door.txt',
    'backups/photos.zip',
    'logs/captain.txt',
  ];
  for (const name of own) {
    await mkdir(join(project, name, '..'), { recursive: true });
    await writeFile(join(project, name), 'mine');
    await utimes(join(project, name), longAgo, longAgo);
    await utimes(join(project, name, '..'), longAgo, longAgo);
  }
  const text = join(folder, 'text.txt');
  await writeFile(text, 'The pump was inspected on Monday. '.repeat(200));
  const opened = openProject(project);
  await importDataset(opened, { name: 'records', paths: [text], withIndex: true });
  await expect(
    trainProjectTokenizer(opened, { name: 'words', dataset: 'records', configuration }),
  ).rejects.toThrow('which Loam did not make');
  await trainProjectTokenizer(opened, {
    name: 'letters',
    dataset: 'records',
    configuration,
  });
  await importDataset(opened, { name: 'records', paths: [text], replace: true });
  await removeForgottenUploads(opened);
  opened.close();
  const studio = createStudio({ launcher: forkLauncher });
  studio.project(project);
  await studio.close();
  const again = openProject(project);
  await deleteDataset(again, 'records').catch(() => undefined);
  again.close();
  for (const name of own) expect(await readFile(join(project, name), 'utf8')).toBe('mine');
});

describe('a project with links', () => {
  it.each([...reservedFolders])('is not opened when %s is one', async (name) => {
    await createProject(project);
    const victim = join(folder, 'victim', '8f14e45f-ceea-467f-a9a5-1c2d3e4f5a6b');
    await mkdir(victim, { recursive: true });
    await utimes(victim, longAgo, longAgo);
    await symlink(join(folder, 'victim'), join(project, name), 'junction');
    expect(() => openProject(project)).toThrow('a link');
    expect(existsSync(victim)).toBe(true);
  });

  it('does not write through what SQLite would open beside the store', async () => {
    if (process.platform === 'win32') return;
    await createProject(project);
    await writeFile(join(folder, 'letter.txt'), 'dear');
    await rm(join(project, 'loam.sqlite-shm'), { force: true });
    await symlink(join(folder, 'letter.txt'), join(project, 'loam.sqlite-shm'));
    expect(() => openProject(project)).toThrow('a link');
    expect(await readFile(join(folder, 'letter.txt'), 'utf8')).toBe('dear');
  });

  it('loses nothing behind one that comes while it is open', async () => {
    await createProject(project);
    const opened = openProject(project);
    const id = '8f14e45f-ceea-467f-a9a5-1c2d3e4f5a6b';
    await mkdir(join(folder, 'victim', id), { recursive: true });
    await utimes(join(folder, 'victim', id), longAgo, longAgo);
    await symlink(join(folder, 'victim'), join(project, 'uploads'), 'junction');
    await removeForgottenUploads(opened);
    await expect(removeOwned(opened.ownFiles, join(project, 'uploads', id))).rejects.toThrow('a link');
    expect(existsSync(join(folder, 'victim', id))).toBe(true);
    opened.close();
  });
});

describe('what stands in a store', () => {
  const changes = [
    [
      'a hash that leads outside',
      `INSERT INTO sources VALUES ('../../victim' || substr('${'0'.repeat(64)}', 13), 1, 'utf-8', '')`,
    ],
    [
      'a tokenizer’s name',
      `INSERT INTO tokenizers VALUES (1, '../../victim', 'bpe', 1, 'x', NULL, '{}', '')`,
    ],
    [
      'a model’s name',
      `INSERT INTO importedModels (name, origin, bytes, style, parameters, contextLength, vocabularySize, createdAt) VALUES ('..', '/x', 1, 'gpt2', 1, 1, 1, '')`,
    ],
    [
      'a session’s name',
      `INSERT INTO jobs (kind, title, status, session, startedAt, noticesJson) VALUES ('import', '', 'running', '../../victim', '', '[]')`,
    ],
    [
      'a path with a null character',
      `INSERT INTO exports (checkpoint, format, folder, bytes, filesJson, createdAt) VALUES ('x', 'onnx', 'a' || char(0), 1, '[]', '')`,
    ],
  ] as const;
  it.each(changes)('is parsed before anything else: %s', async (_, change) => {
    await createProject(project);
    const database = new SqliteDatabase(join(project, 'loam.sqlite'));
    database.pragma('foreign_keys = OFF');
    database.exec(change);
    database.close();
    expect(() => openProject(project)).toThrow('which Loam never writes there');
  });

  it('is so for where a checkpoint lies', async () => {
    await createProject(project);
    const database = new SqliteDatabase(join(project, 'loam.sqlite'));
    database.pragma('foreign_keys = OFF');
    database
      .prepare(
        `INSERT INTO checkpoints (runId, step, folder, bytes, loss, best, createdAt) VALUES (1, ?, ?, 1, NULL, 0, '')`,
      )
      .run(10, '../../victim');
    database.close();
    expect(() => openProject(project)).toThrow('A checkpoint lies in');
  });
});

it('of a project’s folder only what has a name of Loam’s own form is Loam’s', () => {
  const { owns } = ownFilesOf(project);
  const hash = 'a'.repeat(64);
  const uuid = '8f14e45f-ceea-467f-a9a5-1c2d3e4f5a6b';
  const own = [
    `sources/${hash}`,
    `tokens/${hash}`,
    `documents/${hash}.sqlite`,
    `uploads/${uuid}`,
    `staging/${uuid}/0`,
    'runs/first',
    'runs/first/checkpoints/step-00000010',
    'models/tiny',
    'tokenizers/words',
    'locks/run-first.lock',
    'locks/texts-3',
    'locks/texts-3/x.lock.holder.json',
    'tokens/.x.partial-0123456789ab/index.json',
    'loam.sqlite',
  ];
  for (const path of own) expect([path, owns(path.split('/'))]).toEqual([path, true]);
  const others = [
    'sources',
    'runs',
    'notes.txt',
    'sources/interview.txt',
    `sources/${hash}/x`,
    'uploads/holiday',
    'staging/plan/x',
    'documents/catalogue.sqlite',
    `documents/${hash}`,
    'runs/first/notes.md',
    'runs/first/checkpoints/mine',
    'runs/..',
    'models/-x',
    'exports/.hidden',
    'locks/door',
    `elsewhere/${hash}`,
  ];
  for (const path of others) expect([path, owns(path.split('/'))]).toEqual([path, false]);
});
