import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { bytesPerAcknowledgement } from './reading-pace.ts';

/** What the sockets of a server may hold of its memory, in bytes and milliseconds. */
export interface UnreadLimits {
  /** Of answers that the system has not taken yet, in all. */
  readonly unsent: number;
  /** Of messages that have come in part, and of calls that wait for their turn, in all. */
  readonly asked: number;
  /** How long a page may read nothing while something waits for it, or leave a message unfinished. */
  readonly patience: number;
  /** How often that is looked at. */
  readonly look: number;
}

export const usualUnreadLimits: UnreadLimits = {
  unsent: 32 * 2 ** 20,
  asked: 32 * 2 ** 20,
  patience: 30_000,
  look: 2000,
};

/** How a page stands with what it was sent and what it asks, in bytes. */
export interface SocketUse {
  /** What it has not shown to have read. */
  readonly unread: number;
  /** What it has read, of all that was sent. */
  readonly read: number;
  /** Calls that wait for their turn. */
  readonly asked: number;
}

/** Watches what the sockets of a server hold. */
export interface UnreadWatch {
  /**
   * @param stream what the connection goes over
   * @returns to be told how the page stands, whenever that has changed
   */
  readonly add: (connection: WebSocket, stream: Duplex) => (use: SocketUse) => void;
  readonly close: () => void;
}

/** Of a short frame from a browser: two bytes and the mask (RFC 6455, 5.2). */
const frameOverhead = 6;

/** What a page may not have shown to have read for as long as it likes: it is not asked about every byte. */
const mostUnanswered = 2 * bytesPerAcknowledgement;

interface Watched {
  readonly connection: WebSocket;
  use: SocketUse;
  /** What it had read when that was looked at last, and since when. */
  seen: number;
  readAt: number;
  /** Bytes of a message that has not come to its end. */
  unfinished: number;
  unfinishedSince: number;
}

/**
 * Ends the connections of pages that do not read or do not finish what they say, so that the server's memory has a bound that
 * no number of pages moves: each is held to its own share (`socket.ts`), and beyond a sum the one that holds most is ended,
 * until the rest fits. A page that was only asleep connects anew by itself.
 */
export function watchUnread(
  limits: UnreadLimits = usualUnreadLimits,
  now = () => performance.now(),
): UnreadWatch {
  const watched = new Set<Watched>();
  const end = (one: Watched): void => {
    watched.delete(one);
    one.connection.terminate();
  };
  const keepWithin = (limit: number, bytesOf: (one: Watched) => number): void => {
    let total = 0;
    for (const one of watched) total += bytesOf(one);
    if (total <= limit) return;
    for (const one of [...watched].toSorted((a, b) => bytesOf(b) - bytesOf(a))) {
      if (total <= limit) return;
      total -= bytesOf(one);
      end(one);
    }
  };
  const unsent = ({ connection }: Watched): number => connection.bufferedAmount;
  const asked = ({ unfinished, use }: Watched): number => unfinished + use.asked;

  const isLate = (one: Watched): boolean => {
    const time = now();
    if (one.use.unread === 0 || one.use.read > one.seen) {
      one.seen = one.use.read;
      one.readAt = time;
    }
    const halted =
      one.unfinished > 0 && !one.connection.isPaused && time - one.unfinishedSince > limits.patience;
    return halted || (one.use.unread > mostUnanswered && time - one.readAt > limits.patience);
  };
  const timer = setInterval(() => {
    for (const one of watched) if (isLate(one)) end(one);
  }, limits.look).unref();

  return {
    add: (connection, stream) => {
      const one: Watched = {
        connection,
        use: { unread: 0, read: 0, asked: 0 },
        seen: 0,
        readAt: now(),
        unfinished: 0,
        unfinishedSince: 0,
      };
      watched.add(one);
      connection.on('close', () => watched.delete(one));
      // Before the connection takes the bytes in, and says what they were.
      stream.prependListener('data', (chunk: Buffer) => {
        if (one.unfinished === 0) one.unfinishedSince = now();
        one.unfinished += chunk.length;
        keepWithin(limits.asked, asked);
      });
      connection.on('message', () => {
        one.unfinished = 0;
      });
      const takeFrame = (content: Buffer): void => {
        one.unfinished = Math.max(0, one.unfinished - frameOverhead - content.length);
      };
      connection.on('ping', takeFrame);
      connection.on('pong', takeFrame);
      return (use) => {
        one.use = use;
        keepWithin(limits.unsent, unsent);
        keepWithin(limits.asked, asked);
      };
    },
    close: () => clearInterval(timer),
  };
}
