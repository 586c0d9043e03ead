import { LoamError, type ErrorAction } from '../../../shared/errors.ts';

/** What the operating system refused, in words. */
export interface SystemFailure {
  readonly what: string;
  readonly remedy: string;
  readonly action?: ErrorAction;
}

/** What a code of the operating system means to a person; undefined for one that may as well be a defect of the program. */
export function explainSystemCode(code: string): SystemFailure | undefined {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return {
        what: 'The disk is full.',
        remedy:
          'Make room, for example by deleting runs that are not needed, then try again; nothing that was saved is lost.',
        action: { do: 'freeSpace' },
      };
    case 'EFBIG':
      return {
        what: 'The file grew beyond what this disk or account allows.',
        remedy: 'Raise the limit or choose another folder, then try again.',
      };
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return {
        what: 'Writing or reading is not permitted here: the folder or its disk is read-only, or belongs to somebody else.',
        remedy: 'Choose a folder of your own, or have its permissions changed.',
      };
    case 'EIO':
      return {
        what: 'The disk reports an error in reading or writing.',
        remedy: 'Check the disk (and the space left on it), then try again.',
      };
    case 'ENOTDIR':
      return { what: 'A part of this path is a file, not a folder.', remedy: 'Check each part of the path.' };
    case 'EISDIR':
      return { what: 'This is a folder, not a file.', remedy: 'Name a file in it.' };
    case 'EEXIST':
    case 'ENAMETOOLONG':
    case 'ELOOP':
      return {
        what: 'This path leads to no folder or file that can be used.',
        remedy: 'Check each part of it: a file may stand where a folder is meant.',
      };
    case 'EMFILE':
    case 'ENFILE':
      return {
        what: 'Too many files are open.',
        remedy: 'Close other programs or raise the limit on open files.',
      };
    default:
      return undefined;
  }
}

const missing: SystemFailure = { what: 'There is no such file or folder.', remedy: 'Check the path.' };

/** The part of Node's and SQLite's errors that says which kind of failure it was. */
export function codeOfError(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** What a failed file operation tells a person. Errors that already speak to a person pass through unchanged. */
export function fileError(error: unknown, path: string): LoamError {
  if (error instanceof LoamError) return error;
  const code = codeOfError(error);
  // An error without a code is a fault of the program: it must not be dressed up as the disk's.
  if (code === undefined && error instanceof Error) throw error;
  const kind = code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR' ? 'input' : 'environment';
  const failure = code === 'ENOENT' ? missing : explainSystemCode(code ?? '');
  return new LoamError(
    {
      kind,
      where: path,
      ...(failure ?? {
        what: `The operating system refused (${code ?? 'unknown reason'}).`,
        remedy: 'Check the path and the disk, and try again.',
      }),
    },
    { cause: error },
  );
}
