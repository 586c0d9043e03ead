import { LoamError } from '../../shared/errors.ts';
import { codeOfError, explainSystemCode, type SystemFailure } from '../llm/files/file-errors.ts';

/** What helps against a damaged store. */
export const damagedStore = {
  remedy:
    'Its newest backup can be put in its place, which keeps the damaged file; checkpoints and sources are separate files and not affected.',
  action: { do: 'restoreStore' },
} as const;

function pathOf(error: unknown): string | undefined {
  return error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : undefined;
}

/**
 * Says in words what the operating system or SQLite refused: no space, no right to write, a damaged store. Errors that
 * are already meant for a person pass unchanged.
 * @returns undefined for an error that is none of these: a defect of the program.
 */
export function explainSystemError(error: unknown, where?: string): LoamError | undefined {
  if (error instanceof LoamError) return error;
  const code = codeOfError(error);
  const failure = code === undefined ? undefined : (explainSystemCode(code) ?? explainStoreCode(code));
  if (failure === undefined) return undefined;
  const place = where ?? pathOf(error);
  return new LoamError(
    { kind: 'environment', ...failure, ...(place === undefined ? {} : { where: place }) },
    { cause: error },
  );
}

/** What SQLite refused, in words. */
function explainStoreCode(code: string): SystemFailure | undefined {
  if (code === 'SQLITE_FULL') return explainSystemCode('ENOSPC');
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_PERM'))
    return explainSystemCode('EACCES');
  if (code.startsWith('SQLITE_IOERR')) return explainSystemCode('EIO');
  if (code.startsWith('SQLITE_CANTOPEN'))
    return {
      what: 'The store cannot be opened.',
      remedy: 'Check that the folder exists and that you may write in it.',
    };
  if (code.startsWith('SQLITE_BUSY'))
    return {
      what: 'Another program has held the store for a long time.',
      remedy: 'Wait until it has finished, or end it, then try again.',
    };
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB')
    return { what: 'The store is damaged.', ...damagedStore };
  return undefined;
}
