import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { RPCHandler } from '@orpc/server/ws';
import { RequestHeadersPlugin } from '@orpc/server/plugins';
import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { secureHeaders } from 'hono/secure-headers';
import { WebSocketServer } from 'ws';
import { router } from '../../studio/router.ts';
import type { Studio } from '../../studio/studio.ts';

/** Where the socket of the contract is reached. */
const socketPath = '/rpc';
/** The largest message that a page may send; files come by upload, not over the socket. */
const longestMessage = 4 * 2 ** 20;
const cookieName = 'loam-token';

export interface ServerOptions {
  readonly studio: Studio;
  /** Address to listen on; loopback unless the person asks for another. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** The built renderer. */
  readonly assets: string;
  readonly token?: string;
}

export interface RunningServer {
  readonly port: number;
  /** The address that opens the studio, with the token. */
  readonly link: string;
  close(): Promise<void>;
}

/** Serves the studio's pages and its contract to browsers on this machine. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { studio, host, port, assets, token = randomBytes(24).toString('base64url') } = options;
  const app = new Hono();
  let boundPort = port;
  const allowedHosts = () =>
    new Set([host, 'localhost', '127.0.0.1', '[::1]'].map((name) => `${name}:${boundPort}`));

  app.use(async (context, next) => {
    if (!allowedHosts().has(context.req.header('host') ?? ''))
      return context.text('This address is not the studio’s.', 403);
    return next();
  });
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        workerSrc: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
      },
      crossOriginOpenerPolicy: 'same-origin',
      referrerPolicy: 'no-referrer',
      xFrameOptions: 'DENY',
    }),
  );
  app.get('/', async (context, next) => {
    const given = context.req.query('token');
    if (given === undefined) return next();
    if (!sameSecret(given, token)) return context.text('This link is no longer valid.', 403);
    setCookie(context, cookieName, token, { httpOnly: true, sameSite: 'Strict', path: '/' });
    return context.redirect('/');
  });
  app.use(async (context, next) => {
    if (!sameSecret(getCookie(context, cookieName) ?? '', token))
      return context.text('Open the studio by the link that it printed when it was started.', 401);
    return next();
  });
  app.use(serveStatic({ root: assets }));

  const handler = new RPCHandler(router, { plugins: [new RequestHeadersPlugin()] });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: longestMessage });
  const server = serve({ fetch: app.fetch, hostname: host, port });
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  const address = server.address();
  if (typeof address === 'object' && address !== null) boundPort = address.port;

  const mayConnect = (request: IncomingMessage): boolean => {
    const origin = request.headers.origin ?? '';
    return (
      request.url?.split('?')[0] === socketPath &&
      allowedHosts().has(request.headers.host ?? '') &&
      origin === `http://${request.headers.host}` &&
      sameSecret(cookieOf(request, cookieName), token)
    );
  };
  (server as HttpServer).on('upgrade', (request, socket, head) => {
    if (!mayConnect(request)) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (connection) => {
      void handler.upgrade(connection, { context: { studio } });
    });
  });

  return {
    port: boundPort,
    link: `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}/?token=${token}`,
    close: async () => {
      for (const connection of sockets.clients) connection.terminate();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

/** The renderer's files as `npm run build` leaves them, seen from this file in the source tree. */
export const builtRenderer = join(import.meta.dirname, '../../../../out/renderer');

function cookieOf(request: IncomingMessage, name: string): string {
  const found = (request.headers.cookie ?? '')
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name}=`));
  return found?.slice(name.length + 1) ?? '';
}

/** Compares in a time that does not tell how much of the secret was right. */
function sameSecret(given: string, secret: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(secret);
  return a.length === b.length && timingSafeEqual(a, b);
}
