import { createInterface } from 'node:readline/promises';
import { LoamError } from '../../../shared/errors.ts';
import { printable } from './printable.ts';

/**
 * Asks a person at the terminal; nothing but yes is a yes.
 * @param beforehand the command that answers yes beforehand
 * @throws LoamError of kind 'misuse' where nobody can be asked, of kind 'interrupted' at Ctrl-C
 */
export async function confirm(question: string, beforehand: string, signal?: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new LoamError({
      kind: 'misuse',
      what: 'This asks before it is done, and there is no terminal to ask at.',
      remedy: `Answer beforehand: ${beforehand}`,
    });
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(
      `${printable(question, { styled: false })} (y/N) `,
      signal === undefined ? {} : { signal },
    );
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    // The terminal's Ctrl-C comes here, not as a signal, while a line is read.
    if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
    throw new LoamError(
      { kind: 'interrupted', what: 'Nothing was done.', remedy: 'Ask for it again when you want it.' },
      { cause: error },
    );
  } finally {
    lines.close();
  }
}
