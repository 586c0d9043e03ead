import { RPCHandler } from '@orpc/server/ws';
import { RequestHeadersPlugin } from '@orpc/server/plugins';
import type { WebSocket } from 'ws';
import type { CallContext } from '../../studio/implement.ts';
import { router } from '../../studio/router.ts';
import { mostStreams, readMessage, type PageMessage } from '../rpc/messages.ts';
import { createOpenCalls } from '../rpc/open-calls.ts';

/** Calls of one page that are worked on at a time; further ones wait for their turn. */
const mostAtOnce = 100;
/** What may wait for a page that reads slowly, in bytes, before its streams rest and its further calls wait. */
const mostWaiting = 2 ** 20;
/** Messages a second that a page may send for long, and at once; a page that sends more is read more slowly. */
const messageRate = 2000;
const messageBurst = 4000;
/** A page that does not answer for two of these, in milliseconds, is taken to be gone. */
const heartbeatInterval = 30_000;

/** Codes of RFC 6455 with which a connection is ended. */
const unsupported = 1003;
const malformed = 1007;

/**
 * Answers a page's calls over its socket, for as long as it is connected. What the page sends is checked before it is
 * believed, and neither a page that asks too much nor one that reads too slowly makes the server's memory grow: its calls
 * and streams wait, and it is no longer read from, until it has taken what waits for it.
 */
export function serveSocket(connection: WebSocket, context: Omit<CallContext, 'reqHeaders'>): void {
  const calls = createOpenCalls(mostStreams, () => goOn());
  const handler = new RPCHandler(router, {
    plugins: [new RequestHeadersPlugin()],
    interceptors: [calls.interceptor],
  });
  const reading = createReading(connection);
  const deliverTo: ((event: { readonly data: string }) => void)[] = [];
  const deliver = (text: string): void => {
    for (const listener of deliverTo) listener({ data: text });
  };

  let waiting: readonly (PageMessage & { readonly text: string })[] = [];
  let turn: NodeJS.Immediate | undefined;
  const takeTurn = (): void => {
    turn = undefined;
    const hasRead = connection.bufferedAmount <= mostWaiting;
    const free = hasRead ? Math.max(0, mostAtOnce - calls.unanswered()) : 0;
    const next = waiting.slice(0, free);
    waiting = waiting.slice(free);
    for (const { text } of next) deliver(text);
    if (waiting.length === 0) reading.resume('behind');
    else reading.pause('behind');
  };
  // After the turn's other work: then a call that was just given is counted, and the answer of one that has just ended is
  // among what waits to be sent. Several messages can come at once.
  const goOn = (): void => {
    turn ??= setImmediate(takeTurn);
  };

  const send = (data: string | ArrayBufferLike | Uint8Array): Promise<void> =>
    new Promise((resolve) => {
      if (connection.readyState !== connection.OPEN) {
        resolve();
        return;
      }
      // The callback comes once the system has taken the data, or the connection is lost.
      connection.send(data as string | Uint8Array, () => {
        resolve();
        goOn();
      });
      if (connection.bufferedAmount <= mostWaiting) resolve();
    });

  const bucket = createBucket(messageRate, messageBurst);
  connection.on('message', (data, isBinary) => {
    // What still comes after a refusal is not heard.
    if (connection.readyState !== connection.OPEN) return;
    if (isBinary) {
      connection.close(unsupported, 'Loam’s pages send text.');
      return;
    }
    const text = Buffer.isBuffer(data) ? data.toString('utf8') : '';
    const message = readMessage(text);
    if (message === undefined) {
      connection.close(malformed, 'This is no message of Loam’s pages.');
      return;
    }
    const rest = bucket.take();
    if (rest > 0) {
      reading.pause('busy');
      setTimeout(() => reading.resume('busy'), rest);
    }
    if (message.kind === 'call') {
      waiting = [...waiting, { ...message, text }];
      goOn();
      return;
    }
    // A call that is given up before its turn never comes.
    waiting = waiting.filter(({ id }) => id !== message.id);
    deliver(text);
  });
  connection.on('error', () => connection.terminate());
  connection.on('close', () => {
    waiting = [];
  });
  keepAlive(connection);

  const channel = {
    send,
    addEventListener: (type: string, listener: (event: never) => void) => {
      if (type === 'message') deliverTo.push(listener as (event: { readonly data: string }) => void);
      else if (type === 'close') connection.on('close', listener as () => void);
    },
  };
  void handler.upgrade(channel as unknown as Pick<WebSocket, 'addEventListener' | 'send'>, { context });
}

/** The page asks more than it can be given now, or more often than it may. */
type PauseReason = 'behind' | 'busy';

/** Stops reading from a connection while there is any reason to. */
function createReading(connection: WebSocket): {
  readonly pause: (reason: PauseReason) => void;
  readonly resume: (reason: PauseReason) => void;
} {
  const reasons = new Set<PauseReason>();
  return {
    pause: (reason) => {
      reasons.add(reason);
      connection.pause();
    },
    resume: (reason) => {
      if (reasons.delete(reason) && reasons.size === 0) connection.resume();
    },
  };
}

/** A token bucket: says how long to rest, in milliseconds, before the next message may come. */
function createBucket(rate: number, burst: number): { readonly take: () => number } {
  let tokens = burst;
  let last = performance.now();
  return {
    take: () => {
      const now = performance.now();
      tokens = Math.min(burst, tokens + ((now - last) * rate) / 1000) - 1;
      last = now;
      return tokens >= 0 ? 0 : Math.ceil((-tokens * 1000) / rate);
    },
  };
}

function keepAlive(connection: WebSocket): void {
  let answered = true;
  const timer = setInterval(() => {
    if (!answered) {
      connection.terminate();
      return;
    }
    answered = false;
    connection.ping();
  }, heartbeatInterval);
  timer.unref();
  connection.on('pong', () => {
    answered = true;
  });
  connection.on('close', () => clearInterval(timer));
}
