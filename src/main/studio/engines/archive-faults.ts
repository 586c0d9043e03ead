import { LoamError } from '../../../shared/errors.ts';
import { explainSystemError } from '../system-errors.ts';

/** What is said of a file that cannot be unpacked; errors of the system (a full disk) keep their own words. */
export function notAnArchive(path: string, error: unknown): Error {
  if (error instanceof LoamError) return error;
  if (error instanceof Error && error.name === 'AbortError') return error;
  const explained = explainSystemError(error, path);
  if (explained !== undefined) return explained;
  const reason = error instanceof Error ? error.message : String(error);
  return new LoamError(
    {
      kind: 'input',
      where: path,
      what: `This is no whole archive: ${reason.replace(/\.$/, '')}.`,
      remedy: 'Get the file again, and see that its download comes to its end.',
    },
    { cause: error },
  );
}
