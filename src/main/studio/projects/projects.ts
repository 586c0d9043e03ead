import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import type { ProjectSummary } from '../../../shared/projects/project.ts';
import { syncFolder } from '../../llm/files/atomic-file.ts';
import { makeFolder } from '../../llm/files/make-folder.ts';
import { moveOwned, removeOwned, type OwnedRoot } from '../../llm/files/owned-files.ts';
import { finished, partialPath } from '../../llm/files/unfinished-names.ts';
import { keepFilesPrivate } from '../file-permissions.ts';
import { openLog, type Log } from '../log.ts';
import { insertProject, readProject, readProjectIdentity, setProjectIdentity } from '../store/projects.ts';
import { requireParsedNames } from '../store/stored-names.ts';
import { openStore, type Store } from '../store/store.ts';
import { explainSystemError } from '../system-errors.ts';
import { loamVersion } from '../version.ts';
import { requireOwnForm } from '../typed-paths.ts';
import { noteKnownProject, requireKnownProject, tryToNoteKnownProject } from './known-projects.ts';
import { requireNamesFree, requireNoLinkedParts } from './project-folder.ts';
import { ownFilesOf } from './own-files.ts';
import { projectPaths, type ProjectPaths } from './paths.ts';

/** A project that is open. The services of every noun take it as their first argument. */
export interface Project {
  readonly folder: string;
  readonly paths: ProjectPaths;
  /** What of its folder Loam may remove and replace. */
  readonly ownFiles: OwnedRoot;
  readonly store: Store;
  readonly log: Log;
  readonly clock: () => Date;
  close(): void;
}

/**
 * Makes a project in a folder, which may hold other files but no project, and nothing under a project's own names.
 * @throws LoamError when there is one already, something is in the way, or the folder cannot be written.
 */
export async function createProject(folder: string, clock = () => new Date()): Promise<ProjectSummary> {
  keepFilesPrivate();
  requireOwnForm(folder);
  const target = resolve(folder);
  const { store: file } = projectPaths(target);
  if (existsSync(file))
    throw new LoamError({
      kind: 'input',
      where: target,
      what: 'There is a project here already.',
      remedy: 'Use it as it is, or choose another folder.',
    });
  const partial = partialPath(file);
  try {
    await makeFolder(target);
    await requireNamesFree(target);
    const identity = randomUUID();
    const store = openStore(partial, { mode: 'create' });
    try {
      insertProject(store, {
        name: basename(target),
        createdAt: clock().toISOString(),
        loamVersion,
      });
      setProjectIdentity(store, identity);
      store.settle();
    } finally {
      store.close();
    }
    noteKnownProject(target, identity);
    moveOwned(ownFilesOf(target), partial, file);
    await syncFolder(target);
  } catch (error) {
    await removeOwned(ownFilesOf(target), partial).catch(() => undefined);
    throw explainSystemError(error, target) ?? error;
  } finally {
    finished(partial);
  }
  const project = openProject(target, clock);
  try {
    return describeProject(project);
  } finally {
    project.close();
  }
}

/**
 * Opens the project in a folder, if it is one that this person made or agreed to.
 * @throws LoamError when there is none, or it comes from elsewhere, is damaged or newer than this Loam. One that cannot be
 *   written is opened for reading.
 */
export function openProject(folder: string, clock = () => new Date()): Project {
  keepFilesPrivate();
  const target = resolve(folder);
  const paths = projectPaths(target);
  if (!existsSync(paths.store))
    throw new LoamError({
      kind: 'misuse',
      where: target,
      what: 'There is no Loam project here.',
      remedy: 'Choose the folder of a project, or make a new one.',
      action: { do: 'createProject' },
    });
  requireNoLinkedParts(target);
  const { isIdentityMissing } = requireKnownProject(target);
  const store = openStore(paths.store, { mode: 'open' });
  try {
    requireParsedNames(store);
    // Where nothing can be written, it is noted another time.
    if (isIdentityMissing && store.readingOnly() === undefined)
      tryToNoteKnownProject(target, readProjectIdentity(store));
  } catch (error) {
    store.close();
    throw error;
  }
  const log = openLog(paths.log);
  if (store.lostChanges > 0) log.info('the store lacks changes that it had', { changes: store.lostChanges });
  return {
    folder: target,
    paths,
    ownFiles: ownFilesOf(target),
    store,
    log,
    clock,
    close: () => store.close(),
  };
}

/** Opens the project in a folder for as long as some work lasts. */
export async function withOpenProject<Result>(
  folder: string,
  work: (project: Project) => Promise<Result> | Result,
): Promise<Result> {
  const project = openProject(folder);
  try {
    return await work(project);
  } finally {
    project.close();
  }
}

/** The nearest folder, this one or one above, that holds a project; the folder itself when there is none. */
export function findProjectFolder(start: string): string {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'loam.sqlite'))) return folder;
    if (dirname(folder) === folder) return resolve(start);
  }
}

export function describeProject(project: Project): ProjectSummary {
  const readingOnly = project.store.readingOnly();
  return {
    ...readProject(project.store),
    folder: project.folder,
    ...(readingOnly === undefined
      ? {}
      : { readingOnly: { what: readingOnly.what, remedy: readingOnly.remedy } }),
  };
}
