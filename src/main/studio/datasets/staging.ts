import { randomUUID } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import { removeOwned } from '../../llm/files/owned-files.ts';
import { acquireLock, isLocked, removeLockFile, waitForLock } from '../processes/process-lock.ts';
import { isOwnName } from '../projects/own-files.ts';
import type { Project } from '../projects/projects.ts';
import { listNeededSources } from '../store/datasets.ts';

/** A folder of an import's own, on the project's disk, for files that are not the project's yet. */
export interface Staging {
  readonly folder: string;
  /** Removes the folder and what is still in it. */
  remove(): Promise<void>;
}

/**
 * Makes a staging folder. A lock that the operating system releases says that its import is alive: what a killed one left
 * is removed when the next begins.
 */
export async function openStaging(project: Project): Promise<Staging> {
  const id = randomUUID();
  const lock = acquireLock(lockFile(project, id), 'importing');
  const folder = join(project.paths.staging, id);
  await mkdir(folder, { recursive: true });
  return {
    folder,
    remove: async () => {
      await removeOwned(project.ownFiles, folder);
      lock?.release();
      removeLockFile(project.ownFiles, lockFile(project, id));
    },
  };
}

/** Removes what killed imports left: their staging folders, and sources that no dataset reads. */
export async function removeAbandonedImports(project: Project): Promise<void> {
  const sourcesFolder = dirname(project.paths.source('x'));
  // In this order: a source that another import puts there afterwards is not in this list, one that it put there before is
  // in the store by the time its lock is gone.
  const found = (await readdir(sourcesFolder).catch(() => [])).filter((name) => isOwnName('sources', name));
  let alive = false;
  for (const id of await readdir(project.paths.staging).catch(() => [])) {
    if (!isOwnName('staging', id)) continue;
    if (isLocked(lockFile(project, id))) {
      alive = true;
      continue;
    }
    await removeOwned(project.ownFiles, join(project.paths.staging, id));
    removeLockFile(project.ownFiles, lockFile(project, id));
  }
  if (alive) return;
  const known = listNeededSources(project.store);
  if (found.every((name) => known.has(name))) return;
  await whileSourcesStandStill(project, async () => {
    const used = listNeededSources(project.store);
    for (const name of found)
      if (!used.has(name)) await removeOwned(project.ownFiles, join(sourcesFolder, name));
  });
}

/** How long a change of the sources waits for another one, in milliseconds: each takes some. */
const changePatience = 30_000;

/**
 * Holds off other processes while files come among the project's sources or leave them, together with what the store says
 * of them: so that nobody relies on a file that another is about to delete.
 * @throws LoamError when another process does not come to an end.
 */
export async function whileSourcesStandStill<Result>(
  project: Project,
  change: () => Result | Promise<Result>,
): Promise<Result> {
  const file = join(project.folder, 'locks', 'sources.lock');
  const lock = await waitForLock(file, 'changing the sources', changePatience);
  if (lock === undefined)
    throw new LoamError({
      kind: 'environment',
      where: project.folder,
      what: 'Another program has been changing the sources of this project for a long time.',
      remedy: 'Wait until it has finished, or end it, then do this again.',
    });
  try {
    return await change();
  } finally {
    lock.release();
  }
}

function lockFile(project: Project, id: string): string {
  return join(project.folder, 'locks', `import-${id}.lock`);
}
