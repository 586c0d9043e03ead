import { endProcessAfter, processDeadline, workDeadline } from '../../studio/processes/deadlines.ts';
import { StopRequest } from '../../studio/processes/stop-request.ts';
import type { Terminal } from './terminal.ts';

/** What Ctrl-C means while a command works. */
export interface Interrupts {
  /** Aborts at the first Ctrl-C (or when the terminal is closed, or the system asks for an end): stop in good order. */
  readonly stop: AbortSignal;
  /**
   * Aborts at the second: stop at once. Also when the system asked for an end (SIGTERM, the terminal was closed) and eight
   * seconds have passed: services are given ten before they are killed.
   */
  readonly kill: AbortSignal;
  /** Whether there was a first one. */
  interrupted(): boolean;
  /**
   * The command has ended: what comes from now on ends the process with the exit code that it has. The signals are never
   * given back to the system, which would end a process on its way out by the signal instead.
   */
  commandEnded(): void;
}

/** Ctrl-C: a person is there, and can press it again. */
const fromPerson = ['SIGINT'] as const;
/** Nobody waits for long after these. Windows knows no SIGTERM: there it is the closed window, and Ctrl-Break. */
const fromSystem = ['SIGTERM', 'SIGHUP', 'SIGBREAK'] as const;

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
  let hurried = false;
  const hurry = (): void => {
    listener();
    if (hurried) return;
    hurried = true;
    setTimeout(() => kill.abort(new StopRequest('requested')), workDeadline).unref();
    endProcessAfter(processDeadline);
  };
  for (const signal of fromPerson) process.on(signal, listener);
  for (const signal of fromSystem) if (isKnown(signal)) process.on(signal, hurry);
  return {
    stop: stop.signal,
    kill: kill.signal,
    interrupted: () => stop.signal.aborted,
    commandEnded: () => {
      ended = true;
    },
  };
}

function isKnown(signal: (typeof fromSystem)[number]): boolean {
  return signal !== 'SIGBREAK' || process.platform === 'win32';
}
