import { createInterface } from 'node:readline/promises';
import { LoamError } from '../../../shared/errors.ts';

/**
 * Asks a person at the terminal; nothing but yes is a yes.
 * @param beforehand the command that answers yes beforehand
 * @throws LoamError of kind 'misuse' where nobody can be asked
 */
export async function confirm(question: string, beforehand: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new LoamError({
      kind: 'misuse',
      what: 'This asks before it is done, and there is no terminal to ask at.',
      remedy: `Answer beforehand: ${beforehand}`,
    });
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} (y/N) `)).trim());
  } finally {
    lines.close();
  }
}
