import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient, ORPCError } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { forkLauncher } from '../../../../src/main/studio/processes/launcher.ts';
import { createProject } from '../../../../src/main/studio/projects/projects.ts';
import { router } from '../../../../src/main/studio/api/router.ts';
import { createStudio, type Studio } from '../../../../src/main/studio/studio.ts';
import { receiveUpload } from '../../../../src/main/studio/uploads/uploads.ts';
import { projectHeader } from '../../../../src/shared/rpc.ts';

/** Rows of a table in which every seventh is a copy and every tenth is German. */
const rows = Array.from({ length: 1000 }, (_, row) => {
  const number = row % 7 === 6 ? row - 1 : row;
  return number % 10 === 0
    ? `${row},"Der Kessel Nummer ${number} wurde gestern abgeschaltet.",de`
    : `${row},"The boiler number ${number} was switched off yesterday.",en`;
});

const sqliteShell = 'sqlite3';

let folder: string;
let studio: Studio;
let project: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-datasets-'));
  vi.stubEnv('LOAM_HOME', join(folder, 'home'));
  project = join(folder, 'project');
  await createProject(project);
  studio = createStudio({ launcher: forkLauncher });
  await writeFile(join(folder, 'rows.csv'), `id,body,category\n${rows.join('\n')}\n`);
  await ended((await client().datasets.import({ name: 'rows', paths: [join(folder, 'rows.csv')] })).job);
}, 60_000);
afterAll(async () => {
  await studio.close();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

function client() {
  return createRouterClient(router, {
    context: { studio, reqHeaders: new Headers({ [projectHeader]: encodeURIComponent(project) }) },
  });
}

async function ended(job: number) {
  await vi.waitFor(async () => expect((await client().jobs.show({ id: job })).status).not.toBe('running'), {
    timeout: 30_000,
    interval: 50,
  });
  return client().jobs.show({ id: job });
}

async function refusalOf(promise: Promise<unknown>): Promise<unknown> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof ORPCError && error.code === 'ACCOUNT' ? (error.data as unknown) : error;
}

const sort = { by: 'position', descending: false } as const;

describe('The documents of a dataset', () => {
  test('are counted when it has been imported', async () => {
    const [listed] = await client().datasets.list();
    expect(listed).toMatchObject({ name: 'rows', documents: 1000, steps: 0, files: 1 });
    expect(listed?.characters).toBe(rows.reduce((sum, row) => sum + (row.split('"')[1] ?? '').length, 0));
    expect(await client().datasets.prepare({ name: 'rows' })).toEqual({ job: null });
  });

  test('come in windows of what fits a query', async () => {
    const { documents } = client().datasets;
    const page = await documents({ name: 'rows', query: { sort }, offset: 500, limit: 3 });
    expect(page).toMatchObject({ total: 1000, documents: 1000 });
    expect(page.rows.map(({ id, place, label }) => [id, place, label])).toEqual([
      [500, 501, 'de'],
      [501, 502, 'en'],
      [502, 503, 'en'],
    ]);
    const found = await documents({ name: 'rows', query: { search: 'KESSEL', sort }, offset: 0, limit: 500 });
    expect(found.total).toBe(rows.filter((row) => row.includes('Kessel')).length);
  });

  test('agree with what the sqlite3 shell reads in the index (skipped where there is none)', async (context) => {
    const [file = ''] = await readdir(join(project, 'documents'));
    const shell = (sql: string): string => {
      try {
        return execFileSync(sqliteShell, ['-readonly', join(project, 'documents', file), sql], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        }).trim();
      } catch {
        return context.skip('The sqlite3 shell is not installed.');
      }
    };
    const { before } = await client().datasets.statistics({ name: 'rows' });
    expect(shell('SELECT count(*), sum(length(text)) FROM pieces')).toBe(
      `${before.documents}|${before.characters}`,
    );
    expect(shell('SELECT count(*) - count(DISTINCT text) FROM pieces')).toBe(String(before.duplicates));
    expect(shell("SELECT count(*) FROM pieces WHERE text LIKE '%kessel%'")).toBe(
      String(
        (
          await client().datasets.documents({
            name: 'rows',
            query: { search: 'Kessel', sort },
            offset: 0,
            limit: 0,
          })
        ).total,
      ),
    );
    expect(shell('PRAGMA integrity_check')).toBe('ok');
  });

  test('are shown one by one, with the fields of their records', async () => {
    const { rows: shown } = await client().datasets.documents({
      name: 'rows',
      query: { flags: ['duplicate'], sort },
      offset: 0,
      limit: 1,
    });
    const [copy] = shown;
    expect(copy).toMatchObject({ id: 6, flags: ['duplicate'] });
    const details = await client().datasets.document({ name: 'rows', key: copy?.key ?? '' });
    expect(details).toMatchObject({
      text: 'The boiler number 5 was switched off yesterday.',
      shortened: false,
      fields: [
        { name: 'id', value: '6', role: 'ignored' },
        { name: 'body', value: 'The boiler number 5 was switched off yesterday.', role: 'text' },
        { name: 'category', value: 'en', role: 'label' },
      ],
    });
    const original = await client().datasets.document({ name: 'rows', key: details.duplicateOf ?? '' });
    expect(original.id).toBe(5);
    expect(
      await refusalOf(client().datasets.document({ name: 'rows', key: 'ffffffffffffffff' })),
    ).toMatchObject({
      kind: 'input',
      what: expect.stringMatching(/no such document/),
    });
  });
});

describe('The recipe of a dataset', () => {
  test('is tried, changed, told step by step, and refused from a version that is no more', async () => {
    const { version } = await client().datasets.recipe({ name: 'rows' });
    const tried = await client().datasets.tryStep({ name: 'rows', step: { kind: 'excludeDuplicates' } });
    const { before } = await client().datasets.statistics({ name: 'rows' });
    expect(tried.effect).toMatchObject({ before: 1000, after: 1000 - before.duplicates });
    expect(tried.examples[0]).toMatchObject({ id: 6, state: 'excluded', excludedBy: 0 });
    const change = { kind: 'add', step: { kind: 'excludeDuplicates' } } as const;
    const changed = await client().datasets.changeRecipe({ name: 'rows', version, change });
    expect(await refusalOf(client().datasets.changeRecipe({ name: 'rows', version, change }))).toMatchObject({
      kind: 'input',
      what: expect.stringMatching(/another window/),
    });
    const recipe = await client().datasets.recipe({ name: 'rows' });
    expect(recipe).toMatchObject({ version: changed.version, canUndo: true, canRedo: false });
    expect(recipe.steps).toMatchObject([{ before: 1000, after: 1000 - before.duplicates }]);
    const { after } = await client().datasets.statistics({ name: 'rows' });
    expect(after).toMatchObject({ documents: 1000 - before.duplicates, duplicates: 0 });
    const [listed] = await client().datasets.list();
    expect(listed).toMatchObject({ documents: 1000 - before.duplicates, steps: 1 });
    const undone = await client().datasets.changeRecipe({
      name: 'rows',
      version: changed.version,
      change: { kind: 'undo' },
    });
    expect(undone.version).toBe(version);
  });

  test('that maps columns has the documents read anew, by a job', async () => {
    const { version } = await client().datasets.recipe({ name: 'rows' });
    const step = { kind: 'mapColumns', columns: { id: 'text', body: 'text' } } as const;
    const { examples } = await client().datasets.tryStep({ name: 'rows', step });
    expect(examples[0]?.preview).toBe('0 Der Kessel Nummer 0 wurde gestern abgeschaltet.');
    const changed = await client().datasets.changeRecipe({
      name: 'rows',
      version,
      change: { kind: 'add', step },
    });
    const { job } = await client().datasets.prepare({ name: 'rows' });
    expect((await ended(job ?? 0)).status).toBe('completed');
    const { rows: shown } = await client().datasets.documents({
      name: 'rows',
      query: { sort },
      offset: 0,
      limit: 1,
    });
    expect(shown[0]?.preview).toBe('0 Der Kessel Nummer 0 wurde gestern abgeschaltet.');
    await client().datasets.changeRecipe({
      name: 'rows',
      version: changed.version,
      change: { kind: 'undo' },
    });
  });
});

test('Uploads are imported under their names and are gone then; one that is refused stays', async () => {
  const upload = (name: string, text: string) =>
    receiveUpload(studio.project(project).project, {
      name,
      size: undefined,
      content: (async function* () {
        yield Buffer.from(text);
      })(),
    });
  const good = await upload('notes/a.txt', 'a note');
  const bad = await upload('b.jsonl', '{"text": "x"}\n{"te');
  const inspected = await client().datasets.inspect({ uploads: [good.id, bad.id] });
  expect(inspected.files.map(({ name, problems }) => [name, problems.length])).toEqual([
    ['notes/a.txt', 0],
    ['b.jsonl', 1],
  ]);
  const refused = await ended(
    (await client().datasets.import({ name: 'sent', uploads: [good.id, bad.id] })).job,
  );
  expect(refused).toMatchObject({
    status: 'failed',
    error: { where: expect.stringContaining('b.jsonl, line 2') },
  });
  const taken = await ended(
    (await client().datasets.import({ name: 'sent', uploads: [good.id, bad.id], leaveOutBadRecords: true }))
      .job,
  );
  expect(taken).toMatchObject({
    status: 'completed',
    notices: [expect.stringMatching(/1 record was left out/)],
  });
  expect((await client().datasets.show({ name: 'sent' })).sources.map(({ name }) => name)).toEqual([
    'notes/a.txt',
    'b.jsonl',
  ]);
  expect(await readdir(join(project, 'uploads'))).toEqual([]);

  // A file that cannot be read gives the dataset no name, and is told in the outcome although it was not sent along.
  const empty = await upload('empty.txt', '');
  const rest = await upload('rest.txt', 'some text');
  const mixed = await client().datasets.inspect({ uploads: [empty.id, rest.id] });
  expect(mixed.suggestedName).toBe('rest');
  const { job } = await client().datasets.import({
    name: 'rest',
    uploads: [rest.id],
    leftOut: mixed.files
      .filter(({ problems }) => problems.length > 0)
      .map(({ name, problems }) => ({ name, reason: problems[0]?.account.what ?? '' })),
  });
  expect(await ended(job)).toMatchObject({
    status: 'completed',
    notices: [expect.stringMatching(/^empty\.txt was left out: .+/)],
  });
  await client().datasets.discardUploads({ uploads: [empty.id] });
});

test('The bundled sample is imported by its name, and an import that cannot be is refused before its job', async () => {
  const { suggestedName, exampleText } = await client().datasets.inspect({ sample: 'questions' });
  expect([suggestedName, exampleText]).toEqual(['questions', expect.stringMatching(/^### Instruction:/)]);
  const { job } = await client().datasets.import({ name: 'questions', sample: 'questions' });
  expect((await ended(job)).status).toBe('completed');
  expect((await client().datasets.show({ name: 'questions' })).documents).toBeGreaterThan(100);
  expect(await refusalOf(client().datasets.import({ name: 'questions', sample: 'questions' }))).toMatchObject(
    {
      what: expect.stringMatching(/this name already/),
    },
  );
  expect(await refusalOf(client().datasets.import({ name: 'nothing' }))).toMatchObject({
    what: expect.stringMatching(/no files/),
  });
});
