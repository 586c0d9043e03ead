import { Worker } from 'node:worker_threads';

/** What a worker whose parent is gone is given, in seconds. */
export interface WatchdogLimits {
  /** How long its event loop may stand still. */
  readonly silence: number;
  /** How long it may take in all to save what it has and exit. */
  readonly ending: number;
}

/**
 * A minute: work that was asked for is cut into pieces that are much shorter than that. Ten minutes: a checkpoint of some
 * gigabytes is written to a slow disk in that time.
 */
const usualLimits: WatchdogLimits = { silence: 60, ending: 600 };

/**
 * Looks every second from a thread of its own, which goes on when the process's event loop does not. Seconds are counted
 * rather than measured, so that a machine that slept, or a process that was halted, has not been silent meanwhile.
 */
const source = `
const { workerData } = require('node:worker_threads');
const { beats, parent, startedBy, silence, ending } = workerData;
let heard = 0;
let silent = 0;
let alone = 0;
const isGone = () => {
  if (parent === undefined) return process.ppid !== startedBy;
  try {
    process.kill(parent, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
};
setInterval(() => {
  const beat = Atomics.load(beats, 0);
  silent = beat === heard ? silent + 1 : 0;
  heard = beat;
  alone = isGone() ? alone + 1 : 0;
  if (alone > 0 && (silent >= silence || alone >= ending)) process.kill(process.pid, 'SIGKILL');
}, 1000);
`;

/**
 * Ends this process when the one that started it is gone and it does not end by itself: because its event loop is stuck,
 * so that it has not noticed, or because its work does not heed being stopped. While the parent lives, nothing is ended
 * from here, however long a computation holds the event loop: the parent decides (`worker-client.ts`).
 * @param parent the process that is the parent, where the system's own answer would be another: Electron's workers
 */
export function watchForParent(parent: number | undefined, limits: WatchdogLimits = usualLimits): void {
  const beats = new Int32Array(new SharedArrayBuffer(4));
  setInterval(() => Atomics.add(beats, 0, 1), 500).unref();
  const thread = new Worker(source, {
    eval: true,
    execArgv: [],
    workerData: { beats, parent, startedBy: process.ppid, ...limits },
  });
  thread.unref();
}
