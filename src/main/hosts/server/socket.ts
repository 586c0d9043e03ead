import { RPCHandler } from '@orpc/server/ws';
import { RequestHeadersPlugin } from '@orpc/server/plugins';
import type { WebSocket } from 'ws';
import type { CallContext } from '../../studio/api/implement.ts';
import { router } from '../../studio/api/router.ts';
import { longestMessage, mostStreams, readMessage, type PageMessage } from '../rpc/messages.ts';
import { createOpenCalls } from '../rpc/open-calls.ts';
import { bytesPerAcknowledgement, followReading } from './reading-pace.ts';
import type { SocketUse } from './unread.ts';

/** Calls of one page that are worked on at a time; further ones wait for their turn. */
const mostAtOnce = 100;
/** Of longer calls than this, in bytes, one is worked on at a time: a hundred may not hold a hundred long messages. */
const longCall = 2 ** 16;
/** What a page may not have read yet, in bytes, before its streams rest and its further calls wait. */
const mostWaiting = 2 ** 18;
/** Calls that are worked on at a time for a page that has not shown yet how fast it reads. */
const firstAtOnce = 8;
/** Messages a second that a page may send for long, and at once; a page that sends more is read more slowly. */
const messageRate = 2000;
const messageBurst = 4000;
/** A page that does not answer for two of these, in milliseconds, is taken to be gone. */
const heartbeatInterval = 30_000;

/** What the calls that wait for their turn may take, in bytes: the longest message and as much again. */
const mostAsked = 2 * longestMessage;

/** Codes of RFC 6455 with which a connection is ended. */
const unsupported = 1003;
const malformed = 1007;
const tooMuch = 1008;

/**
 * Answers a page's calls over its socket, for as long as it is connected. What the page sends is checked before it is
 * believed, and neither a page that asks too much nor one that reads too slowly makes the server's memory grow: its calls
 * and streams wait until it has read what was sent to it, and one that goes on asking is disconnected.
 * @param watched told how the page stands, whenever it has read, asked or been sent something
 */
export function serveSocket(
  connection: WebSocket,
  context: Omit<CallContext, 'reqHeaders'>,
  watched: (use: SocketUse) => void = () => undefined,
): void {
  const calls = createOpenCalls(mostStreams, () => goOn());
  const handler = new RPCHandler(router, {
    plugins: [new RequestHeadersPlugin()],
    interceptors: [calls.interceptor],
  });
  const pace = followReading(connection, () => {
    tellUse();
    goOn();
  });
  const tellUse = (): void => watched({ unread: pace.unread(), read: pace.read(), asked });
  const deliverTo: ((event: { readonly data: string }) => void)[] = [];
  const deliver = (text: string): void => {
    for (const listener of deliverTo) listener({ data: text });
  };

  let waiting: readonly (PageMessage & { readonly text: string })[] = [];
  let asked = 0;
  const wait = (calls: typeof waiting): void => {
    waiting = calls;
    asked = calls.reduce((sum, { text }) => sum + text.length, 0);
  };
  let turn: NodeJS.Immediate | undefined;
  let atOnce = firstAtOnce;
  /** Since the last turn. */
  let hasSent = false;
  let hasLongCall = false;
  const takeTurn = (): void => {
    turn = undefined;
    const unread = pace.unread();
    // As a sender of TCP feels its way: how large an answer is shows only when it is there.
    if (unread > mostWaiting) atOnce = 1;
    else if (hasSent && unread < bytesPerAcknowledgement) atOnce = Math.min(mostAtOnce, atOnce * 2);
    hasSent = false;
    const free = unread <= mostWaiting ? Math.max(0, atOnce - calls.unanswered()) : 0;
    if (free === 0 || waiting.length === 0) return;
    // Which calls have their answer is not known, only how many have none. What waits behind a long call waits with it, so
    // that there is a moment at which none is under way.
    if (calls.unanswered() === 0) hasLongCall = false;
    const next: string[] = [];
    for (const { text } of waiting.slice(0, free)) {
      const isLong = text.length > longCall;
      if (isLong && hasLongCall) break;
      hasLongCall ||= isLong;
      next.push(text);
    }
    wait(waiting.slice(next.length));
    for (const text of next) deliver(text);
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
      const bytes = typeof data === 'string' ? Buffer.from(data) : data;
      // The callback comes once the system has taken the data, or the connection is lost.
      connection.send(bytes, { binary: false }, () => {
        resolve();
        goOn();
      });
      pace.sent(bytes.byteLength);
      hasSent = true;
      tellUse();
      if (pace.unread() <= mostWaiting) resolve();
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
      connection.pause();
      setTimeout(() => connection.resume(), rest);
    }
    if (message.kind === 'call') {
      if (asked + text.length > mostAsked) {
        connection.close(tooMuch, 'This page asks on and does not read.');
        return;
      }
      waiting = [...waiting, { ...message, text }];
      asked += text.length;
      tellUse();
      goOn();
      return;
    }
    // A call that is given up before its turn never comes.
    wait(waiting.filter(({ id }) => id !== message.id));
    deliver(text);
  });
  connection.on('error', () => connection.terminate());
  connection.on('close', () => wait([]));
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
