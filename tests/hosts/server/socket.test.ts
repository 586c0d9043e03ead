import { readFile } from 'node:fs/promises';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { serveSocket } from '../../../src/main/hosts/server/socket.ts';
import type { Studio } from '../../../src/main/studio/studio.ts';
import type { contract } from '../../../src/shared/contract.ts';
import { projectHeader } from '../../../src/shared/rpc.ts';
import { startServing, type Serving } from './serving.ts';

/** For what takes a moment, on a machine that does much else. */
const patience = { timeout: 15_000 };

let serving: Serving;
beforeAll(async () => {
  serving = await startServing();
});
afterAll(() => serving.stop());

interface SocketOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
}

function open({ headers = {}, path = '/rpc' }: SocketOptions = {}): WebSocket {
  const socket = new WebSocket(`ws://${serving.host}${path}`, {
    headers: { origin: `http://${serving.host}`, cookie: serving.cookie, ...headers },
  });
  socket.on('error', () => undefined);
  return socket;
}

async function connect(): Promise<WebSocket> {
  const socket = open();
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('unexpected-response', (_request, { statusCode }) => reject(new Error(`HTTP ${statusCode}`)));
  });
  return socket;
}

const clientOf = (socket: WebSocket, project = serving.project): ContractRouterClient<typeof contract> =>
  createORPCClient(
    new RPCLink({
      websocket: socket as unknown as globalThis.WebSocket,
      headers: { [projectHeader]: encodeURIComponent(project) },
    }),
  );

const closing = (socket: WebSocket) =>
  new Promise<number>((resolve) => void socket.once('close', (code) => resolve(code)));

const answers = async (socket: WebSocket) => {
  expect((await clientOf(socket).hardware.show()).cores).toBeGreaterThan(0);
};

describe('A socket is refused', () => {
  test.each([
    ['without the secret', { headers: { cookie: '' } }, 401],
    ['with a wrong secret', { headers: { cookie: 'loam-session=wrong' } }, 401],
    ['from another site’s page', { headers: { origin: 'http://evil.example' } }, 403],
    ['from a page of a file', { headers: { origin: 'null' } }, 403],
    ['by a foreign address', { headers: { host: 'evil.example', origin: 'http://evil.example' } }, 403],
    ['elsewhere than where it is', { path: '/other' }, 404],
  ])('%s', async (_how, options, status) => {
    const socket = open(options);
    const refused = await new Promise<number | undefined>((resolve) => {
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode));
      socket.once('open', () => resolve(undefined));
    });
    expect(refused).toBe(status);
  });
});

describe('What is no call ends the connection and harms nobody else', () => {
  test.each([
    ['no JSON', 'hello'],
    ['half a message', '{"i":"1","p":{"u":"/runs/list"'],
    ['a list', '[]'],
    ['nothing', ''],
    ['an address elsewhere', '{"i":"1","p":{"u":"http://elsewhere/"}}'],
    ['another method', '{"i":"1","p":{"u":"/runs/list","m":"GET"}}'],
    ['a stream to the studio', '{"i":"1","t":3,"p":{"e":"message","d":1}}'],
    ['a deep nest', '['.repeat(100_000)],
  ])('%s', async (_what, message) => {
    const [bad, good] = [await connect(), await connect()];
    const code = closing(bad);
    bad.send(message);
    expect(await code).toBe(1007);
    await answers(good);
    good.close();
  });

  test('bytes that are no text', async () => {
    const socket = await connect();
    const code = closing(socket);
    socket.send(new Uint8Array([1, 2, 3]));
    expect(await code).toBe(1003);
  });

  test('a message beyond the size limit', async () => {
    const socket = await connect();
    const code = closing(socket);
    socket.send(JSON.stringify({ i: '1', p: { u: '/runs/list', b: 'x'.repeat(5 * 2 ** 20) } }));
    expect(await code).toBe(1009);
  });
});

describe('A call that cannot be answered is refused with a reason', () => {
  test('an unknown procedure', async () => {
    const socket = await connect();
    const nothing = clientOf(socket) as unknown as { nothing: { here: () => Promise<unknown> } };
    await expect(nothing.nothing.here()).rejects.toMatchObject({ status: 404 });
    await answers(socket);
    socket.close();
  });

  test('an input that its schema refuses: in words, with its place', async () => {
    const socket = await connect();
    const call = clientOf(socket).datasets.show({ name: 7 as unknown as string });
    await expect(call).rejects.toMatchObject({
      code: 'ACCOUNT',
      data: { kind: 'misuse', where: 'name', what: 'It must be text.' },
    });
    socket.close();
  });

  test.each([
    ['no serialized input', 'text'],
    ['a meta that leads into the prototype', { json: {}, meta: [[1, '__proto__', 'polluted']] }],
    ['a meta of another shape', { json: {}, meta: 'x' }],
  ])('%s', async (_what, body) => {
    const socket = await connect();
    const reply = new Promise<{ readonly p: { readonly s?: number } }>((resolve) => {
      socket.once('message', (data: Buffer) => resolve(JSON.parse(data.toString('utf8'))));
    });
    socket.send(JSON.stringify({ i: '1', p: { u: '/datasets/show', b: body } }));
    expect((await reply).p.s).toBeGreaterThanOrEqual(400);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    await answers(socket);
    socket.close();
  });

  test('one without a project, and one for a folder that is none', async () => {
    const socket = await connect();
    const without: ContractRouterClient<typeof contract> = createORPCClient(
      new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }),
    );
    await expect(without.datasets.list()).rejects.toMatchObject({
      code: 'ACCOUNT',
      data: { what: 'No project is open.' },
    });
    await expect(clientOf(await connect(), serving.folder).datasets.list()).rejects.toMatchObject({
      code: 'ACCOUNT',
      data: { what: 'There is no Loam project here.' },
    });
  });

  test('a defect: without its details, which go to the log with their cause', async () => {
    const { project } = serving.studio.project(serving.project);
    const socket = await connect();
    const failing = vi.spyOn(project.store, 'all').mockImplementation(() => {
      throw new TypeError('a defect of the program');
    });
    await expect(clientOf(socket).datasets.list()).rejects.toMatchObject({
      code: 'INTERNAL_SERVER_ERROR',
      message: expect.not.stringContaining('a defect of the program'),
    });
    failing.mockRestore();
    const lines = (await readFile(project.log.file, 'utf8')).trim().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      level: 'error',
      message: 'a defect of the program',
      procedure: 'datasets.list',
      stack: expect.stringContaining('socket.test.ts'),
    });
    socket.close();
  });
});

/** A socket of its own, served with another studio than that of the other tests. */
async function connectTo(studio: Studio) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const arriving = new Promise<WebSocket>((resolve) => void server.once('connection', resolve));
  await new Promise((resolve) => void server.once('listening', resolve));
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const connection = await arriving;
  if (socket.readyState !== WebSocket.OPEN) await new Promise((resolve) => void socket.once('open', resolve));
  serveSocket(connection, { studio });
  return { socket, connection, server };
}

describe('A page that is careless does not make the server’s memory grow', () => {
  test('by streams: beyond a number they are refused', async () => {
    const socket = await connect();
    const client = clientOf(socket);
    const stop = new AbortController();
    const streams = await Promise.allSettled(
      Array.from({ length: 210 }, () => client.changes.watch(undefined, { signal: stop.signal })),
    );
    const refused = streams.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(10);
    expect(refused[0]).toMatchObject({ reason: { code: 'TOO_MANY_REQUESTS' } });
    stop.abort();
    await expect
      .poll(
        () =>
          client.hardware.show().then(
            () => 'answered',
            () => 'refused',
          ),
        patience,
      )
      .toBe('answered');
    socket.close();
  });

  test('by reading nothing: its calls wait until it reads', async () => {
    const answerSize = 50_000;
    const { socket, connection, server } = await connectTo({
      ...serving.studio,
      startProject: 'x'.repeat(answerSize),
    });
    const answered = new Set<string>();
    socket.on('message', (data: Buffer) => {
      answered.add((JSON.parse(data.toString('utf8')) as { readonly i: string }).i);
    });
    socket.pause();
    const asked = 2000;
    let mostWaiting = 0;
    for (let i = 0; i < asked; i += 1) {
      socket.send(JSON.stringify({ i: String(i), p: { u: '/projects/places' } }));
      if (i % 100 === 0) await wait(1);
      mostWaiting = Math.max(mostWaiting, connection.bufferedAmount);
    }
    const { _socket: raw } = connection as unknown as { readonly _socket: Socket };
    // Also what the system took: what may be unread, and the answers of the calls that were worked on at that moment.
    expect(raw.bytesWritten + mostWaiting).toBeGreaterThan(2 ** 18);
    expect(raw.bytesWritten + mostWaiting).toBeLessThan(2 ** 18 + 17 * (answerSize + 200));
    expect(answered.size).toBe(0);
    socket.resume();
    await expect.poll(() => answered.size, { timeout: 40_000 }).toBe(asked);
    socket.terminate();
    server.close();
  });

  test('by long calls: one of them is worked on at a time', async () => {
    let underWay = 0;
    let most = 0;
    const finish: (() => void)[] = [];
    const alone = async (): Promise<never> => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise<void>((resolve) => void finish.push(resolve));
      underWay -= 1;
      throw new Error('done');
    };
    const { socket, server } = await connectTo({
      ...serving.studio,
      engines: { ...serving.studio.engines, alone },
    });
    const answered = new Set<string>();
    socket.on('message', (data: Buffer) => {
      answered.add((JSON.parse(data.toString('utf8')) as { readonly i: string }).i);
    });
    for (let i = 0; i < 5; i += 1)
      socket.send(
        JSON.stringify({ i: String(i), p: { u: '/engines/remove', h: { x: 'x'.repeat(100_000) } } }),
      );
    for (let i = 0; i < 5; i += 1) {
      await expect.poll(() => finish.length, patience).toBe(i + 1);
      finish[i]?.();
    }
    await expect.poll(() => answered.size, patience).toBe(5);
    expect(most).toBe(1);
    socket.terminate();
    server.close();
  });
});

test('What follows a message that was refused is not heard', async () => {
  const socket = await connect();
  const { project } = serving.studio.project(serving.project);
  const asked = vi.spyOn(project.store, 'all');
  const code = closing(socket);
  const header = { [projectHeader]: encodeURIComponent(serving.project) };
  socket.send('no message');
  socket.send(JSON.stringify({ i: '1', p: { u: '/datasets/list', h: header } }));
  expect(await code).toBe(1007);
  expect(asked).not.toHaveBeenCalled();
  asked.mockRestore();
});

test('A call that is given up before its turn never comes', async () => {
  const socket = await connect();
  const { project } = serving.studio.project(serving.project);
  const asked = vi.spyOn(project.store, 'all');
  const header = { [projectHeader]: encodeURIComponent(serving.project) };
  // In one packet: else the call may have had its turn before the other message comes.
  const { _socket: raw } = socket as unknown as { readonly _socket: Socket };
  raw.cork();
  socket.send(JSON.stringify({ i: '1', p: { u: '/datasets/list', h: header } }));
  socket.send(JSON.stringify({ i: '1', t: 4 }));
  raw.uncork();
  await answers(socket);
  expect(asked).not.toHaveBeenCalled();
  asked.mockRestore();
  socket.close();
});

test('A page that goes away ends its subscriptions', async () => {
  const socket = await connect();
  const stream = await clientOf(socket).changes.watch();
  await stream.next();
  socket.terminate();
  await expect(stream.next()).rejects.toThrow();
  await answers(await connect());
});

test('The log of a project stands beside its data', () => {
  expect(serving.studio.project(serving.project).project.log.file).toBe(
    join(serving.project, 'logs', 'loam.jsonl'),
  );
});
