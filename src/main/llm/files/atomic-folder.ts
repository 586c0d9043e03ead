import { lstat, open, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import { syncFolder } from './atomic-file.ts';
import { fileError } from './file-errors.ts';
import { removeLeftovers } from './leftovers.ts';
import { makeFolder } from './make-folder.ts';
import { moveOwned, ownedNames, removeOwned } from './owned-files.ts';
import { finished, partialPath, replacedPath } from './unfinished-names.ts';

/** Folders that appear whole or not at all. */

async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      await syncTree(path);
    } else if (entry.isFile()) {
      // Windows flushes only handles that may write.
      const file = await open(path, process.platform === 'win32' ? 'r+' : 'r');
      try {
        await file.sync();
      } finally {
        await file.close();
      }
    }
  }
  await syncFolder(folder);
}

export interface WriteFolderOptions {
  /**
   * Asked about a folder of that name that is there and not empty; by default it stays and nothing is written. To throw
   * means that it is not the program's to replace.
   */
  readonly requireReplaceable?: (existing: string) => Promise<void> | void;
}

/**
 * Makes a folder that appears whole, by one rename, after `fill` has put its files into a temporary folder beside it and
 * all of them are flushed to the disk. If anything fails, what was there stays. What a killed writer of the same folder left
 * is put right first.
 *
 * The caller sees to it that nobody else writes this folder at the same time, by a lock where other processes might.
 * @throws LoamError when something is there that may not be replaced, the disk is full, the place cannot be written and the
 * like; whatever `fill` throws.
 */
export async function writeFolderAtomically(
  folder: string,
  fill: (temporaryFolder: string) => Promise<void>,
  { requireReplaceable = refuseToReplace }: WriteFolderOptions = {},
): Promise<void> {
  const parent = dirname(folder);
  const own = ownedNames(parent, basename(folder));
  const partial = partialPath(folder);
  const replaced = replacedPath(folder);
  try {
    await makeFolder(partial);
    await removeLeftovers(parent, { of: basename(folder), age: 0 });
    if (await isOccupied(folder)) await requireReplaceable(folder);
    await fill(partial);
    await syncTree(partial);
    const replaces = await isOccupied(folder);
    if (replaces) {
      // Filling takes a while, and somebody may have put something there.
      await requireReplaceable(folder);
      moveOwned(own, folder, replaced);
    }
    try {
      moveOwned(own, partial, folder);
    } catch (error) {
      if (replaces) moveOwned(own, replaced, folder);
      throw error;
    }
    await syncFolder(parent);
    if (replaces) await removeOwned(own, replaced);
  } catch (error) {
    await removeOwned(own, partial).catch(() => undefined);
    throw fileError(error, folder);
  } finally {
    finished(partial);
    finished(replaced);
  }
}

/** Whether something is at a path that a rename would not simply take the place of. */
async function isOccupied(path: string): Promise<boolean> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return false;
  return !found.isDirectory() || (await readdir(path)).length > 0;
}

function refuseToReplace(existing: string): never {
  throw new LoamError({
    kind: 'input',
    where: existing,
    what: 'There is something of this name here already, which Loam does not know as its own.',
    remedy: 'Move it away, or choose another name.',
  });
}
