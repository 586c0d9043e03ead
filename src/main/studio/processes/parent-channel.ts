import process from 'node:process';

/** A worker's way to the process that started it. */
export interface ParentChannel {
  /** Does nothing once the other side is gone. */
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called when the other side has closed the channel or is gone. */
  onClosed(listener: () => void): void;
}

/** Asks a worker to end: what is under way is stopped as when the other side is gone. */
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
  const { closed, close } = createClosing();
  process.on('disconnect', close);
  return {
    send: (message) => {
      // The channel can close between the question and the send: the callback keeps that from being an uncaught error.
      if (process.connected) process.send?.(message, undefined, {}, () => undefined);
    },
    onMessage: (listener) =>
      void process.on('message', (message) => {
        if (message === closeMessage) close();
        else listener(message);
      }),
    onClosed: (listener) => void closed.push(listener),
  };
}

/**
 * Electron does not tell a utility process that its parent is gone, and ends it only some time later: so it looks for the
 * parent itself, by the process id on the command line.
 */
function electronChannel(port: ParentPort, words: readonly string[]): ParentChannel {
  const { closed, close } = createClosing();
  const parent = parentOnCommandLine(words);
  const timer = setInterval(() => {
    if (parent !== undefined && !isAlive(parent)) close();
  }, lookInterval);
  timer.unref();
  let ended = false;
  closed.push(() => {
    ended = true;
    clearInterval(timer);
  });
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

/** The id of the process that started this one, where its command line says so. */
export function parentOnCommandLine(words: readonly string[]): number | undefined {
  const parent = Number(words[words.indexOf(parentOption) + 1]);
  return words.includes(parentOption) && Number.isInteger(parent) ? parent : undefined;
}

/** Who is to be told, once, that a channel is closed. */
function createClosing(): { readonly closed: (() => void)[]; readonly close: () => void } {
  const closed: (() => void)[] = [];
  return {
    closed,
    close: () => {
      for (const listener of closed.splice(0)) listener();
    },
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
