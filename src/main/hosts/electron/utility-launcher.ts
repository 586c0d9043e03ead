import { join } from 'node:path';
import { utilityProcess } from 'electron';
import type { Launcher, WorkerExit, WorkerKind, WorkerProcess } from '../../studio/processes/launcher.ts';
import { workerHeapMegabytes } from '../../studio/processes/worker-modules.ts';
import { closeMessage, parentOption } from '../../studio/processes/parent-channel.ts';

/** How much of what a worker writes to its standard error is kept, in characters. */
const lastWordsLength = 4000;

/**
 * Starts workers as Electron's utility processes, since a packaged application cannot be forked as Node.
 * @param folder where the build puts a bundle for each kind, beside the main one
 */
export function createUtilityLauncher(folder: string): Launcher {
  return (kind) => startUtility(join(folder, `${kind}-worker.js`), kind);
}

function startUtility(module: string, kind: WorkerKind): WorkerProcess {
  const child = utilityProcess.fork(module, [parentOption, String(process.pid)], {
    serviceName: `Loam ${kind}`,
    stdio: ['ignore', 'ignore', 'pipe'],
    execArgv: [`--js-flags=--max-old-space-size=${workerHeapMegabytes[kind]}`],
    // ONNX Runtime reads this once, when its library is loaded.
    env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' },
  });
  const post = child.postMessage.bind(child);
  let lastWords = '';
  const keep = (text: string): void => {
    lastWords = (lastWords + text).slice(-lastWordsLength);
  };
  child.stderr?.on('data', (chunk: Buffer) => keep(chunk.toString('utf8')));
  child.on('error', (type, location) => keep(`${type} at ${location}\n`));
  let ended = false;
  child.on('exit', () => {
    ended = true;
  });
  return {
    get pid() {
      return child.pid;
    },
    send: (message) => {
      if (!ended) post(message);
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) =>
      void child.on('exit', (code) => listener({ code, signal: null, lastWords } satisfies WorkerExit)),
    askToEnd: () => {
      if (!ended) post(closeMessage);
    },
    kill: () => {
      if (ended) return;
      // Electron's own `kill` asks politely; a worker that is to end at once may be busy.
      if (child.pid === undefined) child.kill();
      else
        try {
          process.kill(child.pid, 'SIGKILL');
        } catch {
          // It has ended meanwhile.
        }
    },
  };
}
