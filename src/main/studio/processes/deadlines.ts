import { Worker } from 'node:worker_threads';

/**
 * What there is time for once the system has asked for an end, in milliseconds: services are given ten seconds before they are
 * killed. Work that has not stopped is ended first, then the process itself.
 */
export const workDeadline = 8000;
export const processDeadline = 9500;

/** Ends this process whatever it is doing by then: by a thread of its own, since the event loop may be what is busy. */
export function endProcessAfter(milliseconds: number): void {
  const source = `setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${milliseconds})`;
  new Worker(source, { eval: true, execArgv: [] }).unref();
}
