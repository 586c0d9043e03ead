import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, readFile, readdir, statfs, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePlace, startLoam, tinyModel, type Ended, type Place } from './loam.ts';

let place: Place;
beforeAll(async () => {
  place = await makePlace();
  await place.call('init', place.project);
  await place.call('dataset', 'import', 'records', place.text, '--project', place.project);
  const trained = await place.call(
    'train',
    '--dataset',
    'records',
    ...tinyModel,
    '--steps',
    '40',
    '--name',
    'model',
    '--project',
    place.project,
  );
  expect(trained).toMatchObject({ code: 0 });
});
afterAll(() => place.remove());

const inProject = (...words: string[]): Promise<Ended> => place.call(...words, '--project', place.project);

/** One paragraph on standard error, without a stack, and nothing on standard output. */
function expectParagraph({ stdout, stderr, code }: Ended, exitCode: number, words: string | RegExp): void {
  expect(stderr).toMatch(words);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).not.toMatch(/\bat .*\.ts:\d+/);
  expect(stdout).toBe('');
  expect(code).toBe(exitCode);
}

describe('misuse is told with the nearest word that exists, with exit code 2', () => {
  test.each([
    ['dataset', ['train', '--dataset', 'record', '--preset', 'nano'], 'Did you mean records?'],
    [
      'tokenizer',
      ['train', '--dataset', 'records', '--tokenizer', 'records-chr', '--preset', 'nano'],
      'Did you mean records-char?',
    ],
    ['preset', ['train', '--dataset', 'records', '--preset', 'nono'], 'Did you mean nano?'],
    [
      'key',
      ['train', '--dataset', 'records', '--preset', 'nano', '--set', 'model.head=4'],
      'Did you mean model.heads?',
    ],
    ['run', ['resume', 'modle'], 'Did you mean model?'],
    ['checkpoint', ['generate', 'model@7', '--prompt', 'x'], 'There are: '],
    [
      'heads that do not divide the width',
      ['train', '--dataset', 'records', '--preset', 'nano', '--set', 'model.heads=3'],
      'The nearest that do: 2 and 4.',
    ],
    ['neither preset nor file', ['train', '--dataset', 'records'], '--preset NAME'],
    [
      'a group where a setting is meant',
      ['train', '--dataset', 'records', '--preset', 'nano', '--set', 'tokenizer=char'],
      'In it are: tokenizer.kind',
    ],
    [
      'a value of the wrong kind',
      ['train', '--dataset', 'records', '--preset', 'nano', '--set', 'training.steps=many'],
      'It must be a number.',
    ],
    [
      'more threads than cores',
      ['train', '--dataset', 'records', '--preset', 'nano', '--threads', '4096'],
      'Take at most',
    ],
    ['one run to compare', ['runs', 'compare', 'model'], 'loam runs compare nano-1 nano-2'],
    ['setting', ['settings', 'freeCore=1'], 'Did you mean freeCores?'],
  ])('%s', async (_, words, remedy) => {
    expectParagraph(await inProject(...words), 2, remedy);
  });

  test.each([
    ['an unknown command', ['trian'], 'Did you mean train?'],
    ['an unknown option', ['train', '--datset', 'x'], '--dataset'],
    ['a missing option', ['generate', 'model'], '--prompt'],
    [
      'a value that is no number',
      ['generate', 'model', '--prompt', 'x', '--max-tokens', 'many'],
      'whole number',
    ],
    ['a seed beyond 32 bits', ['generate', 'model', '--prompt', 'x', '--seed', '99999999999'], '4294967295'],
    [
      'a penalty of nothing',
      ['generate', 'model', '--prompt', 'x', '--repetition-penalty', '0'],
      'more than 0',
    ],
    ['a missing word of an inner command', ['dataset', 'import'], '(loam dataset import --help says more)'],
  ])('%s', async (_, words, said) => {
    const ended = await inProject(...words);
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(said) });
  });

  test('a folder without a project', async () => {
    expectParagraph(
      await place.call('runs', 'list', '--project', join(place.folder, 'nowhere')),
      2,
      'loam init',
    );
  });
});

describe('bad input is told with its place, with exit code 1, and nothing that is there is lost', () => {
  test('an empty file, a binary file, and a file that is not there', async () => {
    const empty = join(place.folder, 'empty.txt');
    const binary = join(place.folder, 'binary.txt');
    await writeFile(empty, '');
    await writeFile(
      binary,
      Uint8Array.from({ length: 1000 }, (_, index) => (index * 37) % 256),
    );
    expectParagraph(await inProject('dataset', 'import', 'a', empty), 1, 'empty.txt');
    expectParagraph(await inProject('dataset', 'import', 'a', binary), 1, 'binary.txt');
    expectParagraph(
      await inProject('dataset', 'import', 'a', join(place.folder, 'gone.txt')),
      1,
      'no such file',
    );
  });

  test('a text shorter than the context', async () => {
    const short = join(place.folder, 'short.txt');
    await writeFile(short, 'Only a few words are here.');
    await inProject('dataset', 'import', 'short', short);
    const ended = await inProject(
      'train',
      '--dataset',
      'short',
      ...tinyModel,
      '--set',
      'model.contextLength=64',
      '--quiet',
    );
    expectParagraph(ended, 1, /model\.contextLength: .* tokens.*shorter context/);
  });

  test('a configuration file with a mistake, and one with an unknown key', async () => {
    const file = join(place.folder, 'model.json');
    await writeFile(file, '{\n  // the model\n  "model": { "layers": 2 "heads": 2 }\n}');
    expectParagraph(
      await inProject('train', '--dataset', 'records', '--config', file),
      1,
      /model\.json, line 3, column \d+/,
    );
    await writeFile(file, '[]');
    expectParagraph(
      await inProject('train', '--dataset', 'records', '--config', file),
      2,
      'A configuration is an object',
    );
    await writeFile(file, '{ "model": { "layer": 2 } }');
    expectParagraph(
      await inProject('train', '--dataset', 'records', '--config', file),
      2,
      'Did you mean model.layers?',
    );
    expectParagraph(
      await inProject('train', '--dataset', 'records', '--config', `${file}x`),
      1,
      'cannot be read',
    );
  });

  test('a name that is taken: dataset, tokenizer, run and project', async () => {
    const other = join(place.folder, 'other.txt');
    await writeFile(other, 'Another text.\n');
    expectParagraph(await inProject('dataset', 'import', 'records', other), 1, '--replace');
    const again = await inProject('dataset', 'import', 'records', place.text);
    expect(again, 'the same files under the same name are there already').toMatchObject({ code: 0 });
    expectParagraph(
      await inProject('tokenizer', 'train', 'records-char', '--dataset', 'records', '--kind', 'char'),
      1,
      'already',
    );
    expectParagraph(
      await inProject('train', '--dataset', 'records', ...tinyModel, '--name', 'model'),
      1,
      'loam resume model',
    );
    expectParagraph(await place.call('init', place.project), 1, 'already');
    expectParagraph(await place.call('init', place.text), 1, 'a file may stand where a folder is meant');
  });

  test('a truncated checkpoint, a folder that is no model, and a run that has finished', async () => {
    const copy = join(place.folder, 'copy');
    expect((await inProject('export', 'model', '--format', 'safetensors', '--out', copy)).code).toBe(0);
    await truncate(join(copy, 'model.safetensors'), 1000);
    expectParagraph(await inProject('generate', copy, '--prompt', 'x'), 1, 'model.safetensors');
    expectParagraph(await inProject('generate', place.folder, '--prompt', 'x'), 1, 'config.json');
    expectParagraph(await inProject('resume', 'model'), 1, 'It has finished');
  });

  test('a project of a newer version', async () => {
    const newer = join(place.folder, 'newer');
    await place.call('init', newer);
    const file = join(newer, 'loam.sqlite');
    const database = new SqliteDatabase(file);
    database.pragma('user_version = 999');
    database.close();
    const before = await readFile(file);
    expectParagraph(await place.call('runs', 'list', '--project', newer), 1, 'newer Loam');
    expect(await readFile(file)).toEqual(before);
  });
});

const isRoot = process.getuid?.() === 0;

describe('a folder that cannot be written', () => {
  test('a read-only folder is told before anything is done', async () => {
    const locked = join(place.folder, 'locked');
    await mkdir(locked);
    await chmod(place.folder, 0o755);
    await chmod(locked, 0o555);
    // Nothing is read-only to root, so the command runs as somebody else there.
    const start = (...words: string[]): Promise<Ended> =>
      startLoam(words, { cwd: '/', home: join(locked, 'home'), ...(isRoot ? { uid: 65534 } : {}) }).ended;
    expectParagraph(await start('init', join(locked, 'project')), 1, /locked.*not permitted/);
    expect(await readdir(locked)).toEqual([]);
  });
});

const asRoot = (command: string, ...words: string[]): void =>
  void execFileSync(command, words, { stdio: 'ignore' });

describe('a disk that is read-only', () => {
  test('is told as such by a command that makes a folder or changes a project, and a project on it is read (skipped where a small disk cannot be mounted: root on Linux only)', async (context) => {
    const disk = join(place.folder, 'read-only-disk');
    await mkdir(disk);
    if (!mountSmallDisk(disk, '2m')) context.skip('Only root can mount a small disk.');
    try {
      await place.call('init', join(disk, 'project'));
      asRoot('mount', '-o', 'remount,ro', disk);
      expectParagraph(await place.call('init', join(disk, 'other')), 1, /other.*read-only/);
      expectParagraph(await place.call('samples', join(disk, 'samples')), 1, /samples.*not permitted here/);
      const onDisk = (...words: string[]): Promise<Ended> =>
        place.call(...words, '--project', join(disk, 'project'));
      const before = await readdir(join(disk, 'project'));
      expect(await onDisk('runs', 'list', '--json')).toMatchObject({ code: 0, stdout: '[]\n', stderr: '' });
      expectParagraph(
        await onDisk('dataset', 'import', 'a', place.text),
        1,
        /open for reading only.*read-only/,
      );
      expect(await readdir(join(disk, 'project'))).toEqual(before);
    } finally {
      asRoot('umount', '-l', disk);
    }
  });
});

/** A tiny file system of its own, where this machine lets a test mount one (Linux, as root). */
function mountSmallDisk(folder: string, size: string): boolean {
  if (process.platform !== 'linux' || !isRoot) return false;
  try {
    asRoot('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder);
    return true;
  } catch {
    return false;
  }
}

describe('a disk that fills up', () => {
  test('training says so, nothing saved is lost, and it goes on when there is room again (skipped where a small disk cannot be mounted: root on Linux only)', async (context) => {
    const disk = join(place.folder, 'disk');
    await mkdir(disk);
    if (!mountSmallDisk(disk, '3m')) context.skip('Only root can mount a small disk.');
    try {
      const project = join(disk, 'project');
      const onDisk = (...words: string[]): Promise<Ended> =>
        startLoam([...words, '--project', project], { cwd: disk, home: join(place.folder, 'home') }).ended;
      expect((await onDisk('init')).code).toBe(0);
      expect((await onDisk('dataset', 'import', 'records', place.text)).code).toBe(0);
      const full = await onDisk(
        'train',
        '--dataset',
        'records',
        ...tinyModel,
        '--set',
        'training.keepCheckpoints=1000',
        '--set',
        'training.checkpointInterval=1',
        '--steps',
        '60',
        '--name',
        'a',
        '--quiet',
      );
      expectParagraph(full, 1, /(disk|space).*loam resume a/i);
      const database = new SqliteDatabase(join(project, 'loam.sqlite'), { readonly: true });
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
      database.close();
      asRoot('mount', '-o', 'remount,size=64m', disk);
      expect(await onDisk('runs', 'list', '--json')).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/"status":"(failed|interrupted)"/),
      });
      expect(await onDisk('resume', 'a', '--quiet')).toMatchObject({ code: 0, stderr: '' });
    } finally {
      asRoot('umount', '-l', disk);
    }
  });

  test('a project on it is read, and deleting a run makes the room in which it is written (skipped where a small disk cannot be mounted: root on Linux only)', async (context) => {
    const disk = join(place.folder, 'brimful-disk');
    await mkdir(disk);
    if (!mountSmallDisk(disk, '8m')) context.skip('Only root can mount a small disk.');
    try {
      const project = join(disk, 'project');
      await cp(place.project, project, { recursive: true });
      expect((await place.call('project', 'trust', project)).code).toBe(0);
      const onDisk = (...words: string[]): Promise<Ended> => place.call(...words, '--project', project);
      const { bavail, bsize } = await statfs(disk);
      await writeFile(join(disk, 'filling'), new Uint8Array(bavail * bsize));
      expect(JSON.parse((await onDisk('runs', 'list', '--json')).stdout)).toMatchObject([{ name: 'model' }]);
      const written = await onDisk('generate', 'model', '--prompt', 'The', '--max-tokens', '3');
      expect(written).toMatchObject({ code: 0 });
      expectParagraph(
        await onDisk('dataset', 'import', 'more', place.text),
        1,
        /open for reading only: its disk is full.*loam runs delete/,
      );
      expect((await onDisk('runs', 'delete', 'model', '--yes')).code).toBe(0);
      expect(await onDisk('runs', 'list', '--json')).toMatchObject({ code: 0, stdout: '[]\n' });
      expect((await onDisk('dataset', 'import', 'more', place.text)).code).toBe(0);
    } finally {
      asRoot('umount', '-l', disk);
    }
  });

  test('importing says so, and keeps what was there (skipped where a small disk cannot be mounted: root on Linux only)', async (context) => {
    const disk = join(place.folder, 'import-disk');
    await mkdir(disk);
    if (!mountSmallDisk(disk, '1m')) context.skip('Only root can mount a small disk.');
    try {
      const project = join(disk, 'project');
      const onDisk = (...words: string[]): Promise<Ended> =>
        startLoam([...words, '--project', project], { cwd: disk, home: join(place.folder, 'home') }).ended;
      await onDisk('init');
      expect((await onDisk('dataset', 'import', 'small', place.text)).code).toBe(0);
      const large = join(place.folder, 'large.txt');
      await writeFile(large, 'A long text. '.repeat(200_000));
      expectParagraph(await onDisk('dataset', 'import', 'large', large), 1, /disk|space/i);
      expect((await readdir(join(project, 'sources'))).filter((name) => name.startsWith('.'))).toEqual([]);
      expect(JSON.parse((await onDisk('dataset', 'list', '--json')).stdout)).toMatchObject([
        { name: 'small' },
      ]);
    } finally {
      asRoot('umount', '-l', disk);
    }
  });
});
