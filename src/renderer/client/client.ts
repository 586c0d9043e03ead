import { createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { createTanstackQueryUtils } from '@orpc/tanstack-query';
import { WebSocket as ReconnectingWebSocket } from 'partysocket';
import { connectMessage } from '../../shared/bridge.ts';
import type { contract } from '../../shared/contract.ts';
import { projectHeader } from '../../shared/rpc.ts';
import { watchConnection } from './connection.ts';
import { currentProject } from './current-project.ts';

/** Each call says which project this window shows. */
const headers = () => {
  const folder = currentProject();
  return folder === undefined ? {} : { [projectHeader]: encodeURIComponent(folder) };
};

function createLink() {
  if (window.loam !== undefined) {
    const { port1, port2 } = new MessageChannel();
    window.postMessage(connectMessage, '*', [port2]);
    port1.start();
    return new PortLink({ port: port1, headers });
  }
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new ReconnectingWebSocket(`${scheme}//${location.host}/rpc`, undefined, {
    minReconnectionDelay: 300,
    maxReconnectionDelay: 3000,
  });
  watchConnection(socket);
  // It behaves as a WebSocket does; only its type of readyState is wider.
  return new SocketLink({ websocket: socket as unknown as WebSocket, headers });
}

/** Calls the studio, over the desktop application's port or the server's socket, with the contract's types. */
export const client: ContractRouterClient<typeof contract> = createORPCClient(createLink());

/** The same as options for TanStack Query: `useQuery(api.runs.list.queryOptions())`. */
export const api = createTanstackQueryUtils(client);
