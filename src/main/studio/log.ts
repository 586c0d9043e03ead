import { appendFileSync, mkdirSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { moveOwned, ownedNames, requireUnlinked } from '../llm/files/owned-files.ts';

/** A log of one JSON object a line. It tells what the program did and what failed, never what the user's texts say. */
export interface Log {
  readonly file: string;
  info(message: string, details?: LogDetails): void;
  error(error: unknown, details?: LogDetails): void;
}

export type LogDetails = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** A log file that has grown to this size becomes `….1`, and that one `….2`, which is the oldest kept. */
const maximumBytes = 4 * 2 ** 20;

/** Opens a log for appending. A log that cannot be written is no reason to fail: its lines are dropped. */
export function openLog(file: string): Log {
  const append = (line: object): void => {
    try {
      mkdirSync(dirname(file), { recursive: true });
      requireUnlinked(dirname(file), file);
      rotate(file);
      appendFileSync(file, `${JSON.stringify(line)}\n`);
    } catch {
      // The disk is full or read-only; whoever called is told so by what it does next.
    }
  };
  return {
    file,
    info: (message, details = {}) =>
      append({ time: new Date().toISOString(), level: 'info', process: process.pid, message, ...details }),
    error: (error, details = {}) =>
      append({
        time: new Date().toISOString(),
        level: 'error',
        process: process.pid,
        ...describe(error),
        ...details,
      }),
  };
}

function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  return {
    message: error.message,
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: describe(error.cause) }),
  };
}

function rotate(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size < maximumBytes) return;
  const name = basename(file);
  const own = ownedNames(dirname(file), name, `${name}.1`, `${name}.2`);
  if (statSync(`${file}.1`, { throwIfNoEntry: false }) !== undefined)
    moveOwned(own, `${file}.1`, `${file}.2`);
  moveOwned(own, file, `${file}.1`);
}
