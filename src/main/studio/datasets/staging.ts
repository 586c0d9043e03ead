import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { acquireLock, isLocked } from '../jobs/process-lock.ts';
import type { Project } from '../projects/projects.ts';
import { listSourceHashes } from '../store/datasets.ts';

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
      await rm(folder, { recursive: true, force: true });
      lock?.release();
      await rm(lockFile(project, id), { force: true });
      // Removes the folder of all stagings only when no other import has one.
      await rm(project.paths.staging, { recursive: false, force: true }).catch(() => undefined);
    },
  };
}

/** Removes what killed imports left: their staging folders, and sources that no dataset came to use. */
export async function removeAbandonedImports(project: Project): Promise<void> {
  const sourcesFolder = dirname(project.paths.source('x'));
  // In this order: a source that another import puts there afterwards is not in this list, one that it put there before is
  // in the store by the time its lock is gone.
  const found = await readdir(sourcesFolder).catch(() => []);
  let alive = false;
  for (const id of await readdir(project.paths.staging).catch(() => [])) {
    if (isLocked(lockFile(project, id))) {
      alive = true;
      continue;
    }
    await rm(join(project.paths.staging, id), { recursive: true, force: true });
    await rm(lockFile(project, id), { force: true });
    await rm(`${lockFile(project, id)}.holder.json`, { force: true });
  }
  if (alive) return;
  const used = listSourceHashes(project.store);
  for (const name of found) if (!used.has(name)) await rm(join(sourcesFolder, name), { force: true });
}

function lockFile(project: Project, id: string): string {
  return join(project.folder, 'locks', `import-${id}.lock`);
}
