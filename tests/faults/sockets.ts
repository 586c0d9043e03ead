import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { importDataset } from '../../src/main/studio/datasets/datasets.ts';
import { createProject, openProject } from '../../src/main/studio/projects/projects.ts';
import { projectHeader } from '../../src/shared/rpc.ts';
import { startLoam, type Started } from '../hosts/cli/loam.ts';
import type { FaultFigures } from './figures.ts';
import { randomNumbers } from './random-numbers.ts';

/** What sockets that read nothing may cost in all, in bytes. */
const mostMemory = 300e6;
/** How long the server may take to end, in milliseconds. */
const mostEnding = 10_000;

/** A `loam serve` of one project, and what a browser that is let in sends. */
interface Served {
  readonly server: Started;
  readonly project: string;
  readonly port: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly keys: readonly string[];
}

/**
 * Connects to a server as nobody should, and tells what it costs: sockets that read nothing of long answers, headers and
 * uploads that do not come to their end, frames of random bytes, frames that are too long, connections beyond the limit; at the
 * end a SIGTERM while all that is under way.
 * @param scale connections of each kind.
 */
export async function sockets(scale: number, seed: number): Promise<readonly FaultFigures[]> {
  const folder = await mkdtemp(join(tmpdir(), 'loam-sockets-'));
  const home = process.env['LOAM_HOME'];
  process.env['LOAM_HOME'] = join(folder, 'home');
  const opened = new Set<Socket | WebSocket>();
  try {
    const served = await serve(folder);
    const context: Context = { served, scale, opened, random: randomNumbers(seed), isShort: scale < 100 };
    const figures = [
      await garbage(context),
      await slowHeaders(context),
      await halfUploads(context),
      await manyConnections(context),
      await readNothing(context),
    ];
    return [...figures, await endOf(served)];
  } finally {
    for (const one of opened) {
      if (one instanceof WebSocket) one.terminate();
      else one.destroy();
    }
    if (home === undefined) delete process.env['LOAM_HOME'];
    else process.env['LOAM_HOME'] = home;
    await rm(folder, { recursive: true, force: true });
  }
}

interface Context {
  readonly served: Served;
  readonly scale: number;
  readonly opened: Set<Socket | WebSocket>;
  readonly random: () => number;
  /** The short form does not wait until the server's patience ends. */
  readonly isShort: boolean;
}

async function serve(folder: string): Promise<Served> {
  const project = join(folder, 'project');
  const records = join(folder, 'records.jsonl');
  await writeFile(records, longRecords(16));
  await createProject(project);
  const open = openProject(project);
  await importDataset(open, { name: 'records', paths: [records] });
  open.close();
  await writeFile(join(folder, 'index.html'), '<!doctype html>');
  const server = startLoam(['serve', '--json', '--port', '0', '--pages', folder, '--project', project], {
    cwd: folder,
    home: join(folder, 'home'),
  });
  let printed = '';
  server.process.stdout?.on('data', (text: string) => {
    printed += text;
  });
  await server.saw(/"serving".*\n/);
  const { plainLink, port } = JSON.parse(printed) as { readonly plainLink: string; readonly port: number };
  const entering = await fetch(plainLink);
  const cookie = entering.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const headers = { host: `127.0.0.1:${port}`, origin: `http://127.0.0.1:${port}`, cookie };
  const page = new WebSocket(`ws://127.0.0.1:${port}/rpc`, { headers });
  await new Promise((resolve) => void page.once('open', resolve));
  const answer = new Promise<string>(
    (resolve) => void page.once('message', (data: Buffer) => resolve(data.toString('utf8'))),
  );
  page.send(call('1', '/datasets/documents', project, { name: 'records', query: {}, offset: 0, limit: 60 }));
  const { p } = JSON.parse(await answer) as {
    readonly p: { readonly b: { readonly json: { readonly rows: readonly { readonly key: string }[] } } };
  };
  page.terminate();
  return { server, project, port, headers, keys: p.b.json.rows.map(({ key }) => key) };
}

function longRecords(count: number): string {
  return Array.from({ length: count }, (_, i) => JSON.stringify({ text: `entry ${i} `.repeat(12_000) })).join(
    '\n',
  );
}

function call(id: string, procedure: string, project: string, input: unknown): string {
  const h = { [projectHeader]: encodeURIComponent(project) };
  return JSON.stringify({ i: id, p: { u: procedure, h, b: { json: input } } });
}

/** Opens pages; those beyond the limit are refused. */
async function openPages({ served, opened }: Context, count: number): Promise<readonly WebSocket[]> {
  const { port, headers } = served;
  const pages = await Promise.all(
    Array.from({ length: count }, async () => {
      const page = new WebSocket(`ws://127.0.0.1:${port}/rpc`, { headers });
      page.on('error', () => undefined);
      opened.add(page);
      return new Promise<WebSocket | undefined>((resolve) => {
        page.once('open', () => resolve(page));
        page.once('close', () => resolve(undefined));
      });
    }),
  );
  return pages.filter((page) => page !== undefined);
}

/** Says something over connections of their own, and leaves them open. */
function say({ served, opened }: Context, count: number, text: (at: number) => string): readonly Socket[] {
  return Array.from({ length: count }, (_, at) => {
    const socket = connect(served.port, '127.0.0.1', () => socket.write(text(at)));
    // It is read, or its end would not be noticed.
    socket.on('error', () => undefined).resume();
    opened.add(socket);
    return socket;
  });
}

function rawOf(page: WebSocket): Socket {
  const { _socket: socket } = page as unknown as { readonly _socket: Socket };
  return socket;
}

async function garbage(context: Context): Promise<FaultFigures> {
  const { scale, random, isShort } = context;
  const failures: string[] = [];
  let ended = 0;
  for (let left = scale; left > 0; left -= 40) {
    const pages = await openPages(context, Math.min(left, 40));
    const closed = pages.map((page) => new Promise((resolve) => void page.once('close', resolve)));
    for (const [at, page] of pages.entries()) {
      const bytes = Buffer.from(Array.from({ length: 200 }, () => Math.floor(random() * 256)));
      // Every second one as a frame that says that it has 2⁴⁰ bytes.
      if (at % 2 === 1) Buffer.from([0x81, 0xff, 0, 0, 1, 0, 0, 0, 0, 0]).copy(bytes);
      rawOf(page).write(bytes);
    }
    // Random bytes may be the beginning of a frame that is to go on: such a one is ended when it does not.
    await within(isShort ? 1000 : 40_000, Promise.all(closed));
    ended += pages.filter(({ readyState }) => readyState === WebSocket.CLOSED).length;
    for (const page of pages) page.terminate();
  }
  if (!isShort && ended < scale) failures.push(`${scale - ended} of ${scale} were not ended`);
  await requireAnswer(context, failures);
  return { what: 'frames of random bytes', counts: { connections: scale, ended }, failures };
}

async function slowHeaders(context: Context): Promise<FaultFigures> {
  const { scale, isShort } = context;
  const failures: string[] = [];
  const before = await memoryOf(context.served);
  const all = say(context, Math.min(scale, 150), () => 'GET / HTTP/1.1\r\nHost: a\r\n');
  const trickle = setInterval(() => {
    for (const socket of all) if (!socket.destroyed) socket.write('X-More: a\r\n');
  }, 500);
  await sleep(500);
  await requireAnswer(context, failures);
  if (!isShort) await within(20_000, Promise.all(all.map(closing)));
  clearInterval(trickle);
  const ended = all.filter(({ closed }) => closed).length;
  if (!isShort && ended < all.length) failures.push(`${all.length - ended} of ${all.length} were not ended`);
  const memory = (await memoryOf(context.served)) - before;
  for (const socket of all) socket.destroy();
  return { what: 'headers without an end', counts: counts(all.length, ended, memory), failures };
}

async function halfUploads(context: Context): Promise<FaultFigures> {
  const { served, scale, isShort } = context;
  const failures: string[] = [];
  const before = await memoryOf(served);
  const lines = Object.entries({
    ...served.headers,
    [projectHeader]: encodeURIComponent(served.project),
    'x-file-name': 'half.txt',
    'content-length': 10_000_000,
  }).map(([name, value]) => `${name}: ${value}`);
  const head = ['POST /upload HTTP/1.1', ...lines, '', ''].join('\r\n');
  const all = say(context, Math.min(scale, 150), () => head + 'x'.repeat(50_000));
  await sleep(500);
  await requireAnswer(context, failures);
  const memory = (await memoryOf(served)) - before;
  if (isShort) for (const socket of all) socket.destroy();
  await within(isShort ? 1000 : 80_000, Promise.all(all.map(closing)));
  const ended = all.filter(({ closed }) => closed).length;
  if (ended < all.length) failures.push(`${all.length - ended} of ${all.length} were not ended`);
  return { what: 'uploads without an end', counts: counts(all.length, ended, memory), failures };
}

async function manyConnections(context: Context): Promise<FaultFigures> {
  const failures: string[] = [];
  const count = context.scale * 3;
  const before = await memoryOf(context.served);
  const all = say(context, count, () => '');
  await sleep(700);
  const refused = all.filter(({ closed }) => closed).length;
  const memory = (await memoryOf(context.served)) - before;
  for (const socket of all) socket.destroy();
  await Promise.all(all.map(closing));
  await requireAnswer(context, failures);
  if (count > 300 && refused < count - 200)
    failures.push(`${count - refused} connections from one address were kept`);
  return { what: 'connections', counts: counts(count, refused, memory), failures };
}

async function readNothing(context: Context): Promise<FaultFigures> {
  const { served, scale, isShort } = context;
  const { keys, project } = served;
  const failures: string[] = [];
  const before = await memoryOf(served);
  const pages = await openPages(context, scale);
  for (const page of pages) {
    page.pause();
    for (let i = 0; i < 100; i += 1)
      page.send(
        call(String(i), '/datasets/document', project, { name: 'records', key: keys[i % keys.length] }),
      );
  }
  let most = 0;
  for (let seconds = isShort ? 1.5 : 20; seconds > 0; seconds -= 0.5) {
    await sleep(500);
    most = Math.max(most, (await memoryOf(served)) - before);
  }
  if (most > mostMemory) failures.push(`they cost ${Math.round(most / 1e6)} MB`);
  await requireAnswer(context, failures);
  return {
    what: 'sockets that read nothing',
    counts: counts(scale, scale - pages.length, most),
    failures,
  };
}

/** With everything before still under way. */
async function endOf({ server }: Served): Promise<FaultFigures> {
  const begun = performance.now();
  server.process.kill('SIGTERM');
  const ended = await within(2 * mostEnding, server.ended);
  const milliseconds = Math.round(performance.now() - begun);
  if (ended === undefined) server.process.kill('SIGKILL');
  const isLate = ended === undefined || milliseconds > mostEnding;
  return {
    what: 'SIGTERM meanwhile',
    counts: { milliseconds },
    failures: isLate ? [`it took ${milliseconds} ms`] : [],
  };
}

const counts = (connections: number, ended: number, bytes: number) => ({
  connections,
  ended,
  // Where the system tells what a process holds.
  ...(Number.isNaN(bytes) ? {} : { megabytes: Math.round(bytes / 1e6) }),
});

async function requireAnswer({ served }: Context, failures: string[]): Promise<void> {
  const { port, headers } = served;
  const answer = await fetch(`http://127.0.0.1:${port}/session`, {
    headers: { cookie: headers['cookie'] ?? '' },
    signal: AbortSignal.timeout(5000),
  }).catch((error: unknown) => error);
  if (!(answer instanceof Response && answer.status === 204))
    failures.push(
      `the server did not answer: ${answer instanceof Response ? answer.status : String(answer)}`,
    );
}

/** What the server's process holds, in bytes; NaN where the system does not tell. */
async function memoryOf({ server }: Served): Promise<number> {
  const status = await readFile(`/proc/${server.process.pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) * 1024;
}

function closing(socket: Socket): Promise<void> {
  return socket.closed
    ? Promise.resolve()
    : new Promise((resolve) => void socket.once('close', () => resolve()));
}

/** What a promise becomes; undefined when it takes longer. */
async function within<Value>(milliseconds: number, promise: Promise<Value>): Promise<Value | undefined> {
  const stop = new AbortController();
  try {
    return await Promise.race([
      promise,
      sleep(milliseconds, undefined, { signal: stop.signal }).catch(() => undefined),
    ]);
  } finally {
    stop.abort();
  }
}
