import { LoamError } from '../../../shared/errors.ts';

function remedyFor(code: string | undefined): { what: string; remedy: string } {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return {
        what: 'There is no space left on the disk.',
        remedy: 'Nothing that was there before is lost. Free some space and try again.',
      };
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return {
        what: 'This place may not be read or written by you.',
        remedy: 'Change its permissions, or choose another folder.',
      };
    case 'ENOENT':
      return { what: 'There is no such file or folder.', remedy: 'Check the path.' };
    case 'ENOTDIR':
      return { what: 'A part of this path is a file, not a folder.', remedy: 'Check the path.' };
    case 'EISDIR':
      return { what: 'This is a folder, not a file.', remedy: 'Name a file in it.' };
    case 'EMFILE':
    case 'ENFILE':
      return { what: 'Too many files are open.', remedy: 'Close other programs and try again.' };
    case 'EIO':
      return {
        what: 'The disk reported an error.',
        remedy: 'Check the disk; a copy elsewhere may be whole.',
      };
    default:
      return {
        what: `The operating system refused (${code ?? 'unknown reason'}).`,
        remedy: 'Check the path and the disk, and try again.',
      };
  }
}

/** What a failed file operation tells a person. Errors that already speak to a person pass through unchanged. */
export function fileError(error: unknown, path: string): LoamError {
  if (error instanceof LoamError) return error;
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  // An error without a code is a fault of the program: it must not be dressed up as the disk's.
  if (code === undefined && error instanceof Error) throw error;
  const kind = code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR' ? 'input' : 'environment';
  return new LoamError({ kind, where: path, ...remedyFor(code) }, { cause: error });
}
