import type { WebSocket } from 'ws';

/** How far a page has read what was sent to it. */
export interface ReadingPace {
  /** To be told of everything that is sent, in bytes. */
  readonly sent: (bytes: number) => void;
  /** Bytes of which the page has not shown that it read them. */
  readonly unread: () => number;
  /** Bytes that it has shown to have read, of all that was sent. */
  readonly read: () => number;
}

/** How often the page is asked how far it has read, in bytes. */
export const bytesPerAcknowledgement = 2 ** 16;

/**
 * Follows how far a page reads. What a connection says of its buffer would not do: the two systems between take megabytes
 * from a page that reads nothing. So a ping goes along every 64 kB with the number of bytes before it, and a browser answers
 * when it comes to read it (RFC 6455, 5.5.2).
 * @param onRead told when the page has read something
 */
export function followReading(connection: WebSocket, onRead: () => void): ReadingPace {
  let sent = 0;
  let asked = 0;
  let read = 0;
  connection.on('pong', (content: Buffer) => {
    const upTo = Number(content.toString('latin1'));
    // A page cannot have read what was not sent.
    if (!(upTo > read && upTo <= asked)) return;
    read = upTo;
    onRead();
  });
  return {
    sent: (bytes) => {
      sent += bytes;
      if (sent - asked < bytesPerAcknowledgement || connection.readyState !== connection.OPEN) return;
      asked = sent;
      connection.ping(String(sent));
    },
    unread: () => sent - read,
    read: () => read,
  };
}
