import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import { WebSocketServer, type WebSocket } from 'ws';
import { uploadPath } from '../../../shared/uploads/upload.ts';
import type { Studio } from '../../studio/studio.ts';
import { userFolder } from '../../studio/settings/user-folder.ts';
import { longestMessage } from '../rpc/messages.ts';
import {
  addressesFromElsewhere,
  createAccess,
  inLink,
  listensEverywhere,
  withoutBrackets,
  type Access,
} from './access.ts';
import { claimsOf, createApp } from './app.ts';
import type { Certificate } from './certificate.ts';
import { limitConnections, usualLimits, type ConnectionLimits } from './connections.ts';
import { openControlDoor, type ControlAnswer, type ControlRequest, type Links } from './control.ts';
import { listen } from './listen.ts';
import { ownName } from './own-name.ts';
import { requirePages } from './pages.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { serveSocket } from './socket.ts';
import { watchUnread, type UnreadLimits } from './unread.ts';

/** Where the socket of the contract is reached. */
const socketPath = '/rpc';
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
  /** Encrypts what is sent. */
  readonly certificate?: Certificate;
  /** What belongs to the person on this machine; the studio's name and the note for her commands lie there. */
  readonly folder?: string;
  /** The largest file that may be uploaded, in bytes. */
  readonly uploadLimit?: number;
  readonly connectionLimits?: ConnectionLimits;
  readonly unreadLimits?: UnreadLimits;
}

export interface RunningServer {
  readonly port: number;
  /** Whether browsers on this machine reach it by a name that is its own: else other programs' pages are sent its cookie. */
  readonly hasOwnName: boolean;
  readonly sessions: Sessions;
  /** Makes links that let one browser in, once: all of them have the same code. */
  links(): Links;
  close(): Promise<void>;
}

/**
 * Serves the studio's pages and its contract to browsers.
 * @throws LoamError when the port is taken, the address is not this machine's, or the pages are not built.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { studio, assets, certificate, connectionLimits = usualLimits, folder = userFolder() } = options;
  const host = withoutBrackets(options.host);
  requirePages(assets);
  // How often Node looks whether headers are late.
  const http = { connectionsCheckingInterval: connectionLimits.headers / 5 };
  const makeServer = (): Server =>
    certificate === undefined
      ? createHttpServer(http)
      : createHttpsServer({ ...http, cert: certificate.cert, key: certificate.key });
  const { servers, port, alone } = await listen(makeServer, host, options.port);
  const secure = certificate !== undefined;
  // A certificate is for names that others know.
  const name = alone && !secure ? await ownName(folder) : undefined;
  const sessions = createSessions();
  const access = createAccess({
    host,
    port,
    secure,
    sessions,
    names: [...(name === undefined ? [] : [name]), ...(certificate?.names ?? [])],
  });

  const connections = limitConnections(servers, connectionLimits);
  const live = trackSessions(sessions);
  const app = createApp({ ...options, access, sessions, name, onSession: live.add });
  const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: longestMessage });
  const unread = watchUnread(options.unreadLimits);
  for (const server of servers) {
    server.on('request', (request, response) => {
      connections.watchBody(request, request.url === uploadPath && request.method === 'POST');
      void answer(request, response);
    });
    server.on('upgrade', (request: IncomingMessage, socket, head) => {
      // A connection that breaks while it is being refused is no error of the server's.
      socket.on('error', () => socket.destroy());
      const session = access.sessionOf(claimsOf(request));
      const refusal =
        refuseSocket(request, access, session !== undefined) ??
        refuseCrowd(request.socket.remoteAddress, sockets.clients);
      if (refusal !== undefined || session === undefined) {
        const status = refusal ?? '401 Unauthorized';
        socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () =>
          socket.destroy(),
        );
        return;
      }
      live.add(session.id, socket);
      sockets.handleUpgrade(request, socket, head, (connection) => {
        addresses.set(connection, request.socket.remoteAddress);
        serveSocket(connection, { studio }, unread.add(connection, socket));
      });
    });
  }

  const links = (): Links => {
    const query = `?code=${sessions.newCode()}`;
    const linkTo = (at: string): string => `${secure ? 'https' : 'http'}://${inLink(at)}:${port}/${query}`;
    const plain = certificate?.names[0] ?? (listensEverywhere(host) ? 'localhost' : host);
    return {
      link: linkTo(name ?? plain),
      ...(name === undefined ? {} : { plainLink: linkTo(plain) }),
      linksFromElsewhere: addressesFromElsewhere(host).map(linkTo),
    };
  };
  const door = await openControlDoor(folder, port, (request) => answerControl(request, sessions, links));
  return {
    port,
    hasOwnName: name !== undefined,
    sessions,
    links,
    close: async () => {
      const closed = servers.map(
        (server) => new Promise<void>((resolve) => void server.close(() => resolve())),
      );
      unread.close();
      connections.endAll();
      await Promise.all([...closed, door.close()]);
    },
  };
}

function answerControl(request: ControlRequest, sessions: Sessions, links: () => Links): ControlAnswer {
  switch (request.do) {
    case 'newLink':
      return { is: 'links', links: links() };
    case 'listSessions':
      return { is: 'sessions', sessions: [...sessions.list()] };
    case 'revoke':
      sessions.revoke(request.id);
      return { is: 'revoked', count: 1 };
    case 'revokeAll':
      return { is: 'revoked', count: sessions.revokeAll() };
    default:
      return request satisfies never;
  }
}

/** Ends what a session has open when the session ends. */
function trackSessions(sessions: Sessions): { readonly add: (session: string, connection: Duplex) => void } {
  const open = new Map<string, Set<Duplex>>();
  sessions.onEnd((session) => {
    for (const connection of open.get(session) ?? []) connection.destroy();
    open.delete(session);
  });
  return {
    add: (session, connection) => {
      const own = open.get(session) ?? new Set();
      if (own.has(connection)) return;
      open.set(session, own.add(connection));
      connection.once('close', () => {
        own.delete(connection);
        if (own.size === 0 && open.get(session) === own) open.delete(session);
      });
    },
  };
}

/** The status line with which a socket is refused. */
function refuseSocket(request: IncomingMessage, access: Access, isLetIn: boolean): string | undefined {
  if (request.url?.split('?')[0] !== socketPath) return '404 Not Found';
  if (!access.isOwnPage(claimsOf(request))) return '403 Forbidden';
  return isLetIn ? undefined : '401 Unauthorized';
}

/** Where connected pages came from. */
const addresses = new WeakMap<WebSocket, string | undefined>();

function refuseCrowd(address: string | undefined, pages: ReadonlySet<WebSocket>): string | undefined {
  const ofAddress = [...pages].filter((page) => addresses.get(page) === address).length;
  return pages.size >= mostPages || ofAddress >= mostPagesOfAddress ? '503 Service Unavailable' : undefined;
}
