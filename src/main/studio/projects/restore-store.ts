import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import { syncFolder } from '../../llm/files/atomic-file.ts';
import { moveOwned } from '../../llm/files/owned-files.ts';
import { finished, partialPath } from '../../llm/files/unfinished-names.ts';
import { isLocked, readLockHolder } from '../processes/process-lock.ts';
import { listBackups, type Backup } from '../store/backup.ts';
import { changeMarkFile } from '../store/change-mark.ts';
import { isSoundStore } from '../store/open-database.ts';
import { explainSystemError } from '../system-errors.ts';
import { requireKnownProject } from './known-projects.ts';
import { ownFilesOf, storeFiles } from './own-files.ts';
import { projectPaths } from './paths.ts';
import { requireNoLinkedParts } from './project-folder.ts';

/** What restoring a store did. */
export interface RestoredStore {
  readonly folder: string;
  /** The backup whose content the store has now. */
  readonly backup: string;
  readonly madeAt: string;
  /** The folder that the earlier store was moved to; absent where there was none. */
  readonly earlier?: string;
}

/**
 * Puts the newest backup that is whole in the place of a project's store, which is moved aside with all that lies beside it: a
 * log that stayed behind would be applied to the backup, and a mark would tell as a loss what a person has chosen. What was written since the backup is not in the store afterwards; files
 * of it (checkpoints, sources) stay where they are.
 * @throws LoamError when there is no such backup, or the project is in use.
 */
export async function restoreStore(folder: string, now: Date = new Date()): Promise<RestoredStore> {
  const target = resolve(folder);
  const { store } = projectPaths(target);
  requireNoLinkedParts(target);
  requireKnownProject(target);
  requireUnused(target);
  const backup = listBackups(store).find(({ file }) => isSoundStore(file));
  if (backup === undefined)
    throw new LoamError({
      kind: 'input',
      where: target,
      what: 'There is no backup of its store that is whole.',
      remedy:
        'Make a new project and import the texts and models again: sources, tokenizers and checkpoints are files in this folder and are not affected.',
    });
  try {
    const earlier = moveAside(store, now);
    await putInPlace(backup, store);
    return {
      folder: target,
      backup: backup.file,
      madeAt: backup.madeAt.toISOString(),
      ...(earlier === undefined ? {} : { earlier }),
    };
  } catch (error) {
    throw explainSystemError(error, target) ?? error;
  }
}

/** @throws LoamError while a process works in the project */
function requireUnused(folder: string): void {
  const locks = join(folder, 'locks');
  if (!existsSync(locks)) return;
  for (const name of readdirSync(locks)) {
    const file = join(locks, name);
    if (!name.endsWith('.lock') || !isLocked(file)) continue;
    const holder = readLockHolder(file);
    throw new LoamError({
      kind: 'input',
      where: folder,
      what: `The project is in use by process ${holder?.pid ?? 'of another program'}.`,
      remedy: 'End that first, then try again.',
    });
  }
}

/** The store and what lies beside it, into a folder of its own among the backups. @returns that folder */
function moveAside(store: string, now: Date): string | undefined {
  const parts = storeFiles.map((name) => join(dirname(store), name)).filter((file) => existsSync(file));
  if (parts.length === 0) return undefined;
  const aside = join(dirname(store), 'backups', `replaced-${now.toISOString().replaceAll(/[:.]/g, '-')}`);
  mkdirSync(aside, { recursive: true });
  // The mark last: by it a store whose log has gone already is known as an older state, should this be killed in between.
  const mark = changeMarkFile(store);
  for (const file of parts
    .toReversed()
    .toSorted((one, other) => Number(one === mark) - Number(other === mark)))
    moveOwned(ownFilesOf(dirname(store)), file, join(aside, basename(file)));
  return aside;
}

async function putInPlace({ file }: Backup, store: string): Promise<void> {
  const partial = partialPath(store);
  copyFileSync(file, partial);
  const handle = await open(partial, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  moveOwned(ownFilesOf(dirname(store)), partial, store);
  finished(partial);
  await syncFolder(dirname(store));
}
