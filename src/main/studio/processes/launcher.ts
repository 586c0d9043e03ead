import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { closeMessage } from './parent-channel.ts';
import { workerHeapMegabytes, workerModules, type WorkerKind } from './worker-modules.ts';

export type { WorkerKind } from './worker-modules.ts';

/** How a worker process ended. */
export interface WorkerExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** The last lines that it, or a library in it, wrote to its standard error. */
  readonly lastWords: string;
}

/** A worker process as its parent sees it. */
export interface WorkerProcess {
  readonly pid: number | undefined;
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, when the process has ended or could not be started. */
  onExit(listener: (exit: WorkerExit) => void): void;
  /** Asks the worker to finish what it must and exit. One whose event loop is stuck does not hear it. */
  askToEnd(): void;
  /** Ends the process at once. */
  kill(): void;
}

/** Starts a worker process. Electron brings another one, made of its utility processes. */
export type Launcher = (kind: WorkerKind) => WorkerProcess;

const lastWordsLength = 4000;

/** Starts workers with Node's own `fork`. */
export const forkLauncher: Launcher = (kind) =>
  forkModule(new URL(`../../${workerModules[kind]}`, import.meta.url), workerHeapMegabytes[kind]);

/**
 * Starts a process from a module.
 * @param heapMegabytes of JavaScript's own memory that it may take. Default: what Node thinks right for the machine.
 */
export function forkModule(module: URL, heapMegabytes?: number): WorkerProcess {
  const child = fork(fileURLToPath(module), [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [
      '--disable-warning=ExperimentalWarning',
      ...(heapMegabytes === undefined ? [] : [`--max-old-space-size=${heapMegabytes}`]),
    ],
    // ONNX Runtime reads this once, when its library is loaded.
    env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' },
  });
  let lastWords = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    lastWords = (lastWords + chunk).slice(-lastWordsLength);
  });
  return {
    pid: child.pid,
    send: (message) => void child.send(message as object, () => undefined),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => {
      let told = false;
      const tell = (exit: WorkerExit): void => {
        if (!told) listener(exit);
        told = true;
      };
      // 'close' would be the event to wait for, but it does not come when the channel was closed from this side.
      child.on('exit', (code, signal) => {
        const tellAll = (): void => tell({ code, signal, lastWords });
        if (child.stderr === null || child.stderr.closed) tellAll();
        else child.stderr.once('close', tellAll);
      });
      child.on('error', (error) => tell({ code: null, signal: null, lastWords: error.message }));
    },
    askToEnd: () => void child.send(closeMessage, () => undefined),
    kill: () => void child.kill('SIGKILL'),
  };
}
