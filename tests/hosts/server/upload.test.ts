import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { errorAccountSchema, projectHeader } from '../../../src/shared/rpc.ts';
import { uploadSchema } from '../../../src/shared/uploads/upload.ts';
import { parseUploadName } from '../../../src/main/studio/uploads/upload-names.ts';
import {
  findUpload,
  keepRemovingForgottenUploads,
  receiveUpload,
  removeForgottenUploads,
  removeUpload,
} from '../../../src/main/studio/uploads/uploads.ts';
import { ask, startServing, type AskOptions, type Serving } from './serving.ts';

/** For what takes a moment, on a machine that does much else. */
const patience = { timeout: 15_000 };

const limit = 3 * 2 ** 20;
let serving: Serving;
beforeAll(async () => {
  serving = await startServing({ uploadLimit: limit });
});
afterAll(() => serving.stop());

const headers = (name: string) => ({
  host: serving.host,
  origin: `http://${serving.host}`,
  cookie: serving.cookie,
  [projectHeader]: encodeURIComponent(serving.project),
  'x-file-name': encodeURIComponent(name),
});
const send = (name: string, body: string | Uint8Array, options: AskOptions = {}) =>
  ask(serving.server.port, '/upload', { method: 'POST', body, headers: headers(name), ...options });
const uploads = () => readdir(join(serving.project, 'uploads')).catch(() => []);

describe('A file that a page uploads', () => {
  test('waits in the project under an id, with the folders that it was dropped with', async () => {
    const name = 'Berichte/2024 (Mai)/übersicht.txt';
    const answer = await send(name, 'the text of the file');
    expect(answer.status).toBe(200);
    const { id } = uploadSchema.parse(JSON.parse(answer.body));
    const { project } = serving.studio.project(serving.project);
    const file = await findUpload(project, id);
    expect(file.name).toBe(name);
    expect(file.path).toBe(join(serving.project, 'uploads', id, ...name.split('/')));
    expect(await readFile(file.path, 'utf8')).toBe('the text of the file');
    await removeUpload(project, id);
    await expect(findUpload(project, id)).rejects.toThrow(/no longer there/);
  });

  test.each(['../escape.txt', '/etc/escape', 'a/../../escape.txt', 'a//b', '', '.', 'a/./b', 'nul\0.txt'])(
    'is refused when its name %j is a path to another place',
    async (name) => {
      const before = await uploads();
      const answer = await send(name, 'text');
      expect(answer.status).toBe(422);
      expect(errorAccountSchema.parse(JSON.parse(answer.body)).kind).toBe('input');
      expect(await uploads()).toEqual(before);
      expect(existsSync(join(serving.project, 'escape.txt'))).toBe(false);
    },
  );

  test('is refused in words when it is said to be larger than the limit', async () => {
    const before = await uploads();
    const answer = await send('large.txt', new Uint8Array(limit + 1));
    expect(answer.status).toBe(422);
    expect(errorAccountSchema.parse(JSON.parse(answer.body)).what).toContain('larger than 3 MB');
    expect(await uploads()).toEqual(before);
  });

  test('is refused when it turns out to be larger than the limit, and nothing of it stays', async () => {
    const before = await uploads();
    const answer = await send('large.txt', new Uint8Array(limit + 1), {
      headers: { ...headers('large.txt'), 'transfer-encoding': 'chunked' },
    });
    expect(answer.status).toBe(422);
    expect(JSON.parse(answer.body)).toMatchObject({ kind: 'input', where: 'large.txt' });
    expect(await uploads()).toEqual(before);
  });

  test('leaves nothing behind when the page goes away in the middle', async () => {
    const before = await uploads();
    const sending = request({
      port: serving.server.port,
      path: '/upload',
      method: 'POST',
      headers: { ...headers('broken.txt'), 'content-length': 1_000_000 },
    });
    sending.on('error', () => undefined);
    sending.write(new Uint8Array(500_000));
    await expect.poll(uploads, patience).toHaveLength(before.length + 1);
    sending.destroy();
    await expect.poll(uploads, patience).toEqual(before);
  });

  test('is refused without a project, for a folder that is none, and with a damaged name', async () => {
    const { [projectHeader]: _, ...without } = headers('a.txt');
    for (const [given, what] of [
      [without, 'No project is open.'],
      [{ ...without, [projectHeader]: encodeURIComponent(serving.folder) }, 'There is no Loam project here.'],
      [
        { ...headers('a.txt'), 'x-file-name': '%E0%A4%A' },
        'The name of the file or project arrived damaged.',
      ],
    ] as const) {
      const answer = await send('a.txt', 'text', { headers: given });
      expect(answer.status).toBe(422);
      expect(JSON.parse(answer.body)).toMatchObject({ what });
    }
  });

  test('is refused from another page, without the secret, and by another address', async () => {
    const own = headers('a.txt');
    const before = await uploads();
    const foreign = await send('a.txt', 'x', { headers: { ...own, origin: 'http://evil.example' } });
    const { origin: _, ...withoutOrigin } = own;
    const silent = await send('a.txt', 'x', { headers: withoutOrigin });
    const unknown = await send('a.txt', 'x', { headers: { ...own, cookie: 'loam-session=wrong' } });
    const rebound = await send('a.txt', 'x', {
      headers: { ...own, host: 'evil.example', origin: 'http://evil.example' },
    });
    expect([foreign, silent, unknown, rebound].map(({ status }) => status)).toEqual([403, 403, 401, 403]);
    expect(await uploads()).toEqual(before);
  });
});

test('An upload is refused when the disk would not keep room for the store', async () => {
  const { project } = serving.studio.project(serving.project);
  const receive = (size: number | undefined, bytes: number) =>
    receiveUpload(project, {
      name: 'big.txt',
      size,
      content: (async function* () {
        yield new Uint8Array(bytes);
      })(),
      freeSpace: async () => 256 * 2 ** 20 + 1000,
    });
  await expect(receive(5000, 5000)).rejects.toThrow(/no room for this file of 1 MB/);
  await expect(receive(undefined, 5000)).rejects.toThrow(/no room for this file\./);
  await expect(receive(1000, 900)).rejects.toThrow(/did not arrive whole/);
  const { id } = await receive(1000, 1000);
  await removeUpload(project, id);
});

test('Uploads under way leave room for one another, and for what else fills the disk', async () => {
  const { project } = serving.studio.project(serving.project);
  const kept = 256 * 2 ** 20;
  let free = kept + 10_000;
  const receive = (size: number | undefined, bytes: number, until?: Promise<void>) =>
    receiveUpload(project, {
      name: 'big.txt',
      size,
      content: (async function* () {
        yield new Uint8Array(1);
        await until;
        yield new Uint8Array(bytes - 1);
      })(),
      freeSpace: async () => free,
    });
  const go = Promise.withResolvers<void>();
  const first = receive(6000, 6000, go.promise);
  await expect(receive(6000, 6000)).rejects.toThrow(/no room for this file/);
  await expect(receive(undefined, 6000)).rejects.toThrow(/no room for this file/);
  const fits = await receive(3000, 3000);
  go.resolve();
  const done = await first;
  // What ended has given its promise back.
  const again = await receive(6000, 6000);
  const filled = Promise.withResolvers<void>();
  const piece = 64 * 2 ** 20;
  free = kept + 2 * piece;
  const large = receiveUpload(project, {
    name: 'big.txt',
    size: 2 * piece,
    content: (async function* () {
      yield new Uint8Array(piece);
      await filled.promise;
      yield new Uint8Array(piece);
    })(),
    freeSpace: async () => free,
  });
  free = kept;
  filled.resolve();
  await expect(large).rejects.toThrow(/no room for this file/);
  for (const { id } of [fits, done, again]) await removeUpload(project, id);
});

test('Uploads that were forgotten are removed while the project stays open', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const { project } = serving.studio.project(serving.project);
  const stop = keepRemovingForgottenUploads(project);
  try {
    const old = join(serving.project, 'uploads', '8f14e45f-ceea-467f-a9a5-1c2d3e4f5a6b');
    await mkdir(old, { recursive: true });
    const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000);
    await utimes(old, yesterday, yesterday);
    vi.advanceTimersByTime(60 * 60 * 1000);
    await expect.poll(() => existsSync(old), patience).toBe(false);
    stop();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test('A file is taken no faster than the disk writes it', async () => {
  const { project } = serving.studio.project(serving.project);
  const piece = 2 ** 20;
  const before = new Set(await uploads());
  let given = 0;
  let largestLead = 0;
  const source = (async function* () {
    for (let i = 0; i < 60; i += 1) {
      const [id] = (await uploads()).filter((name) => !before.has(name));
      const written = id === undefined ? 0 : await sizeOf(join(serving.project, 'uploads', id, 'slow.txt'));
      largestLead = Math.max(largestLead, given - written);
      given += piece;
      yield new Uint8Array(piece);
    }
  })();
  const { id } = await receiveUpload(project, { name: 'slow.txt', size: 60 * piece, content: source });
  await removeUpload(project, id);
  expect(largestLead).toBeLessThanOrEqual(4 * piece);
});

const sizeOf = (file: string) =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  );

test('Uploads that were forgotten for a day are removed, later ones stay', async () => {
  const { project } = serving.studio.project(serving.project);
  const folder = join(serving.project, 'uploads');
  await mkdir(join(folder, 'c9f0f895-fb98-4ab9-a2e5-3d4e5f6a7b8c'), { recursive: true });
  await writeFile(join(folder, 'c9f0f895-fb98-4ab9-a2e5-3d4e5f6a7b8c', 'a.txt'), 'a');
  const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000);
  await utimes(join(folder, 'c9f0f895-fb98-4ab9-a2e5-3d4e5f6a7b8c'), yesterday, yesterday);
  const { id } = uploadSchema.parse(JSON.parse((await send('new.txt', 'b')).body));
  await removeForgottenUploads(project);
  expect(existsSync(join(folder, 'c9f0f895-fb98-4ab9-a2e5-3d4e5f6a7b8c'))).toBe(false);
  expect((await stat(join(folder, id, 'new.txt'))).size).toBe(1);
});

test('Names that only Windows cannot store are refused there alone', () => {
  for (const name of ['a:b.txt', 'CON.txt', 'what?.txt', 'trailing.', 'a\\..\\b'])
    expect(() => parseUploadName(name, 'win32')).toThrow();
  expect(parseUploadName('a\\b.txt', 'win32')).toEqual(['a', 'b.txt']);
  expect(parseUploadName('a:b?.txt', 'linux')).toEqual(['a:b?.txt']);
  expect(() => parseUploadName('ä'.repeat(200), 'linux')).toThrow(/too long/);
});
