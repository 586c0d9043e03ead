import { LoamError } from '../../../shared/errors.ts';

/** Windows stores no file with these in its name; a colon would name a hidden part of another file. */
const refusedByWindows = /[<>:"|?*\p{Cc}]|[. ]$/u;
const windowsDevices = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;
/** The longest name of a file or folder on the usual file systems, in bytes. */
const longestPart = 255;

/**
 * The parts of an uploaded file's name: the folders that it was dropped with, and its own name.
 * @param platform the system that is to store it, by Node's name
 * @throws LoamError for a name that would lead out of the upload's folder, or cannot be stored.
 */
export function parseUploadName(
  name: string,
  platform: NodeJS.Platform = process.platform,
): readonly string[] {
  const parts = (platform === 'win32' ? name.replaceAll('\\', '/') : name).split('/');
  const refuse = (what: string): never => {
    throw new LoamError({
      kind: 'input',
      where: name === '' ? 'a file without a name' : `file '${name.slice(0, 200)}'`,
      what,
      remedy: 'Rename the file and add it again.',
    });
  };
  for (const part of parts) {
    if (part === '' || part === '.' || part === '..')
      refuse('This is a path to another place, not the name of a file.');
    if (part.includes('\0')) refuse('The name has a character that no file can have.');
    if (Buffer.byteLength(part) > longestPart) refuse('The name is too long to be stored.');
    if (platform === 'win32' && (refusedByWindows.test(part) || windowsDevices.test(part)))
      refuse('Windows cannot store a file of this name.');
  }
  return parts;
}
