import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';

/**
 * Makes a folder and those above it that are missing. Node's own `recursive` reports a read-only disk as a folder that is
 * not there, and does not come back from a file system that makes no folders at all (/proc); this says what the system said.
 * @throws the system's error, or LoamError where there can be no folder.
 */
export async function makeFolder(folder: string): Promise<void> {
  const refused = await tryToMake(folder);
  if (refused === undefined) return;
  if (!isMissing(refused)) throw refused;
  const parent = dirname(folder);
  if (parent === folder) throw refused;
  if (!(await isFolder(parent))) await makeFolder(parent);
  // The parent may have been made by somebody else since the first try.
  const refusedAgain = await tryToMake(folder);
  if (refusedAgain === undefined) return;
  if (!isMissing(refusedAgain)) throw refusedAgain;
  throw new LoamError(
    {
      kind: 'environment',
      where: folder,
      what: 'No folder can be made here.',
      remedy: 'Choose a folder of your own.',
    },
    { cause: refusedAgain },
  );
}

/** @returns why the folder is not there; undefined when it is. */
async function tryToMake(folder: string): Promise<unknown> {
  try {
    await mkdir(folder);
    return undefined;
  } catch (error) {
    return (await isFolder(folder)) ? undefined : error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}
