import { createContext, Script } from 'node:vm';
import { LoamError } from '../../../../shared/errors.ts';

/** Milliseconds. Usual expressions read a million signs in a fiftieth of it. */
const longestTurn = 5000;

const script = new Script('work()');
const holder: { work: () => void } = { work: () => undefined };
const context = createContext(holder);

/**
 * Does work that a regular expression of a person may keep from ending: matching goes back and forth, and "(a+)+$" takes
 * longer than anybody waits. V8 stops a script after a time, also within an expression.
 * @throws LoamError when the work takes too long, or what the work throws.
 */
export function withinTime(work: () => void, milliseconds = longestTurn): void {
  holder.work = work;
  try {
    script.runInContext(context, { timeout: milliseconds });
  } catch (error) {
    if (isTimeout(error))
      throw new LoamError(
        {
          kind: 'input',
          what: `The expression takes too long: it was stopped after ${milliseconds / 1000} seconds within one of the texts.`,
          remedy:
            'Write it without repeats inside of repeats, such as (a+)+ or (.*,)*, or look for a text as it is written.',
        },
        { cause: error },
      );
    throw error;
  } finally {
    holder.work = () => undefined;
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
