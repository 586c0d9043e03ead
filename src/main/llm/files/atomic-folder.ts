import { open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { processToken, syncFolder } from './atomic-file.ts';
import { fileError } from './file-errors.ts';
import { makeFolder } from './make-folder.ts';

/**
 * Folders that appear whole or not at all. While `NAME` is written it is `.NAME.partial-PID-TOKEN` beside its place; a
 * folder that it replaces is `.NAME.replaced-PID-TOKEN` for the moment between two renames. What a killed process
 * leaves of these, `removeUnfinishedFolders` puts right.
 */

const remnant = /^\.(?<name>.+)\.(?<state>partial|replaced)-(?<pid>\d+)-(?<token>[0-9a-f]{8})$/;

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

async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

/**
 * Makes a folder that appears whole, by one rename, after `fill` has put its files into a temporary folder beside it and
 * all of them are flushed to the disk. A folder of that name is replaced. If anything fails, what was there stays. What
 * a killed writer of the same folder left is put right first.
 * Two writers of the same folder in one process must take turns.
 * @throws LoamError when the disk is full, the place cannot be written and the like; whatever `fill` throws.
 */
export async function writeFolderAtomically(
  folder: string,
  fill: (temporaryFolder: string) => Promise<void>,
): Promise<void> {
  const parent = dirname(folder);
  const suffix = `${process.pid}-${processToken}`;
  const partial = join(parent, `.${basename(folder)}.partial-${suffix}`);
  const replaced = join(parent, `.${basename(folder)}.replaced-${suffix}`);
  try {
    await makeFolder(partial);
    await putRight(parent, (name) => name === basename(folder));
    await fill(partial);
    await syncTree(partial);
    const replaces = await renameIfThere(folder, replaced);
    try {
      await rename(partial, folder);
    } catch (error) {
      if (replaces) await rename(replaced, folder);
      throw error;
    }
    await syncFolder(parent);
    if (replaces) await rm(replaced, { recursive: true, force: true });
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined);
    throw fileError(error, folder);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs under another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Puts right what killed writers left in a folder: unfinished folders and files are removed, and a folder that was on the
 * point of being replaced gets its name back. What a living process is writing is left alone.
 * @returns the names that were put right
 */
export async function removeUnfinishedFolders(parent: string): Promise<readonly string[]> {
  try {
    return await putRight(parent, () => true);
  } catch (error) {
    throw fileError(error, parent);
  }
}

/** Puts right what killed writers left of those names that `concerns` accepts. */
async function putRight(parent: string, concerns: (name: string) => boolean): Promise<readonly string[]> {
  const names = await readdir(parent);
  const present = new Set(names);
  const handled: string[] = [];
  for (const entry of names) {
    const { name, state, pid, token } = remnant.exec(entry)?.groups ?? {};
    if (name === undefined || token === processToken || !concerns(name)) continue;
    // The own id with another token was an earlier process: in containers, ids come again.
    if (Number(pid) !== process.pid && isRunning(Number(pid))) continue;
    if (state === 'replaced' && !present.has(name)) {
      await rename(join(parent, entry), join(parent, name));
      present.add(name);
    } else {
      await rm(join(parent, entry), { recursive: true, force: true });
    }
    handled.push(entry);
  }
  return handled;
}

/**
 * Removes a folder so that it is never seen half removed: it loses its name first. A folder that is not there counts as
 * removed.
 * @throws LoamError when the place cannot be written
 */
export async function removeFolderAtomically(folder: string): Promise<void> {
  const nameless = join(dirname(folder), `.${basename(folder)}.partial-${process.pid}-${processToken}`);
  try {
    if (await renameIfThere(folder, nameless)) await rm(nameless, { recursive: true, force: true });
  } catch (error) {
    throw fileError(error, folder);
  }
}
