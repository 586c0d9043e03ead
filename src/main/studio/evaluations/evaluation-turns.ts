/** The work that was asked for last, and all before it. */
let last: Promise<unknown> = Promise.resolve();
let waiting = 0;

/**
 * Does work once all that was asked for before it has ended: each measurement uses all cores, and two at once would take
 * longer together than one after the other.
 * @param onWaiting called when there is something to wait for, with how many are before it.
 * @throws what the work throws, or the signal's reason when it aborts before its turn.
 */
export async function inEvaluationTurn<Result>(
  signal: AbortSignal,
  onWaiting: (ahead: number) => void,
  work: () => Promise<Result>,
): Promise<Result> {
  const before = last;
  const ended = Promise.withResolvers<undefined>();
  last = before.then(() => ended.promise);
  if (waiting > 0) onWaiting(waiting);
  waiting++;
  try {
    await untilAborted(before, signal);
    return await work();
  } finally {
    waiting--;
    ended.resolve(undefined);
  }
}

async function untilAborted(promise: Promise<unknown>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = (): void =>
    aborted.reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
