import { lstatSync, mkdtempSync, readdirSync, renameSync, rmdirSync, rmSync, type Stats } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import { isUnfinishedName, partialPath } from './unfinished-names.ts';

/**
 * The only module that removes, renames or replaces anything on disk (a lint rule holds every other one to that). It acts
 * below a root that the caller declares, on paths that have a form of Loam's own there, and refuses where a link stands
 * on the way from the root: behind it lies somebody else's folder.
 *
 * The look at the path and the act are in one turn of the program, by synchronous calls. A folder first loses its name, is
 * compared with what was looked at, and only then emptied, so that nobody sees half of one. Node has no `unlinkat`: a
 * process that runs as the same person and changes the path within these microseconds is not kept out.
 */

/** A folder in which this program removes and replaces what it made. */
export interface OwnedRoot {
  /** The folder. What lies above it, links included, is the person's own choice. */
  readonly folder: string;
  /**
   * Whether a path below the folder is one that Loam gives to what it makes.
   * @param parts the path from the folder, name by name
   */
  readonly owns: (parts: readonly string[]) => boolean;
}

/** A root of which only things of these names, and what is not finished, are the program's own. */
export function ownedNames(folder: string, ...names: readonly string[]): OwnedRoot {
  return {
    folder,
    owns: ([name = '', ...below]) => isUnfinishedName(name) || (names.includes(name) && below.length === 0),
  };
}

/**
 * Removes a file, or a folder with all that is in it. What is not there counts as removed. Links inside a folder are
 * removed and not followed.
 * @throws LoamError for a path that is not the program's own, or is reached over a link; the system's error
 */
export async function removeOwned(root: OwnedRoot, path: string): Promise<void> {
  const doomed = takeAway(root, path);
  if (doomed !== undefined) await rm(doomed, { recursive: true, force: true });
}

/** The same as `removeOwned`, for where nothing may come in between. */
export function removeOwnedSync(root: OwnedRoot, path: string): void {
  const doomed = takeAway(root, path);
  if (doomed !== undefined) rmSync(doomed, { recursive: true, force: true });
}

/** Removes a file at once and takes a folder's name away. @returns the folder that is left to be emptied */
function takeAway(root: OwnedRoot, path: string): string | undefined {
  const found = lookAt(root, path);
  if (found === undefined) return undefined;
  if (!found.isDirectory()) {
    rmSync(path, { force: true });
    return undefined;
  }
  const nameless = partialPath(path);
  try {
    renameSync(path, nameless);
  } catch {
    // A disk that is full or a file that is open may forbid another name, and allow the removal.
    return path;
  }
  const moved = lstatSync(nameless);
  if (moved.isDirectory() && moved.ino === found.ino && moved.dev === found.dev) return nameless;
  renameSync(nameless, path);
  throw refusal(path, 'It was exchanged for something else while Loam was about to remove it.');
}

/**
 * Gives a file or folder of the program's own another name of its own, on the same disk. A file takes the place of a file;
 * a folder takes no place but an empty one.
 * @throws LoamError for paths that are not the program's own or reached over a link, and where something else is in the
 * way; the system's error
 */
export function moveOwned(root: OwnedRoot, from: string, to: string): void {
  const moving = lookAt(root, from);
  const there = lookAt(root, to);
  if (there !== undefined && moving !== undefined) {
    const fits = moving.isDirectory() ? there.isDirectory() && readdirSync(to).length === 0 : there.isFile();
    if (!fits)
      throw new LoamError({
        kind: 'input',
        where: to,
        what: 'Something else is already there.',
        remedy: 'Move it away, or choose another name.',
      });
    // Windows does not rename a folder over an empty one.
    if (moving.isDirectory()) rmdirSync(to);
  }
  renameSync(from, to);
}

/**
 * Puts a file in the place of another, or of nothing, in the same folder. The place is one that a person named, or that
 * the caller has looked at.
 * @param from a file of a form of the program's own
 * @throws LoamError where a folder, a link or a device stands in the place; the system's error
 */
export function replaceFile(root: OwnedRoot, from: string, to: string): void {
  const target = resolve(to);
  const own: OwnedRoot = {
    folder: root.folder,
    owns: (parts) => root.owns(parts) || resolve(root.folder, ...parts) === target,
  };
  moveOwned(own, from, target);
}

/** A folder for a moment's work, in the system's place for such. */
export interface TemporaryFolder {
  readonly folder: string;
  /** Removes it with everything in it. */
  readonly remove: () => Promise<void>;
  readonly removeSync: () => void;
}

/** Makes a folder that this process alone uses, and removes. */
export function makeTemporaryFolder(prefix: string): TemporaryFolder {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  const root = ownedNames(dirname(folder), basename(folder));
  return {
    folder,
    remove: () => removeOwned(root, folder),
    removeSync: () => removeOwnedSync(root, folder),
  };
}

/**
 * What is at a path, if it may be touched; undefined when nothing is there.
 * @throws LoamError otherwise
 */
function lookAt({ folder, owns }: OwnedRoot, path: string): Stats | undefined {
  const parts = partsBelow(folder, path);
  if (parts === undefined) throw refusal(path, `It lies outside of ${folder}.`);
  if (!owns(parts)) throw refusal(path, 'Its name is none that Loam gives to what it makes.');
  return requireNoLink(folder, parts);
}

/** The names that lead from a folder to a path below it; undefined when it does not lie below. */
function partsBelow(folder: string, path: string): readonly string[] | undefined {
  const way = relative(resolve(folder), resolve(path));
  if (way === '' || way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) return undefined;
  return way.split(sep);
}

/** @returns what is at the path; undefined when nothing is. @throws LoamError for a link on the way or at its end */
function requireNoLink(folder: string, parts: readonly string[]): Stats | undefined {
  let path = resolve(folder);
  let found: Stats | undefined;
  for (const [index, part] of parts.entries()) {
    path = join(path, part);
    found = statsOf(path);
    // Junctions of Windows are links to lstat.
    if (found?.isSymbolicLink() === true)
      throw refusal(
        path,
        'It is a link to another place.',
        'Put a folder or file of its own there instead of the link. A project as a whole may be reached over a link.',
      );
    if (found === undefined || (index < parts.length - 1 && !found.isDirectory())) return undefined;
  }
  return found;
}

/** What is at a path, itself if it is a link; undefined when nothing is, or a file where a folder would be. */
function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/**
 * Makes sure that no link stands between a folder and a path below it, at the path included: whoever writes there writes
 * into this folder. What is not there yet is no link.
 * @throws LoamError that names the link, or a path that does not lie below the folder
 */
export function requireUnlinked(folder: string, path: string): void {
  const parts = partsBelow(folder, path);
  if (parts === undefined) throw refusal(path, `It lies outside of ${folder}.`);
  requireNoLink(folder, parts);
}

function refusal(path: string, what: string, remedy?: string): LoamError {
  return new LoamError({
    kind: 'input',
    where: path,
    what: `Loam touches nothing here. ${what}`,
    remedy: remedy ?? 'Nothing was removed. Look at it, and move it away if it is yours.',
  });
}
