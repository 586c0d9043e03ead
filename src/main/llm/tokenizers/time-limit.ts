import { createContext, Script } from 'node:vm';

/** Work took longer than it may. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError';
}

const script = new Script('work()');
const nothing = (): void => undefined;
const holder = { work: nothing };
const context = createContext(holder);

/**
 * Does work that may never end, such as a program or an expression that somebody else wrote: V8 stops it after a time,
 * wherever it is.
 * @throws TimeLimitError when it takes too long, or what the work throws
 */
export function withinTime(work: () => void, milliseconds: number): void {
  holder.work = work;
  try {
    script.runInContext(context, { timeout: milliseconds });
  } catch (error) {
    if (isTimeout(error))
      throw new TimeLimitError(`It was stopped after ${milliseconds / 1000} seconds.`, { cause: error });
    throw error;
  } finally {
    holder.work = nothing;
  }
}

/** The error may be of another realm, and then is no instance of this one's Error. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
