import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** How many connections there may be, and how long they may take, in milliseconds. */
export interface ConnectionLimits {
  readonly connections: number;
  /** From one address. A browser opens six and a socket for each window. */
  readonly fromOneAddress: number;
  /** From the first byte of a request to the end of its headers. */
  readonly headers: number;
  /** For the body of a request that is no upload: none of the studio's pages sends one. */
  readonly body: number;
  /** How long nothing at all may move on a connection of HTTP: neither a request nor an answer that is being read. */
  readonly idle: number;
  /** How often an upload is looked at. */
  readonly uploadLook: number;
  /** What it must have brought since, in bytes; one that this side does not take any faster is not at fault. */
  readonly uploadProgress: number;
}

export const usualLimits: ConnectionLimits = {
  connections: 400,
  fromOneAddress: 200,
  headers: 10_000,
  body: 10_000,
  idle: 60_000,
  uploadLook: 30_000,
  uploadProgress: 32 * 2 ** 10,
};

/** The connections of a server. */
export interface Connections {
  /** Closes a request's connection when its body takes too long. */
  readonly watchBody: (request: IncomingMessage, isUpload: boolean) => void;
  /** Ends all, whatever is under way: sockets that were upgraded or refused too, which the server does not know any more. */
  readonly endAll: () => void;
}

/** Holds a server's connections to their limits. A connection beyond them is closed before a byte of it is read. */
export function limitConnections(servers: readonly HttpServer[], limits: ConnectionLimits): Connections {
  const open = new Set<Socket>();
  const counts = new Map<string, number>();
  for (const server of servers) {
    server.headersTimeout = limits.headers;
    // Node would hold uploads to it, which take as long as their size and the line demand: `watchBody` looks after bodies.
    server.requestTimeout = 0;
    server.setTimeout(limits.idle);
    server.on('connection', (socket) => {
      const address = socket.remoteAddress ?? '';
      const count = counts.get(address) ?? 0;
      if (open.size >= limits.connections || count >= limits.fromOneAddress) {
        socket.destroy();
        return;
      }
      open.add(socket);
      counts.set(address, count + 1);
      socket.once('close', () => {
        open.delete(socket);
        const left = (counts.get(address) ?? 1) - 1;
        if (left > 0) counts.set(address, left);
        else counts.delete(address);
      });
    });
  }
  return {
    watchBody: (request, isUpload) => {
      if (isUpload) watchUpload(request, limits);
      else watchShortBody(request, limits);
    },
    endAll: () => {
      for (const socket of open) socket.destroy();
    },
  };
}

function watchShortBody(request: IncomingMessage, { body }: ConnectionLimits): void {
  if (request.complete || !hasBody(request)) return;
  // Whether or not it was answered: what nobody reads is thrown away, and would be for as long as it comes.
  const timer = setTimeout(() => {
    if (!request.complete) request.socket.destroy();
  }, body).unref();
  request.once('end', () => clearTimeout(timer));
  request.once('close', () => clearTimeout(timer));
}

function watchUpload(request: IncomingMessage, { uploadLook, uploadProgress }: ConnectionLimits): void {
  const { socket } = request;
  let before = socket.bytesRead;
  const timer = setInterval(() => {
    const waitsForUs = request.readableLength >= request.readableHighWaterMark;
    if (!request.complete && !waitsForUs && socket.bytesRead - before < uploadProgress) socket.destroy();
    before = socket.bytesRead;
  }, uploadLook).unref();
  const end = (): void => clearInterval(timer);
  request.once('end', end);
  request.once('close', end);
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
