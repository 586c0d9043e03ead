import { RPCHandler } from '@orpc/server/message-port';
import { RequestHeadersPlugin } from '@orpc/server/plugins';
import type { MessagePortMain } from 'electron';
import type { CallContext } from '../../studio/api/implement.ts';
import { router } from '../../studio/api/router.ts';
import { longestMessage, mostStreams, readMessage } from '../rpc/messages.ts';
import { createOpenCalls } from '../rpc/open-calls.ts';

export interface ServePortOptions {
  readonly context: Omit<CallContext, 'reqHeaders'>;
  /** Told the name of each procedure that was answered without an error: `['projects', 'open']`. */
  readonly onAnswered?: (path: readonly string[]) => void;
}

/**
 * Answers the calls of the window's page over a port, for as long as it is open. What is no call closes the port: a page
 * that sends such is not the studio's.
 */
export function servePort(port: MessagePortMain, { context, onAnswered }: ServePortOptions): void {
  const calls = createOpenCalls(mostStreams);
  const handler = new RPCHandler(router, {
    plugins: [new RequestHeadersPlugin()],
    interceptors: [calls.interceptor],
    clientInterceptors: [
      async (call) => {
        const output = await call.next();
        onAnswered?.(call.path);
        return output;
      },
    ],
  });
  let open = true;
  port.on('close', () => {
    open = false;
  });
  const listeners: ((event: { readonly data: unknown }) => void)[] = [];
  port.on('message', ({ data }: { readonly data: unknown }) => {
    if (!open) return;
    if (typeof data !== 'string' || data.length > longestMessage || readMessage(data) === undefined) {
      open = false;
      port.close();
      return;
    }
    for (const listener of listeners) listener({ data });
  });
  handler.upgrade(
    {
      on: (event: string, listener: (event?: { readonly data: unknown }) => void) => {
        if (event === 'message') listeners.push(listener);
        else if (event === 'close') port.on('close', () => listener());
      },
      postMessage: (data: unknown) => {
        if (open) port.postMessage(data);
      },
    },
    { context },
  );
  port.start();
}
