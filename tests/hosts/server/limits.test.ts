import { readdir } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { usualLimits } from '../../../src/main/hosts/server/connections.ts';
import { usualUnreadLimits } from '../../../src/main/hosts/server/unread.ts';
import { projectHeader } from '../../../src/shared/rpc.ts';
import { ask, startServing, type Serving } from './serving.ts';

/** For what takes a moment, on a machine that does much else. */
const patience = { timeout: 15_000 };

let serving: Serving;
beforeAll(async () => {
  serving = await startServing({
    connectionLimits: {
      ...usualLimits,
      fromOneAddress: 60,
      headers: 400,
      body: 300,
      idle: 20_000,
      uploadLook: 300,
      uploadProgress: 1000,
    },
    unreadLimits: { ...usualUnreadLimits, asked: 2 ** 20, patience: 300, look: 100 },
  });
});
afterAll(() => serving.stop());

const opened: (Socket | WebSocket)[] = [];
afterEach(async () => {
  const closing = opened.splice(0).map((one) => {
    if (one instanceof WebSocket) one.terminate();
    else one.destroy();
    return ended(one);
  });
  await Promise.all(closing);
});

const ended = (one: Socket | WebSocket): Promise<void> =>
  (one instanceof WebSocket ? one.readyState === WebSocket.CLOSED : one.closed)
    ? Promise.resolve()
    : new Promise((resolve) => void one.once('close', () => resolve()));

/** Says something over a connection of its own, and leaves it open. */
function say(text: string): Socket {
  const socket = connect(serving.server.port, '127.0.0.1', () => socket.write(text));
  // It is read, or its end would not be noticed.
  socket.on('error', () => undefined).resume();
  opened.push(socket);
  return socket;
}

async function openPage(): Promise<WebSocket> {
  const page = new WebSocket(`ws://${serving.host}/rpc`, {
    headers: { origin: `http://${serving.host}`, cookie: serving.cookie },
  });
  opened.push(page);
  page.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    page.once('open', () => resolve());
    page.once('unexpected-response', (_request, { statusCode }) => reject(new Error(`HTTP ${statusCode}`)));
  });
  return page;
}

function raw(page: WebSocket): Socket {
  const { _socket: socket } = page as unknown as { readonly _socket: Socket };
  return socket;
}

const isAnswered = async () =>
  expect((await ask(serving.server.port, '/', { headers: { host: serving.host } })).status).toBe(401);

describe('A connection is closed', () => {
  test.each([
    ['says nothing', ''],
    ['never ends its headers', 'GET / HTTP/1.1\r\nHost: a\r\nX-More: '],
    ['never ends the body of a request', 'POST /session HTTP/1.1\r\nHost: a\r\nContent-Length: 90\r\n\r\nx'],
    ['never ends a chunk', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\nx'],
  ])('when it %s', async (_what, text) => {
    await ended(say(text));
    await isAnswered();
  });

  test('when it trickles its headers', async () => {
    const socket = say('GET / HTTP/1.1\r\n');
    const trickle = setInterval(() => socket.write('X-A: b\r\n'), 50);
    await ended(socket);
    clearInterval(trickle);
  });

  test('when an upload stops in the middle, and nothing of it stays', async () => {
    const upload = say(
      [
        'POST /upload HTTP/1.1',
        `Host: ${serving.host}`,
        `Origin: http://${serving.host}`,
        `Cookie: ${serving.cookie}`,
        `${projectHeader}: ${encodeURIComponent(serving.project)}`,
        'x-file-name: half.txt',
        'Content-Length: 100000',
        '',
        'the beginning',
      ].join('\r\n'),
    );
    await ended(upload);
    await expect.poll(() => readdir(join(serving.project, 'uploads')).catch(() => []), patience).toEqual([]);
  });

  test('before anything is read of it, when one address has too many', async () => {
    const many = Array.from({ length: 80 }, () => say('GET / HTTP/1.1\r\nHost: a\r\n'));
    const refused = new Set<Socket>();
    for (const socket of many) socket.once('close', () => refused.add(socket));
    await expect.poll(() => refused.size, patience).toBeGreaterThanOrEqual(20);
    await Promise.all(many.map(ended));
    await isAnswered();
  });
});

describe('A page’s socket', () => {
  test('is refused beyond fifty from one address', async () => {
    await Promise.all(Array.from({ length: 50 }, openPage));
    await expect(openPage()).rejects.toThrow('HTTP 503');
  });

  test('is ended when a message does not come to its end', async () => {
    const page = await openPage();
    // The head of a masked frame of 1,000 bytes, and three of them.
    raw(page).write(Buffer.from([0x81, 0xfe, 0x03, 0xe8, 1, 2, 3, 4, 5, 6, 7]));
    await ended(page);
  });

  test('is ended when it holds more of an unfinished message than all may', async () => {
    const page = await openPage();
    const trickle = setInterval(() => page.readyState === WebSocket.OPEN && page.pong(), 50);
    raw(page).write(
      Buffer.concat([
        Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0x30, 0, 0, 1, 2, 3, 4]),
        Buffer.alloc(2 ** 20 + 1),
      ]),
    );
    await ended(page);
    clearInterval(trickle);
  });

  test('is ended when it reads nothing of what it asked for', async () => {
    const page = await openPage();
    page.pause();
    const h = { [projectHeader]: encodeURIComponent(serving.project) };
    // What is refused is named in the answer.
    const b = { json: { name: 'x'.repeat(50_000) } };
    for (let i = 0; i < 8; i += 1)
      page.send(JSON.stringify({ i: String(i), p: { u: '/datasets/show', h, b } }));
    // It does not notice its own end while it does not read.
    setTimeout(() => page.resume(), 1000);
    await ended(page);
  });

  test('stays when it answers pings and is otherwise silent', async () => {
    const page = await openPage();
    for (let i = 0; i < 10; i += 1) {
      page.pong();
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    expect(page.readyState).toBe(WebSocket.OPEN);
  });
});
