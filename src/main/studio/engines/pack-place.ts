import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import { removeLeftovers } from '../../llm/files/leftovers.ts';
import { moveOwned, ownedNames, removeOwned, type OwnedRoot } from '../../llm/files/owned-files.ts';
import { finished, partialPath } from '../../llm/files/unfinished-names.ts';
import { folderBytes } from '../durable-files.ts';
import { acquireLock, type ProcessLock } from '../processes/process-lock.ts';
import { requireUnused } from './pack-use.ts';

/** A pack changes as a whole, and by one process at a time: what stands in its place is never half of one. */

/** Where the earlier pack lies between the two renames that put another in its place. */
const asideOf = (folder: string): string => join(dirname(folder), `.${basename(folder)}.aside`);

/** The pack, and what lies beside it while it changes. */
const ownPack = (folder: string): OwnedRoot =>
  ownedNames(dirname(folder), basename(folder), basename(asideOf(folder)));

/** The lock that whoever changes a pack holds, beside the other locks of the person's folder. */
export function packLockFile(folder: string): string {
  return join(dirname(folder), '..', 'locks', `${basename(folder)}-pack.lock`);
}

/**
 * Does something that changes a pack, while no other process does.
 * @throws LoamError when another one is at it
 */
export async function changePack<Result>(
  folder: string,
  work: string,
  change: () => Promise<Result>,
): Promise<Result> {
  const lock = acquireLock(packLockFile(folder), work, 50);
  if (lock === undefined)
    throw new LoamError({
      kind: 'input',
      what: 'Another Loam on this machine is installing or removing this engine now.',
      remedy: 'Wait until it is done, then try again.',
    });
  return releasing(lock, async () => {
    await restoreAside(folder);
    // While the lock is held nobody else makes a pack: what is unfinished is what a killed process left.
    await removeLeftovers(dirname(folder), { age: 0 });
    return change();
  });
}

/**
 * Puts a folder in the place of a pack, which stays until the new one stands. To be called in `changePack`.
 * @throws LoamError when the earlier one is in use: a run would find itself with another library in its middle
 */
export async function replacePack(from: string, folder: string): Promise<void> {
  const aside = asideOf(folder);
  const had = existsSync(folder);
  if (had) moveUnused(folder, aside);
  try {
    moveOwned(ownPack(folder), from, folder);
  } catch (error) {
    if (had) moveOwned(ownPack(folder), aside, folder);
    throw error;
  }
  await removeOwned(ownPack(folder), aside);
}

/**
 * Removes a pack: out of its place at once, then from the disk; and what installations that were cut short left of one.
 * @returns the bytes that are free now
 * @throws LoamError when it is in use, or another process changes it
 */
export async function removePack(folder: string): Promise<number> {
  const bytes = await folderBytes(dirname(folder));
  await changePack(folder, 'removing the engine', async () => {
    if (!existsSync(folder)) return;
    // Where deleting is cut short, what is left goes with the leftovers of installations.
    const gone = partialPath(folder);
    moveUnused(folder, gone);
    await removeOwned(ownPack(folder), gone);
    finished(gone);
  });
  return bytes - (await folderBytes(dirname(folder)));
}

/** Moves a pack out of its place in one breath with the look whether it is in use. @throws LoamError when it is */
function moveUnused(folder: string, to: string): void {
  requireUnused(folder);
  moveOwned(ownPack(folder), folder, to);
}

/** Brings a pack back that an installation had put aside when it was killed, unless one is under way. */
export async function bringBackPack(folder: string): Promise<void> {
  if (!existsSync(asideOf(folder))) return;
  const lock = acquireLock(packLockFile(folder), 'bringing an engine back', 0);
  if (lock !== undefined) await releasing(lock, () => restoreAside(folder));
}

async function restoreAside(folder: string): Promise<void> {
  const aside = asideOf(folder);
  if (!existsSync(aside)) return;
  if (existsSync(folder)) await removeOwned(ownPack(folder), aside);
  else moveOwned(ownPack(folder), aside, folder);
}

async function releasing<Result>(lock: ProcessLock, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } finally {
    lock.release();
  }
}
