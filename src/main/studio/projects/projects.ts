import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import type { ProjectSummary } from '../../../shared/projects/project.ts';
import { syncFolder } from '../../llm/files/atomic-file.ts';
import { makeFolder } from '../../llm/files/make-folder.ts';
import { partialPath } from '../durable-files.ts';
import { openLog, type Log } from '../log.ts';
import { insertProject, readProject } from '../store/projects.ts';
import { openStore, type Store } from '../store/store.ts';
import { explainSystemError } from '../system-errors.ts';
import { loamVersion } from '../version.ts';
import { projectPaths, type ProjectPaths } from './paths.ts';

/** A project that is open. The services of every noun take it as their first argument. */
export interface Project {
  readonly folder: string;
  readonly paths: ProjectPaths;
  readonly store: Store;
  readonly log: Log;
  readonly clock: () => Date;
  close(): void;
}

/**
 * Makes a project in a folder, which may hold other files but no project.
 * @throws LoamError when there is one already or the folder cannot be written.
 */
export async function createProject(folder: string, clock = () => new Date()): Promise<ProjectSummary> {
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
    const store = openStore(partial, { mode: 'create' });
    insertProject(store, { name: basename(target), createdAt: clock().toISOString(), loamVersion });
    store.close();
    await rename(partial, file);
    await syncFolder(target);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw explainSystemError(error, target) ?? error;
  }
  const project = openProject(target, clock);
  try {
    return describeProject(project);
  } finally {
    project.close();
  }
}

/**
 * Opens the project in a folder.
 * @throws LoamError when there is none, or it is damaged or newer than this Loam. One that cannot be written is opened for reading.
 */
export function openProject(folder: string, clock = () => new Date()): Project {
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
  const store = openStore(paths.store, { mode: 'open' });
  const log = openLog(paths.log);
  if (store.lostChanges > 0) log.info('the store lacks changes that it had', { changes: store.lostChanges });
  return { folder: target, paths, store, log, clock, close: () => store.close() };
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
