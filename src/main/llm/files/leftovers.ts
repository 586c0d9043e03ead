import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from './file-errors.ts';
import { moveOwned, ownedNames, removeOwned, type OwnedRoot } from './owned-files.ts';
import { isUnderWay, isUnfinishedName, parseUnfinished } from './unfinished-names.ts';

/**
 * The one rule by which what killed processes left goes: at once when the caller holds a lock that keeps other writers
 * away, and otherwise when nothing in it has changed for an hour. Process ids say nothing: they come again, soon in a
 * container.
 */

/** The unfinished things in a folder, and everything in those, are this program's own. */
export function unfinishedIn(folder: string): OwnedRoot {
  return { folder, owns: ([name = '']) => isUnfinishedName(name) };
}

/** What nobody has changed for so long, in milliseconds, is not being written any more. */
const leftoverAge = 3_600_000;

export interface LeftoverOptions {
  /** Only those of one name; default: all. */
  readonly of?: string;
  /** Milliseconds without a change; 0 where a lock says that nobody else is at work there. */
  readonly age?: number;
  readonly now?: () => number;
}

/**
 * Puts right what killed processes left in a folder: unfinished files and folders are removed, and what was on the point of
 * being replaced gets its name back. A folder that is not there has no leftovers.
 * @returns the names that were put right
 * @throws LoamError when the place cannot be read or written
 */
export async function removeLeftovers(
  folder: string,
  { of, age = leftoverAge, now = Date.now }: LeftoverOptions = {},
): Promise<readonly string[]> {
  try {
    const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
      throw error;
    });
    const present = new Set(names);
    const handled: string[] = [];
    for (const entry of names) {
      const unfinished = parseUnfinished(entry);
      const path = join(folder, entry);
      if (unfinished === undefined || isUnderWay(path)) continue;
      const { name, state } = unfinished;
      if (of !== undefined && of !== name) continue;
      if (age > 0 && now() - (await latestChange(path)) < age) continue;
      if (state === 'replaced' && !present.has(name)) {
        moveOwned(ownedNames(folder, name), path, join(folder, name));
        present.add(name);
      } else {
        await removeOwned(unfinishedIn(folder), path);
      }
      handled.push(entry);
    }
    return handled;
  } catch (error) {
    throw fileError(error, folder);
  }
}

/** When anything in a file or folder changed last; a folder's own time says nothing of files that grow in it. */
async function latestChange(path: string): Promise<number> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  const entries = await readdir(path).catch(() => []);
  const within = await Promise.all(entries.map((entry) => latestChange(join(path, entry))));
  return within.reduce((latest, each) => Math.max(latest, each), found.mtimeMs);
}
