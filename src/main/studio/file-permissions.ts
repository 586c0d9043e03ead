import { existsSync } from 'node:fs';
import { chmod, copyFile, readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/**
 * Who may read what Loam writes. Projects and the person's own folder hold private texts, and what SQLite and libraries
 * make there is not Loam's to name modes for: so the whole process makes files and folders for their owner alone. What a
 * person has written elsewhere, for other programs, is given the permissions that the person's other files have.
 */

/** The mask that this process was started with; undefined before it was set. */
let personsMask: number | undefined;

/** From now on this process, and those that it starts, make files and folders for their owner alone. */
export function keepFilesPrivate(): void {
  personsMask ??= process.umask(0o077);
}

/** Copies a file for its owner alone: a system copy would take over the permissions of the original. */
export async function copyPrivately(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  await chmod(to, 0o600);
}

/** The highest of the folders on the way to a path, itself included, that is not there yet; undefined when all are. */
export function firstMissing(path: string): string | undefined {
  let missing: string | undefined;
  for (let folder = resolve(path); !existsSync(folder); folder = dirname(folder)) missing = folder;
  return missing;
}

/** Gives files and folders that were written for a person the permissions that the person's own have. */
export async function shareAsUsual(files: readonly string[], folders: readonly string[] = []): Promise<void> {
  // Windows has permissions of another kind, which a new file takes from its folder.
  if (process.platform === 'win32' || personsMask === undefined) return;
  for (const file of files) await chmod(file, 0o666 & ~personsMask);
  for (const folder of folders) await chmod(folder, 0o777 & ~personsMask);
}

/** The same for a folder with everything in it. */
export async function shareFolderAsUsual(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = (wanted: 'isFile' | 'isDirectory'): readonly string[] =>
    entries.filter((entry) => entry[wanted]()).map((entry) => join(entry.parentPath, entry.name));
  await shareAsUsual(paths('isFile'), [...paths('isDirectory'), folder]);
}
