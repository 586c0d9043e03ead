import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import { requireUnlinked } from '../../llm/files/owned-files.ts';
import { reservedFolders, storeFiles } from './own-files.ts';

/** What must hold of a folder before a project is made in it, and before the project in it is touched. */

/**
 * A new project takes its names for itself, so nothing of a person's may stand under one of them.
 * @throws LoamError that names what is in the way; an empty folder is not
 */
export async function requireNamesFree(folder: string): Promise<void> {
  const taken: string[] = [];
  for (const name of [...reservedFolders, ...storeFiles])
    if (!(await isFree(join(folder, name)))) taken.push(name);
  if (taken.length === 0) return;
  throw new LoamError({
    kind: 'input',
    where: folder,
    what: `This folder holds ${inWords(taken)}, and in a project Loam keeps its own files under ${taken.length === 1 ? 'that name' : 'those names'}.`,
    remedy: `Choose another folder, such as a new one, or move ${taken.length === 1 ? 'it' : 'them'} away first.`,
  });
}

async function isFree(path: string): Promise<boolean> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  return found === undefined || (found.isDirectory() && (await readdir(path)).length === 0);
}

function inWords(names: readonly string[]): string {
  const quoted = names.map((name) => `“${name}”`);
  return quoted.length === 1 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`;
}

/**
 * Everything that Loam keeps in a project lies in the project's folder itself: what is written or removed through a link
 * would be somebody else's. The project's folder may itself be reached over a link.
 * @throws LoamError that names the link
 */
export function requireNoLinkedParts(folder: string): void {
  for (const name of [...reservedFolders, ...storeFiles]) requireUnlinked(folder, join(folder, name));
}

/**
 * Looks for links anywhere in what a project keeps. Loam makes none; in a project that comes from elsewhere one would lead
 * what is written to another place.
 * @throws LoamError that names the first link
 */
export async function requireNoLinksWithin(folder: string): Promise<void> {
  requireNoLinkedParts(folder);
  for (const name of reservedFolders) await walk(folder, join(folder, name));
}

async function walk(root: string, folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) requireUnlinked(root, path);
    else if (entry.isDirectory()) await walk(root, path);
  }
}
