import { LoamError, type ErrorAction } from '../../shared/errors.ts';

/** What helps against a damaged store. */
export const damagedStore = {
  remedy:
    'Its newest backup can be put in its place, which keeps the damaged file; checkpoints and sources are separate files and not affected.',
  action: { do: 'restoreStore' },
} as const;

/** The part of Node's and SQLite's errors that says which kind of failure it was. */
function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

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
  const code = codeOf(error);
  if (code === undefined) return undefined;
  const place = where ?? pathOf(error);
  const account = (what: string, remedy: string, action?: ErrorAction) =>
    new LoamError(
      {
        kind: 'environment',
        what,
        remedy,
        ...(place === undefined ? {} : { where: place }),
        ...(action === undefined ? {} : { action }),
      },
      { cause: error },
    );
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_FULL')
    return account(
      'The disk is full.',
      'Make room, for example by deleting runs that are not needed, then try again; nothing that was saved is lost.',
      { do: 'freeSpace' },
    );
  if (code === 'EFBIG')
    return account(
      'The file grew beyond what this disk or account allows.',
      'Raise the limit or choose another folder, then try again.',
    );
  if (
    code === 'EROFS' ||
    code === 'EACCES' ||
    code === 'EPERM' ||
    code.startsWith('SQLITE_READONLY') ||
    code.startsWith('SQLITE_PERM')
  )
    return account(
      'Writing or reading is not permitted here: the folder or its disk is read-only, or belongs to somebody else.',
      'Choose a folder of your own, or have its permissions changed.',
    );
  if (code.startsWith('SQLITE_CANTOPEN'))
    return account(
      'The store cannot be opened.',
      'Check that the folder exists and that you may write in it.',
    );
  if (code.startsWith('SQLITE_BUSY'))
    return account(
      'Another program has held the store for a long time.',
      'Wait until it has finished, or end it, then try again.',
    );
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB')
    return account('The store is damaged.', damagedStore.remedy, damagedStore.action);
  if (code.startsWith('SQLITE_IOERR') || code === 'EIO')
    return account(
      'The disk reports an error in reading or writing.',
      'Check the disk (and the space left on it), then try again.',
    );
  if (
    code === 'ENOTDIR' ||
    code === 'EEXIST' ||
    code === 'EISDIR' ||
    code === 'ENAMETOOLONG' ||
    code === 'ELOOP'
  )
    return account(
      'This path leads to no folder or file that can be used.',
      'Check each part of it: a file may stand where a folder is meant.',
    );
  if (code === 'EMFILE' || code === 'ENFILE')
    return account('Too many files are open.', 'Close other programs or raise the limit on open files.');
  return undefined;
}
