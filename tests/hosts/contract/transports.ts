import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { WebSocket } from 'ws';
import { servePort } from '../../../src/main/hosts/electron/serve-port.ts';
import type { contract } from '../../../src/shared/contract.ts';
import { projectHeader } from '../../../src/shared/rpc.ts';
import { MessagePortMainDouble } from '../electron/double/web-contents.ts';
import type { Serving } from '../server/serving.ts';

export type Client = ContractRouterClient<typeof contract>;

/** A way to carry calls of the contract. */
export interface Transport {
  /** A client of its own connection, which names a project in each call unless undefined. */
  readonly connect: (project: string | undefined) => Promise<Client>;
  /** Sends text that is no call, and tells when the other side has ended the connection. */
  sendRaw(text: string): Promise<void>;
  close(): void;
}

const headersOf = (project: string | undefined) =>
  project === undefined ? {} : { [projectHeader]: encodeURIComponent(project) };

/** The socket of a real server. */
export function socketTransport(serving: Serving): Transport {
  const sockets: WebSocket[] = [];
  const open = async (): Promise<WebSocket> => {
    const socket = new WebSocket(`ws://${serving.host}/rpc`, {
      headers: { origin: `http://${serving.host}`, cookie: serving.cookie },
    });
    sockets.push(socket);
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return socket;
  };
  return {
    connect: async (project) =>
      createORPCClient(
        new SocketLink({
          websocket: (await open()) as unknown as globalThis.WebSocket,
          headers: headersOf(project),
        }),
      ),
    sendRaw: async (text) => {
      const socket = await open();
      const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
      socket.send(text);
      await closed;
    },
    close: () => {
      for (const socket of sockets) socket.terminate();
    },
  };
}

/** The port of the desktop application's window. */
export function portTransport(serving: Serving): Transport {
  const ports: MessagePort[] = [];
  const open = (): MessagePort => {
    const { port1, port2 } = new MessageChannel();
    ports.push(port1);
    servePort(new MessagePortMainDouble(port2), {
      context: { studio: serving.studio },
    });
    return port1;
  };
  return {
    connect: async (project) => createORPCClient(new PortLink({ port: open(), headers: headersOf(project) })),
    sendRaw: async (text) => {
      const port = open();
      const closed = new Promise<void>((resolve) => void port.once('close', () => resolve()));
      port.postMessage(text, []);
      await closed;
    },
    close: () => {
      for (const port of ports) port.close();
    },
  };
}
