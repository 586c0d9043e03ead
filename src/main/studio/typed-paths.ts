import { isAbsolute } from 'node:path';
import { LoamError } from '../../shared/errors.ts';

/** A path that begins as one of Windows does: `C:\`, `\\server\`. */
const windowsPath = /^([A-Za-z]:[\\/]|\\\\)/;

/**
 * Makes sure that a path typed into a page means a place on this machine whatever folder the program was started in.
 * @param platform this system; another one only to test its rules
 * @throws LoamError for a relative path, and for one as another system writes them
 */
export function requireWholePath(path: string, platform: NodeJS.Platform = process.platform): void {
  requireOwnForm(path, platform);
  const whole = platform === 'win32' ? windowsPath.test(path) : isAbsolute(path);
  if (!whole) throw refuse(path, 'The path does not say from where it begins.', platform);
}

/**
 * Makes sure that a path typed on the command line, where it may be relative, is not one of another system: it would become a
 * folder of that odd name.
 * @throws LoamError for a path as another system writes them
 */
export function requireOwnForm(path: string, platform: NodeJS.Platform = process.platform): void {
  if (platform !== 'win32' && windowsPath.test(path))
    throw refuse(path, 'This is a path of Windows, and Loam runs on another system.', platform);
  if (platform === 'win32' && /^\/(?!\/)/.test(path))
    throw refuse(path, 'This is a path of Linux or macOS, and Loam runs on Windows.', platform);
}

function refuse(path: string, what: string, platform: NodeJS.Platform): LoamError {
  const example = platform === 'win32' ? String.raw`C:\Users\me\models` : '/home/me/models';
  return new LoamError({
    kind: 'misuse',
    where: path,
    what,
    remedy: `Give the whole path, such as ${example}.`,
  });
}
