import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { removeOwned } from '../../llm/files/owned-files.ts';
import { isOwnName } from '../projects/own-files.ts';
import type { Project } from '../projects/projects.ts';
import { listAllDatasetIds, readDatasetRow } from '../store/datasets.ts';
import { buildDocumentIndex } from './documents/build-index.ts';
import { lookAtIndex } from './documents/index-digest.ts';
import { contentsOf, type DatasetContents } from './dataset-rows.ts';
import { columnMappingOf, documentIndexKey } from './dataset-version.ts';
import { filesOfSources, requireUnchangedSources } from './source-places.ts';

export interface IndexProgress {
  readonly bytes: number;
  readonly totalBytes: number;
  readonly documents: number;
}

export interface EnsureIndexOptions {
  readonly onProgress?: (progress: IndexProgress) => void;
  readonly signal?: AbortSignal;
  /**
   * Reads an index that is there to its end first and makes a damaged one anew: for what is learned from. Default: that is
   * done once by a process, in the background, and what was found damaged is made anew at the next use.
   */
  readonly intact?: boolean;
}

/** Indexes that this process has read to their end, or is reading. */
const looked = new Set<string>();

function lookInBackground(project: Project, file: string): void {
  if (looked.has(file)) return;
  looked.add(file);
  void removeIfDamaged(project, file);
}

async function removeIfDamaged(project: Project, file: string): Promise<void> {
  if ((await lookAtIndex(file)) === 'damaged') await removeDocumentIndex(project, file);
}

/** Removes an index. Windows does not let go of a file that a worker has open; it is removed another time. */
export async function removeDocumentIndex(project: Project, file: string): Promise<void> {
  looked.delete(file);
  await removeOwned(project.ownFiles, file).catch(() => undefined);
}

/** Where the index of a dataset's documents lies, whether it is there or not. */
export function documentIndexFile(project: Project, contents: DatasetContents): string {
  return project.paths.documentIndex(documentIndexKey(contents));
}

/**
 * Makes the index of a dataset's documents where it is missing.
 * @returns its file.
 * @throws LoamError when a source cannot be read or has changed, or the disk refuses.
 */
export async function ensureDocumentIndex(
  project: Project,
  contents: DatasetContents,
  { onProgress, signal, intact = false }: EnsureIndexOptions = {},
): Promise<string> {
  const file = documentIndexFile(project, contents);
  const stop = signal === undefined ? {} : { signal };
  if (existsSync(file)) {
    if (!intact) lookInBackground(project, file);
    if (!intact || (await lookAtIndex(file, stop)) !== 'damaged') return file;
    await removeDocumentIndex(project, file);
  }
  await requireUnchangedSources(project, contents.sources, stop);
  const totalBytes = contents.sources.reduce((sum, { bytes }) => sum + bytes, 0);
  await buildDocumentIndex({
    file,
    sources: filesOfSources(project, contents.sources),
    mapping: columnMappingOf(contents),
    ...(onProgress === undefined
      ? {}
      : { onProgress: (progress) => onProgress({ ...progress, totalBytes }) }),
    ...stop,
  });
  await removeUnusedIndexes(project, file);
  return file;
}

/** Removes the indexes that are of no dataset as it is now, but for one that is about to be used. */
export async function removeUnusedIndexes(project: Project, but?: string): Promise<void> {
  const folder = dirname(project.paths.documentIndex(''));
  const used = new Set(
    listAllDatasetIds(project.store)
      .map((id) => readDatasetRow(project.store, id))
      .filter((row) => row !== undefined)
      .filter((row) => row.textsDeletedAt === null)
      .map((row) => basename(documentIndexFile(project, contentsOf(project, row)))),
  );
  if (but !== undefined) used.add(basename(but));
  for (const name of await readdir(folder).catch(() => []))
    if (name.endsWith('.sqlite') && isOwnName('documents', name) && !name.startsWith('.') && !used.has(name))
      await removeDocumentIndex(project, join(folder, name));
}
