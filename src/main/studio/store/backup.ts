import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { unfinishedIn } from '../../llm/files/leftovers.ts';
import { ownedNames, removeOwnedSync, replaceFile } from '../../llm/files/owned-files.ts';
import { finished, partialPath } from '../../llm/files/unfinished-names.ts';

/** A copy of a project's store in `backups/` beside it. */
export interface Backup {
  readonly file: string;
  /** The store's version. */
  readonly version: number;
  readonly madeAt: Date;
}

/** How many of the newest backups are kept, whatever their version. */
const keptNewest = 3;
/** Of how many older versions the newest backup is kept: with it an older Loam can open the project again. */
const keptVersions = 2;

const name = /^loam-version-(\d+)-(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d)-(\d{3})Z\.sqlite$/;

export function backupFolder(storeFile: string): string {
  return join(dirname(storeFile), 'backups');
}

/** The backups of a store, the newest first. */
export function listBackups(storeFile: string): readonly Backup[] {
  const folder = backupFolder(storeFile);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((entry) => {
      const [, version, hour, minute, second, millisecond] = name.exec(entry) ?? [];
      if (version === undefined) return [];
      const madeAt = new Date(`${hour}:${minute}:${second}.${millisecond}Z`);
      return Number.isNaN(madeAt.getTime())
        ? []
        : [{ file: join(folder, entry), version: Number(version), madeAt }];
    })
    .toSorted((one, other) => other.madeAt.getTime() - one.madeAt.getTime());
}

/** Which of some backups, given newest first, are no longer needed. */
export function superfluousBackups(backups: readonly Backup[]): readonly Backup[] {
  const kept = new Set(backups.slice(0, keptNewest));
  const versions = [...new Set(backups.map(({ version }) => version))].slice(0, keptVersions + 1);
  for (const version of versions) {
    const newest = backups.find((backup) => backup.version === version);
    if (newest !== undefined) kept.add(newest);
  }
  return backups.filter((backup) => !kept.has(backup));
}

/** The path of a backup that is made now, and where it is written first. */
export function newBackup(
  storeFile: string,
  version: number,
  now: Date,
): { readonly file: string; readonly partial: string } {
  const moment = now.toISOString().replaceAll(/[:.]/g, '-');
  const file = join(backupFolder(storeFile), `loam-version-${version}-${moment}.sqlite`);
  return { file, partial: partialPath(file) };
}

/** Puts a backup that was written to its partial name on the disk and gives it its name, and clears away old ones. */
export function finishBackup(
  storeFile: string,
  { file, partial }: { readonly file: string; readonly partial: string },
): void {
  // SQLite leaves a copy to the operating system's cache.
  const descriptor = openSync(partial, 'r+');
  fsyncSync(descriptor);
  closeSync(descriptor);
  replaceFile(unfinishedIn(dirname(file)), partial, file);
  finished(partial);
  for (const old of superfluousBackups(listBackups(storeFile)))
    removeOwnedSync(ownedNames(dirname(old.file), basename(old.file)), old.file);
}

/** Removes what was written of a backup that failed. */
export function abandonBackup({ partial }: { readonly partial: string }): void {
  removeOwnedSync(unfinishedIn(dirname(partial)), partial);
  finished(partial);
}

/** Copies the whole store to its backups before it becomes one of a newer version. */
export function backUpBeforeMigrating(database: Database, storeFile: string, version: number): void {
  mkdirSync(backupFolder(storeFile), { recursive: true });
  const backup = newBackup(storeFile, version, new Date());
  try {
    database.prepare('VACUUM INTO ?').run(backup.partial);
    finishBackup(storeFile, backup);
  } catch (error) {
    abandonBackup(backup);
    throw error;
  }
}
