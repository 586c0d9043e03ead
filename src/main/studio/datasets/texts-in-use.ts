import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { removeOwnedSync } from '../../llm/files/owned-files.ts';
import { acquireLock, isLocked, readLockHolder, removeLockFile } from '../processes/process-lock.ts';
import type { Project } from '../projects/projects.ts';
import { readDatasetRow } from '../store/datasets.ts';
import { requireTexts } from './dataset-rows.ts';

const usesFolder = (project: Project, datasetId: number): string =>
  join(project.folder, 'locks', `texts-${datasetId}`);

/**
 * Does work that reads the texts of a dataset, or what was encoded of them. While it lasts nobody deletes them, in this
 * process or another: each work holds a lock of its own, which goes with its process.
 * @param what the work, as it is called where somebody waits for it: "tokenizer small".
 * @throws LoamError when the texts are deleted already, or what the work throws
 */
export async function withTextsInUse<Result>(
  project: Project,
  datasetId: number,
  what: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const file = join(usesFolder(project, datasetId), `${randomUUID()}.lock`);
  const lock = acquireLock(file, what);
  try {
    requireTextsStill(project, datasetId);
    return await work();
  } finally {
    lock?.release();
    removeLockFile(project.ownFiles, file);
  }
}

/**
 * Makes sure that the texts of a dataset are there. In a transaction, which waits for one that is deleting them to its end.
 * @throws LoamError when they were deleted
 */
export function requireTextsStill(project: Project, datasetId: number): void {
  project.store.transaction(() => {
    const row = readDatasetRow(project.store, datasetId);
    if (row !== undefined) requireTexts(row);
  });
}

/** What is at work on the texts of some datasets, as it is called, in this process or another. */
export function listWorkOnTexts(project: Project, datasetIds: readonly number[]): readonly string[] {
  const work = new Set<string>();
  for (const id of datasetIds) {
    const folder = usesFolder(project, id);
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder).filter((each) => each.endsWith('.lock'))) {
      const file = join(folder, name);
      if (isLocked(file)) work.add(readLockHolder(file)?.what ?? 'other work');
    }
  }
  return [...work];
}

/** Removes what ended processes left of their locks, once the texts are deleted. */
export function forgetWorkOnTexts(project: Project, datasetIds: readonly number[]): void {
  for (const id of datasetIds) removeOwnedSync(project.ownFiles, usesFolder(project, id));
}
