import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { setCookie } from 'hono/cookie';
import { WebSocketServer, type WebSocket } from 'ws';
import { LoamError } from '../../../shared/errors.ts';
import { uploadPath } from '../../../shared/uploads/upload.ts';
import { longestMessage } from '../rpc/messages.ts';
import { createCallLog } from '../../studio/call-log.ts';
import type { Studio } from '../../studio/studio.ts';
import {
  addressesFromElsewhere,
  createAccess,
  inLink,
  listensEverywhere,
  withoutBrackets,
  type Access,
  type Claims,
} from './access.ts';
import { limitConnections, usualLimits, type ConnectionLimits } from './connections.ts';
import { onwardPage, pageHeaders, plainPage, requirePages, servePages } from './pages.ts';
import { serveSocket } from './socket.ts';
import { watchUnread, type UnreadLimits } from './unread.ts';
import { handleUpload } from './upload.ts';

/** Where the socket of the contract is reached. */
const socketPath = '/rpc';
/** Whether the browser's cookie is still of this start: 204 or 401. A page that lost its connection asks. */
const sessionPath = '/session';
/** Pages that may be connected at a time, in all and from one address. */
const mostPages = 100;
const mostPagesOfAddress = 50;

export interface ServerOptions {
  readonly studio: Studio;
  /** Address to listen on; loopback unless the person asks for another. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** The built renderer. */
  readonly assets: string;
  readonly token?: string;
  /** The largest file that may be uploaded, in bytes. */
  readonly uploadLimit?: number;
  readonly connectionLimits?: ConnectionLimits;
  readonly unreadLimits?: UnreadLimits;
}

export interface RunningServer {
  readonly port: number;
  /** The address that opens the studio, with the token. */
  readonly link: string;
  /** The addresses that open it on other machines, where those may. */
  readonly linksFromElsewhere: readonly string[];
  close(): Promise<void>;
}

/**
 * Serves the studio's pages and its contract to browsers.
 * @throws LoamError when the port is taken, the address is not this machine's, or the pages are not built.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { studio, assets, token = randomBytes(24).toString('base64url') } = options;
  const host = withoutBrackets(options.host);
  requirePages(assets);
  const { connectionLimits = usualLimits } = options;
  // How often Node looks whether headers are late.
  const server = createServer({ connectionsCheckingInterval: connectionLimits.headers / 5 });
  const connections = limitConnections([server], connectionLimits);
  const port = await listen(server, host, options.port);
  const access = createAccess({ host, port, token });
  const app = createApp(options, access, token);
  const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  server.on('request', (request, response) => {
    connections.watchBody(request, request.url === uploadPath && request.method === 'POST');
    void answer(request, response);
  });

  const sockets = new WebSocketServer({ noServer: true, maxPayload: longestMessage });
  const unread = watchUnread(options.unreadLimits);
  server.on('upgrade', (request: IncomingMessage, socket, head) => {
    // A connection that breaks while it is being refused is no error of the server's.
    socket.on('error', () => socket.destroy());
    const refusal =
      refuseSocket(request, access) ?? refuseCrowd(request.socket.remoteAddress, sockets.clients);
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () =>
        socket.destroy(),
      );
      return;
    }
    sockets.handleUpgrade(request, socket, head, (connection) => {
      addresses.set(connection, request.socket.remoteAddress);
      serveSocket(connection, { studio }, unread.add(connection, socket));
    });
  });

  const linkTo = (name: string): string => `http://${inLink(name)}:${port}/?token=${token}`;
  return {
    port,
    link: linkTo(listensEverywhere(host) ? 'localhost' : host),
    linksFromElsewhere: addressesFromElsewhere(host).map(linkTo),
    close: async () => {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      unread.close();
      connections.endAll();
      await closed;
    },
  };
}

function createApp(options: ServerOptions, access: Access, token: string): Hono<{ Bindings: HttpBindings }> {
  const { studio, assets, uploadLimit } = options;
  const log = createCallLog(studio);
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.use(pageHeaders);
  app.use(async (context, next) => {
    if (access.knowsHost(context.req.header('host'))) return next();
    return context.html(
      plainPage('Not here', 'This address is not the studio’s. Open it by the link that it printed.'),
      403,
    );
  });
  app.get('/', async (context, next) => {
    const given = context.req.query('token');
    if (given === undefined) return next();
    context.header('Cache-Control', 'no-store');
    if (!access.isToken(given))
      return context.html(
        plainPage(
          'This link has expired',
          'It belongs to an earlier start of Loam. Open the studio by the link that it printed when it was started last.',
        ),
        403,
      );
    setCookie(context, access.cookieName, token, { httpOnly: true, sameSite: 'Strict', path: '/' });
    return context.html(onwardPage('/'));
  });
  app.use(async (context, next) => {
    if (access.isLetIn(claimsOf(context.env.incoming))) return next();
    context.header('Cache-Control', 'no-store');
    return context.html(
      plainPage(
        'Open Loam by its link',
        'Open the studio by the link that it printed when it was started. The link stands in the window (the terminal) in which Loam was started and ends in “?token=…”: it holds a secret of that start.',
      ),
      401,
    );
  });
  app.get(sessionPath, (context) => {
    context.header('Cache-Control', 'no-store');
    return context.body(null, 204);
  });
  app.post(uploadPath, async (context) => {
    if (!access.isOwnPage(claimsOf(context.env.incoming)))
      return context.text('Files are taken from the studio’s own pages only.', 403);
    return handleUpload(context, {
      studio,
      log,
      ...(uploadLimit === undefined ? {} : { limit: uploadLimit }),
    });
  });
  app.use(compress());
  app.use(...servePages(assets));
  app.notFound((context) => context.html(plainPage('Nothing here', 'There is no such page.'), 404));
  app.onError((error, context) => {
    log.defect(error, { procedure: `${context.req.method} ${context.req.path}`, project: undefined });
    return context.text('Something in Loam went wrong that should not. The details are in its log.', 500);
  });
  return app;
}

/** The status line with which a socket is refused. */
function refuseSocket(request: IncomingMessage, access: Access): string | undefined {
  const claims = claimsOf(request);
  if (request.url?.split('?')[0] !== socketPath) return '404 Not Found';
  if (!access.isOwnPage(claims)) return '403 Forbidden';
  return access.isLetIn(claims) ? undefined : '401 Unauthorized';
}

/** Where connected pages came from. */
const addresses = new WeakMap<WebSocket, string | undefined>();

function refuseCrowd(address: string | undefined, pages: ReadonlySet<WebSocket>): string | undefined {
  const ofAddress = [...pages].filter((page) => addresses.get(page) === address).length;
  return pages.size >= mostPages || ofAddress >= mostPagesOfAddress ? '503 Service Unavailable' : undefined;
}

function claimsOf({ headers }: IncomingMessage): Claims {
  return { host: headers.host, origin: headers.origin, cookie: headers.cookie };
}

/** Listens, and says what is in the way in words. */
async function listen(server: ReturnType<typeof createServer>, host: string, port: number): Promise<number> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('listening', resolve);
      server.once('error', reject);
      server.listen(port, host);
    });
  } catch (error) {
    throw explainListening(error, host, port);
  }
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

function explainListening(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const account = (what: string, remedy: string): LoamError =>
    new LoamError({ kind: 'environment', where: `${inLink(host)}:${port}`, what, remedy }, { cause: error });
  switch (code) {
    case 'EADDRINUSE':
      return account(
        'Another program listens on this port, perhaps a studio that is open already.',
        'Use that one, or start this one with --port 0, which takes any port that is free.',
      );
    case 'EACCES':
      return account('This port needs an administrator’s rights.', 'Choose one above 1023: --port 8461.');
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return account(
        'This address is not one of this machine’s.',
        'Leave --host out to open the studio on this machine only.',
      );
    default:
      return error;
  }
}
