import { StopRequest } from '../../studio/jobs/stop-request.ts';
import type { Terminal } from './terminal.ts';

/** What Ctrl-C means while a command works. */
export interface Interrupts {
  /** Aborts at the first Ctrl-C (or when the terminal is closed, or the system asks for an end): stop in good order. */
  readonly stop: AbortSignal;
  /** Aborts at the second: stop at once. */
  readonly kill: AbortSignal;
  /** Whether there was a first one. */
  interrupted(): boolean;
  /**
   * The command has ended: what comes from now on ends the process with the exit code that it has. The signals are never
   * given back to the system, which would end a process on its way out by the signal instead.
   */
  commandEnded(): void;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** @param announcement what is said at the first Ctrl-C. */
export function listenForInterrupts(terminal: Terminal, announcement: string): Interrupts {
  const stop = new AbortController();
  const kill = new AbortController();
  let ended = false;
  const listener = (): void => {
    if (ended) process.exit();
    if (stop.signal.aborted) {
      kill.abort(new StopRequest('requested'));
      return;
    }
    terminal.say(announcement);
    stop.abort(new StopRequest('requested'));
  };
  for (const signal of signals) process.on(signal, listener);
  return {
    stop: stop.signal,
    kill: kill.signal,
    interrupted: () => stop.signal.aborted,
    commandEnded: () => {
      ended = true;
    },
  };
}
