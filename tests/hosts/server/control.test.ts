import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  askServer,
  findServers,
  openControlDoor,
  type ControlDoor,
  type ControlRequest,
} from '../../../src/main/hosts/server/control.ts';
import { LoamError } from '../../../src/shared/errors.ts';

let folder: string;
let door: ControlDoor;
let asked: ControlRequest[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-control-'));
  asked = [];
  door = await openControlDoor(folder, 8461, (request) => {
    asked.push(request);
    if (request.do === 'revoke')
      throw new LoamError({ kind: 'input', where: request.id, what: 'There is none.', remedy: 'Look.' });
    return { is: 'revoked', count: 3 };
  });
});
afterEach(async () => {
  await door.close();
  await rm(folder, { recursive: true, force: true });
});

const server = async () => {
  const [found] = await findServers(folder);
  if (found === undefined) throw new Error('There is no server.');
  return found;
};
const knock = async (
  headers: Readonly<Record<string, string>>,
  method = 'POST',
  body = '{"do":"revokeAll"}',
) =>
  (
    await fetch(`http://127.0.0.1:${(await server()).control}/`, {
      method,
      headers,
      ...(method === 'POST' ? { body } : {}),
    })
  ).status;

test('A command finds the server by a note that only its person can read, and is answered or refused in words', async () => {
  const [name = ''] = await readdir(join(folder, 'servers'));
  if (process.platform !== 'win32') {
    expect((await stat(join(folder, 'servers'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, 'servers', name))).mode & 0o777).toBe(0o600);
  }
  expect(await askServer(await server(), { do: 'revokeAll' })).toEqual({ is: 'revoked', count: 3 });
  await expect(askServer(await server(), { do: 'revoke', id: 'x' })).rejects.toThrow(
    'x: There is none. Look.',
  );
});

test('Nobody else is answered: not without the secret, not a page, not what is no request', async () => {
  const authorization = `Bearer ${(await server()).secret}`;
  expect(await knock({})).toBe(403);
  expect(await knock({ authorization: `${authorization.slice(0, -1)}_` })).toBe(403);
  expect(await knock({ authorization, origin: 'http://127.0.0.1:8461' })).toBe(403);
  expect(await knock({ authorization }, 'GET')).toBe(403);
  expect(await knock({ authorization }, 'POST', '{"do":"somethingElse"}')).toBe(400);
  expect(await knock({ authorization }, 'POST', 'x'.repeat(20_000))).toBe(400);
  expect(asked).toEqual([]);
  expect(await knock({ authorization })).toBe(200);
});

test('What a server that was killed left is removed, and no other file', async () => {
  const notes = join(folder, 'servers');
  // No process has this id: the systems' own limits are below.
  const note = { process: 2 ** 30, port: 1, control: 2, secret: 'a' };
  await writeFile(join(notes, '1073741824-1.json'), JSON.stringify(note));
  await writeFile(join(notes, '5-5.json'), 'no note');
  await writeFile(join(notes, 'mine.json'), 'mine');
  expect(await findServers(folder)).toHaveLength(1);
  expect((await readdir(notes)).toSorted()).toEqual([`${process.pid}-8461.json`, 'mine.json'].toSorted());
  expect(await readFile(join(notes, 'mine.json'), 'utf8')).toBe('mine');
});

test('A server that is gone is said to be', async () => {
  const gone = await server();
  await door.close();
  expect(await findServers(folder)).toEqual([]);
  await expect(askServer(gone, { do: 'newLink' })).rejects.toThrow('The studio does not answer.');
});
