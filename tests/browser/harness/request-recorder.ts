import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A proxy on this machine that lets nothing through and remembers what it was asked for. */
export interface RequestRecorder {
  /** Words for the browser's command line: everything but loopback goes to the recorder, which asks nobody. */
  readonly arguments: readonly string[];
  /** The hosts that were asked for, those of the browser's own services left out. */
  readonly hosts: () => readonly string[];
  readonly close: () => Promise<void>;
}

/** Makers' services that Chrome, Chromium and Edge call by themselves, whatever page they show. */
const ownServices = /(^|\.)(google|googleapis|gstatic|gvt1|gvt2|microsoft|msn|bing|edge|office)\.(com|net)$/;

export async function startRequestRecorder(): Promise<RequestRecorder> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '/', `http://${request.headers.host ?? 'unknown'}`).hostname);
    response.writeHead(502).end();
  });
  server.on('connect', (request, socket: Socket) => {
    asked.push((request.url ?? '').replace(/:\d+$/, ''));
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>((resolved) => void server.listen(0, '127.0.0.1', resolved));
  const { port } = server.address() as AddressInfo;
  return {
    arguments: [`--proxy-server=http://127.0.0.1:${port}`, '--proxy-bypass-list=127.0.0.1;localhost'],
    hosts: () => [...new Set(asked)].filter((host) => !ownServices.test(host)),
    close: () =>
      new Promise((resolved) => {
        server.closeAllConnections();
        server.close(() => resolved());
      }),
  };
}
