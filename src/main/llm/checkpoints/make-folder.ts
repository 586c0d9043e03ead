import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';

/**
 * Makes a folder and those above it that are missing. Node's own `recursive` reports a read-only disk as a folder that is
 * not there, and does not come back from a file system that makes no folders at all (/proc); this says what the system said.
 * @throws the system's error, or LoamError where there can be no folder.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (await isFolder(folder)) return;
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    const parent = dirname(folder);
    if (await isFolder(parent))
      throw new LoamError(
        {
          kind: 'environment',
          where: folder,
          what: 'No folder can be made here.',
          remedy: 'Choose a folder of your own.',
        },
        { cause: error },
      );
    if (parent === folder) throw error;
    await makeFolder(parent);
    await makeFolder(folder);
  }
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}
