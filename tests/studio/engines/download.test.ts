import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askSizes, download } from '../../../src/main/studio/engines/download.ts';
import { accountOf, makeEnginePlace, until, type EnginePlace } from './engine-place.ts';

const content = Buffer.alloc(300_000, 'TensorFlow, as it comes over the line. ');
const md5 = createHash('md5').update(content).digest('base64');

let place: EnginePlace;
let server: Server;
/** What the server does with a request; each test says it. */
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let host: string;
beforeEach(async () => {
  place = await makeEnginePlace();
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await place.remove();
});

const url = (): string => `http://${host}/libtensorflow.tar.gz`;
const fetchTo = (
  path = place.path('fetched'),
  options: { onProgress?: (bytes: number) => void; signal?: AbortSignal } = {},
): Promise<void> => download(url(), path, { onProgress: () => undefined, ...options });

test('a file comes whole, and how much of it has come is told', async () => {
  answer = (_, response) => {
    response.setHeader('content-length', content.length);
    response.setHeader('x-goog-hash', `crc32c=AAAAAA==,md5=${md5}`);
    response.end(content);
  };
  const told: number[] = [];
  await fetchTo(place.path('fetched'), { onProgress: (bytes) => told.push(bytes) });
  expect(await readFile(place.path('fetched'))).toEqual(content);
  expect(told.at(-1)).toBe(content.length);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
});

test('a file of which the server says neither length nor checksum is taken as it comes', async () => {
  answer = (_, response) => {
    response.write(content.subarray(0, 1000));
    response.end(content.subarray(1000));
  };
  await fetchTo();
  expect(await readFile(place.path('fetched'))).toEqual(content);
});

test('a server that compresses whatever it may does not make a file seem too long', async () => {
  answer = (request, response) => {
    const compressed = request.headers['accept-encoding']?.includes('gzip') === true;
    const body = compressed ? gzipSync(content) : content;
    response.setHeader('content-length', body.length);
    if (compressed) response.setHeader('content-encoding', 'gzip');
    response.end(body);
  };
  await fetchTo();
  expect(await readFile(place.path('fetched'))).toEqual(content);
});

test('a connection that breaks in the middle leaves no file that is taken for a whole one', async () => {
  answer = (_, response) => {
    response.setHeader('content-length', content.length);
    response.write(content.subarray(0, 100_000), () => response.destroy());
  };
  expect(await accountOf(fetchTo())).toMatchObject({
    kind: 'environment',
    where: url(),
    what: expect.stringContaining('The download is not whole.'),
    remedy: 'Try it again.',
  });
});

test('a file shorter than the server said is not whole', async () => {
  answer = (_, response) => {
    // Written past Node's own check of what a server sends.
    response.socket?.end(
      `HTTP/1.1 200 OK\r\nContent-Length: ${content.length}\r\nConnection: close\r\n\r\nhalf a file`,
    );
  };
  expect((await accountOf(fetchTo())).what).toContain('The download is not whole.');
});

test('a file of the right length with other bytes than its checksum says is not whole', async () => {
  answer = (_, response) => {
    response.setHeader('content-length', content.length);
    response.setHeader('x-goog-hash', `md5=${createHash('md5').update('another').digest('base64')}`);
    response.end(content);
  };
  expect((await accountOf(fetchTo())).what).toBe(
    'The download is not whole. What came has another checksum than the server said.',
  );
});

test('a file that the server does not have is told with its answer, and so when its size is asked', async () => {
  answer = (_, response) => void response.writeHead(404).end('no such object');
  for (const work of [() => fetchTo(), () => askSizes([url()])])
    expect(await accountOf(work())).toMatchObject({
      kind: 'environment',
      where: url(),
      what: 'The server answered 404 Not Found.',
      remedy: expect.stringContaining('on another machine'),
    });
  expect(existsSync(place.path('fetched'))).toBe(false);
});

test('a server that cannot be reached is told by its name, with the way around', async () => {
  const gone = url();
  await new Promise((resolve) => server.close(resolve));
  for (const work of [
    () => download(gone, place.path('fetched'), { onProgress: () => undefined }),
    () => askSizes([gone]),
  ])
    expect(await accountOf(work())).toMatchObject({
      kind: 'environment',
      where: host,
      what: 'This address cannot be reached from here.',
      remedy: expect.stringContaining('give it to Loam'),
    });
  server.listen(0);
});

test('a download that is cancelled ends as cancelled, before its answer and in the middle of it', async () => {
  let asked = false;
  answer = () => {
    asked = true;
  };
  const before = new AbortController();
  const waiting = fetchTo(place.path('fetched'), { signal: before.signal });
  const waited = waiting.catch((error: unknown) => error);
  await until(() => asked);
  before.abort();
  expect(await waited).toMatchObject({ name: 'AbortError' });

  let connected = true;
  answer = (_, response) => {
    response.on('close', () => {
      connected = false;
    });
    response.setHeader('content-length', content.length);
    response.write(content.subarray(0, 1000));
  };
  const amid = new AbortController();
  const cancelled = fetchTo(place.path('fetched'), {
    signal: amid.signal,
    onProgress: () => amid.abort(),
  });
  await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
  // Nothing more is fetched.
  await until(() => !connected);
});

test.runIf(process.platform === 'linux')('a full disk is told as such', async () => {
  answer = (_, response) => void response.end(content);
  expect(await accountOf(fetchTo('/dev/full'))).toMatchObject({
    kind: 'environment',
    what: 'The disk is full.',
  });
});

test('a folder that is not there is told as a fault of the place, and not of the connection', async () => {
  answer = (_, response) => void response.end(content);
  await place.write('a file', '');
  expect((await accountOf(fetchTo(place.path('a file', 'below')))).what).toContain(
    'A part of this path is a file',
  );
});

test('the sizes of several files are asked without fetching them, and added', async () => {
  const methods: (string | undefined)[] = [];
  answer = (request, response) => {
    methods.push(request.method);
    if (request.url === '/unknown') response.writeHead(200, { 'transfer-encoding': 'chunked' });
    else response.setHeader('content-length', request.url === '/a' ? 1000 : 234);
    response.end();
  };
  expect(await askSizes([`http://${host}/a`, `http://${host}/b`])).toBe(1234);
  expect(await askSizes([`http://${host}/a`, `http://${host}/unknown`])).toBeUndefined();
  expect(await askSizes([])).toBe(0);
  expect(new Set(methods)).toEqual(new Set(['HEAD']));
});
