import path from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import { syncFolder } from '../files/atomic-file.ts';
import { moveOwned, ownedNames } from '../files/owned-files.ts';

/**
 * Moves a finished folder to its place. One that is already there with the same index serves as well.
 * @param readIndex reads the index of a folder that is there
 * @throws LoamError when something else is there
 */
export async function publishFolder<Index>(
  temporary: string,
  folder: string,
  index: Index,
  readIndex: (folder: string) => Promise<Index>,
): Promise<Index> {
  try {
    moveOwned(ownedNames(path.dirname(folder), path.basename(folder)), temporary, folder);
  } catch (error) {
    const there = await readIndex(folder).catch(() => undefined);
    if (JSON.stringify(there) === JSON.stringify(index)) return index;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (there === undefined && code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOTDIR') throw error;
    throw new LoamError(
      {
        kind: 'input',
        what: 'Something else is already there.',
        where: folder,
        remedy: 'Move it away, or choose another folder.',
      },
      { cause: error },
    );
  }
  await syncFolder(path.dirname(folder));
  return index;
}
