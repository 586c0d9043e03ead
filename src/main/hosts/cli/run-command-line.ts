import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CommanderError } from '@commander-js/extra-typings';
import type { LoamError } from '../../../shared/errors.ts';
import { normalizedName } from '../../../shared/names.ts';
import { explainSystemError } from '../../studio/system-errors.ts';
import { openLog } from '../../studio/log.ts';
import { userFolder } from '../../studio/settings/user-folder.ts';
import { logOfFailure } from './command.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { printable } from './printable.ts';
import { createProgram } from './program.ts';
import { commandFor } from './way-out.ts';

/** A word that may be a name, in the form in which names are kept; that of a file stays as the file is called. */
function asGiven(word: string): string {
  return existsSync(word) ? word : normalizedName(word);
}

/**
 * Runs one command.
 * @param words the command line without the program's name.
 * @returns the exit code: 0 done, 1 failed, 2 misuse, 130 interrupted.
 */
export async function runCommandLine(words: readonly string[]): Promise<number> {
  let code: number = exitCodes.done;
  const program = createProgram((wanted) => {
    code = wanted;
  });
  try {
    await program.parseAsync(words.map(asGiven), { from: 'user' });
    return code;
  } catch (error) {
    return reportFailure(error);
  }
}

/** Errors quote names and values of foreign files. */
function say(text: string): void {
  process.stderr.write(process.stderr.isTTY ? printable(text, { styled: false }) : text);
}

/** An error with the command that helps, where there is one. */
function inTerminal({ message, action }: LoamError): string {
  return action === undefined ? message : `${message} ${commandFor(action)}`;
}

/**
 * Says in one paragraph what went wrong. A stack goes to the log alone.
 * @returns the exit code.
 */
export function reportFailure(error: unknown): number {
  // Commander has said it already; asking for help or the version is no failure.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.misuse;
  const explained = explainSystemError(error);
  if (explained !== undefined) {
    // What the system refused, and what a worker said before it ended, is of use to whoever looks for the reason.
    const log = logOfFailure(error);
    if (explained.kind === 'environment' && log !== undefined) openLog(log).error(error);
    say(`${inTerminal(explained)}\n`);
    return exitCodeOf(explained.kind);
  }
  const log = openLog(logOfFailure(error) ?? join(userFolder(), 'logs', 'loam.jsonl'));
  log.error(error);
  say(
    `Something went wrong that Loam did not expect: ${error instanceof Error ? error.message : String(error)} The details are in ${log.file}.\n`,
  );
  return exitCodes.failed;
}
