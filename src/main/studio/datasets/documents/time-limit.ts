import { LoamError } from '../../../../shared/errors.ts';
import { TimeLimitError, withinTime as stopAfter } from '../../../llm/generation/time-limit.ts';

/** Milliseconds. Usual expressions read a million signs in a fiftieth of it. */
const longestTurn = 5000;

/**
 * Does work that a regular expression of a person may keep from ending: matching goes back and forth, and "(a+)+$" takes
 * longer than anybody waits.
 * @throws LoamError when the work takes too long, or what the work throws.
 */
export function withinTime(work: () => void, milliseconds = longestTurn): void {
  try {
    stopAfter(work, milliseconds);
  } catch (error) {
    if (!(error instanceof TimeLimitError)) throw error;
    throw new LoamError(
      {
        kind: 'input',
        what: `The expression takes too long: it was stopped after ${milliseconds / 1000} seconds within one of the texts.`,
        remedy:
          'Write it without repeats inside of repeats, such as (a+)+ or (.*,)*, or look for a text as it is written.',
      },
      { cause: error },
    );
  }
}
