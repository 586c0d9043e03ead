import { LoamError } from '../../../../shared/errors.ts';
import { TimeLimitError, withinTime as stopAfter } from '../../../llm/tokenizers/time-limit.ts';

/** Milliseconds of computing. Usual expressions read a million signs in a fiftieth of it. */
const longestTurn = 5000;

/** How many times longer than it may compute work may last: a busy machine gives it the processor only now and then. */
const longestWaits = [1, 4, 16];

/** Does work under a limit of time. */
export type TimeLimit = <Result>(work: () => Result) => Result;

/**
 * Does work that a regular expression of a person may keep from ending: matching goes back and forth, and "(a+)+$" takes
 * longer than anybody waits. What counts is the time that this thread computes; work that was stopped for the waiting alone
 * is done again, so that doing it twice must be the same as once.
 * @throws LoamError when the work takes too long, or what the work throws.
 */
export function withinTime<Result>(work: () => Result, milliseconds = longestTurn): Result {
  let stopped: TimeLimitError | undefined;
  for (const wait of longestWaits) {
    const before = process.threadCpuUsage();
    const done = inOneGo(work, milliseconds * wait);
    if (!(done instanceof TimeLimitError)) return done.result;
    stopped = done;
    const { user, system } = process.threadCpuUsage(before);
    // The clocks differ a little.
    if ((user + system) / 1000 > 0.9 * milliseconds) break;
  }
  throw new LoamError(
    {
      kind: 'input',
      what: `The expression takes too long: it was stopped after ${milliseconds / 1000} seconds within one of the texts.`,
      remedy:
        'Write it without repeats inside of repeats, such as (a+)+ or (.*,)*, or look for a text as it is written.',
    },
    { cause: stopped },
  );
}

/**
 * Does work on many short texts under one limit: setting a limit takes longer than such a text.
 * @returns undefined when it did not come to its end, whatever the reason.
 * @throws what the work throws
 */
export function inOneTurn<Result>(work: () => Result): { readonly result: Result } | undefined {
  const done = inOneGo(work, longestTurn);
  return done instanceof TimeLimitError ? undefined : done;
}

function inOneGo<Result>(
  work: () => Result,
  milliseconds: number,
): { readonly result: Result } | TimeLimitError {
  let done: { readonly result: Result } | undefined;
  try {
    stopAfter(() => {
      done = { result: work() };
    }, milliseconds);
  } catch (error) {
    if (error instanceof TimeLimitError) return error;
    throw error;
  }
  if (done === undefined) throw new Error('Work under a limit of time has neither ended nor failed.');
  return done;
}
