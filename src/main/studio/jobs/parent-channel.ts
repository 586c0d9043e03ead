import process from 'node:process';

/** A worker's way to the process that started it. */
export interface ParentChannel {
  /** Does nothing once the other side is gone. */
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called when the other side has closed the channel or is gone. */
  onClosed(listener: () => void): void;
}

/** Closes a channel that has no way of its own to say so: Electron's. */
export const closeMessage = 'loam:close';
/** Precedes the id of the process that started a worker, on the worker's command line. */
export const parentOption = '--loam-parent';

/** How often a worker of Electron looks whether its parent is still there, in milliseconds. */
const lookInterval = 1000;

/** What Electron gives to a utility process as `process.parentPort`. */
export interface ParentPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  postMessage(message: unknown): void;
}

/** The channel of this process: Electron's where it was started by Electron, else Node's own. */
export function openParentChannel(): ParentChannel {
  const { parentPort } = process as { readonly parentPort?: ParentPort };
  return parentPort === undefined ? nodeChannel() : electronChannel(parentPort, process.argv);
}

function nodeChannel(): ParentChannel {
  return {
    send: (message) => {
      // The channel can close between the question and the send: the callback keeps that from being an uncaught error.
      if (process.connected) process.send?.(message, undefined, {}, () => undefined);
    },
    onMessage: (listener) => void process.on('message', listener),
    onClosed: (listener) => void process.on('disconnect', listener),
  };
}

/**
 * Electron does not tell a utility process that its parent is gone, and ends it only some time later: so it looks for the
 * parent itself, by the process id on the command line.
 */
function electronChannel(port: ParentPort, words: readonly string[]): ParentChannel {
  const closed: (() => void)[] = [];
  const parent = Number(words[words.indexOf(parentOption) + 1]);
  let ended = false;
  const close = (): void => {
    if (ended) return;
    ended = true;
    clearInterval(timer);
    for (const listener of closed) listener();
  };
  const timer = setInterval(() => {
    if (Number.isInteger(parent) && !isAlive(parent)) close();
  }, lookInterval);
  timer.unref();
  return {
    send: (message) => {
      if (!ended) port.postMessage(message);
    },
    onMessage: (listener) =>
      void port.on('message', ({ data }) => {
        if (data === closeMessage) close();
        else listener(data);
      }),
    onClosed: (listener) => void closed.push(listener),
  };
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // It is there, but somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
