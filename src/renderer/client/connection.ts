import { useSyncExternalStore } from 'react';

/**
 * `connected`: the studio answers. `lost`: it does not, and the page asks again by itself. `expired`: it was started anew,
 * or the session that this page was opened with was revoked.
 */
export type Connection = 'connected' | 'lost' | 'expired';

/** How long a connection may be away before the page says so, in milliseconds: a short hiccup is nobody's business. */
const patience = 1500;
/** Where a server says whether this browser may still come in. */
const sessionPath = '/session';
const askInterval = 3000;

const listeners = new Set<() => void>();
const onceMore = new Set<() => void>();
let connection: Connection = 'connected';
let isOpen = true;

function become(next: Connection): void {
  if (next === connection) return;
  connection = next;
  for (const listener of listeners) listener();
}

/** The part of a socket that is watched. */
interface Watched {
  addEventListener(type: 'open' | 'close', listener: () => void): void;
}

/** Follows whether a socket is open, and finds out why it is not. */
export function watchConnection(socket: Watched): void {
  let asking: ReturnType<typeof setTimeout> | undefined;
  const ask = async (): Promise<void> => {
    try {
      const { status } = await fetch(sessionPath, { cache: 'no-store' });
      if (asking !== undefined) become(status === 401 || status === 403 ? 'expired' : 'lost');
    } catch {
      if (asking !== undefined) become('lost');
    }
    if (asking !== undefined) asking = setTimeout(() => void ask(), askInterval);
  };
  let opened = 0;
  socket.addEventListener('open', () => {
    clearTimeout(asking);
    asking = undefined;
    isOpen = true;
    become('connected');
    if (opened++ > 0) for (const listener of onceMore) listener();
  });
  socket.addEventListener('close', () => {
    isOpen = false;
    asking ??= setTimeout(() => void ask(), patience);
  });
}

/** Whether a call made now can be answered. */
export function isReachable(): boolean {
  return isOpen;
}

/** Is called each time that the studio answers again after it did not. */
export function onReconnect(listener: () => void): void {
  onceMore.add(listener);
}

/** How the page stands with the studio. */
export function useConnection(): Connection {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => connection,
  );
}
