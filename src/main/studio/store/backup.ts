import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Database } from 'better-sqlite3';

/**
 * Copies the whole store, as it is at this moment, to `backups/` beside it; the file appears whole or not at all.
 * @param version the store's version, which names the file.
 * @returns the backup's path.
 */
export function backUp(database: Database, file: string, version: number): string {
  const folder = join(dirname(file), 'backups');
  mkdirSync(folder, { recursive: true });
  const moment = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const target = join(folder, `loam-version-${version}-${moment}.sqlite`);
  const partial = `${target}.partial-${process.pid}`;
  rmSync(partial, { force: true });
  database.prepare('VACUUM INTO ?').run(partial);
  // VACUUM INTO leaves the file to the operating system's cache.
  const descriptor = openSync(partial, 'r+');
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameSync(partial, target);
  return target;
}
