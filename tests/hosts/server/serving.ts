import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  startServer,
  type RunningServer,
  type ServerOptions,
} from '../../../src/main/hosts/server/server.ts';
import { forkLauncher } from '../../../src/main/studio/processes/launcher.ts';
import { createProject } from '../../../src/main/studio/projects/projects.ts';
import { createStudio, type Studio } from '../../../src/main/studio/studio.ts';

/** A server of a studio with one project and small pages, in a folder that is removed afterwards. */
export interface Serving {
  readonly server: RunningServer;
  readonly studio: Studio;
  /** The project's folder. */
  readonly project: string;
  readonly folder: string;
  readonly assets: string;
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** The cookie that lets a page in. */
  readonly cookie: string;
  stop(): Promise<void>;
}

export async function startServing(options: Partial<ServerOptions> = {}): Promise<Serving> {
  const folder = await mkdtemp(join(tmpdir(), 'loam-server-'));
  const assets = join(folder, 'pages');
  await mkdir(join(assets, 'assets'), { recursive: true });
  await writeFile(join(assets, 'index.html'), '<!doctype html><title>Loam</title>');
  await writeFile(join(assets, 'assets', 'index-1a2b3c.js'), `console.log(${'"loam",'.repeat(2000)}1);`);
  await writeFile(join(folder, 'outside.txt'), 'not for the browser');
  const project = join(folder, 'project');
  await createProject(project);
  const studio = createStudio({ launcher: forkLauncher });
  const server = await startServer({
    studio,
    host: '127.0.0.1',
    port: 0,
    assets,
    folder: join(folder, 'home'),
    ...options,
  });
  return {
    server,
    studio,
    project,
    folder,
    assets,
    host: `127.0.0.1:${server.port}`,
    cookie: await letIn(server),
    stop: async () => {
      await server.close();
      await studio.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Opens a link as a browser does. @returns the cookie that it is given */
export async function letIn(server: RunningServer, address = '127.0.0.1'): Promise<string> {
  const { link, plainLink = link } = server.links();
  const { host, pathname, search } = new URL(plainLink);
  const { headers } = await ask(server.port, `${pathname}${search}`, { address, headers: { host } });
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface AskOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly address?: string;
}

/** Sends a request as it is: `fetch` would set Host and tidy the path. */
export function ask(port: number, path: string, options: AskOptions = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, address = '127.0.0.1' } = options;
  return new Promise((resolve, reject) => {
    const asking = request({ host: address, port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    asking.on('error', reject);
    asking.end(body);
  });
}
