import { keepFilesPrivate } from '../../../src/main/studio/file-permissions.ts';
import type { Ended } from './loam.ts';

/** Commands share the streams, the folder and the environment of this process, so they run one after the other. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs a command in this process: the same words, streams and exit code as a process of its own has, without the start of
 * one. What a command does to its process (signals, the end) is for tests that start one.
 */
export function callLoam(
  words: readonly string[],
  place: { readonly cwd: string; readonly home: string },
): Promise<Ended> {
  const ended = last.then(() => run(words, place));
  last = ended.catch(() => undefined);
  return ended;
}

async function run(
  words: readonly string[],
  { cwd, home }: { readonly cwd: string; readonly home: string },
): Promise<Ended> {
  const { runCommandLine } = await import('../../../src/main/hosts/cli/run-command-line.ts');
  keepFilesPrivate();
  const before = { cwd: process.cwd(), home: process.env['LOAM_HOME'] };
  const signals = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => ({
    signal,
    listeners: process.listeners(signal),
  }));
  const stdout = capture(process.stdout);
  const stderr = capture(process.stderr);
  try {
    process.chdir(cwd);
    process.env['LOAM_HOME'] = home;
    const code = await runCommandLine(words);
    return { code, signal: null, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    stdout.release();
    stderr.release();
    // A command keeps the signals until its process ends.
    for (const { signal, listeners } of signals)
      for (const listener of process.listeners(signal))
        if (!listeners.includes(listener)) process.removeListener(signal, listener);
    process.chdir(before.cwd);
    if (before.home === undefined) delete process.env['LOAM_HOME'];
    else process.env['LOAM_HOME'] = before.home;
  }
}

/** Keeps what is written to a stream instead of writing it. */
function capture(stream: NodeJS.WriteStream): { readonly text: () => string; readonly release: () => void } {
  let text = '';
  const write = (chunk: string | Uint8Array, ...rest: readonly unknown[]): boolean => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    const written = rest.find((value): value is () => void => typeof value === 'function');
    if (written !== undefined) process.nextTick(written);
    return true;
  };
  const before = Object.getOwnPropertyDescriptor(stream, 'write');
  Object.defineProperty(stream, 'write', { configurable: true, writable: true, value: write });
  return {
    text: () => text,
    release: () => {
      // The stream's own is its prototype's, unless something else took its place before.
      Reflect.deleteProperty(stream, 'write');
      if (before !== undefined) Object.defineProperty(stream, 'write', before);
    },
  };
}
