import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import { writeJsonAtomically } from '../../llm/files/atomic-file.ts';
import { replaceListedFile } from '../../llm/files/manifest.ts';
import { moveOwned } from '../../llm/files/owned-files.ts';
import { readJson } from '../../llm/checkpoints/weight-files.ts';
import { readLockHolder, removeLockFile, waitForLock } from '../processes/process-lock.ts';
import type { Project } from '../projects/projects.ts';
import { renameRunRow } from '../store/rename-run.ts';
import { requireFreeName, requireRun } from './runs.ts';

/**
 * Gives a run another name: its folder, its record, what its checkpoints say of where they come from, and what else in the
 * project points to it.
 * @throws LoamError while a process trains it or waits with it, or when the name is taken.
 */
export async function renameRun(project: Project, from: string, to: string): Promise<void> {
  const run = requireRun(project, from);
  const { name } = run;
  if (name === to) return;
  const lockFile = project.paths.runLock(name);
  const lock = await waitForLock(lockFile, `renaming run ${name}`);
  if (lock === undefined)
    throw new LoamError({
      kind: 'input',
      where: `run '${name}'`,
      what: `It is in use by process ${readLockHolder(lockFile)?.pid ?? 'of another program'}.`,
      remedy: 'Pause it first, then rename it.',
    });
  try {
    const before = project.paths.run(name);
    const after = project.paths.run(to);
    let moved = false;
    try {
      project.store.transaction(() => {
        requireFreeName(project, to);
        renameRunRow(project.store, run.id, name, to);
        if (!existsSync(before)) return;
        moveOwned(project.ownFiles, before, after);
        moved = true;
      });
    } catch (error) {
      // The store kept the old name (its disk may be full), so the folder keeps it too.
      if (moved) moveOwned(project.ownFiles, after, before);
      throw error;
    }
    await renameInCheckpoints(after, to);
    project.log.info('run renamed', { from: name, to });
  } finally {
    lock.release();
    removeLockFile(project.ownFiles, lockFile);
  }
}

const provenanceFile = 'loam/provenance.json';

/** The checkpoints are right without it; it makes a copied one tell the name that its run bears now. */
async function renameInCheckpoints(folder: string, name: string): Promise<void> {
  const checkpoints = join(folder, 'checkpoints');
  for (const checkpoint of await readdir(checkpoints).catch(() => [])) {
    const path = join(checkpoints, checkpoint);
    const file = join(path, provenanceFile);
    if (!existsSync(file)) continue;
    const provenance = await readJson(file);
    if (typeof provenance === 'object' && provenance !== null)
      await replaceListedFile(path, provenanceFile, () =>
        writeJsonAtomically(file, { ...provenance, run: name }),
      );
  }
}
