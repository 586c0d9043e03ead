import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeJsonAtomically } from './atomic-file.ts';

/**
 * What large files were when all of their bytes were last read and found to be what was once written or installed. Reading
 * some gigabytes at every beginning would take many seconds, so a file whose size, times and place on the disk are still those
 * is taken as verified. That finds whatever a program, a copy or a restored backup changed. It does not find a byte that
 * was changed below the file system, or by somebody who may set the system's clock: whoever can do that on this account can
 * change Loam itself.
 */
const verifiedSchema = z.record(z.string(), z.string());
export type VerifiedFiles = z.output<typeof verifiedSchema>;

/** Beside the list of the files: a pack's `pack.json`, a model's `loam/manifest.json`. */
const fileName = 'verified.json';

/** Nothing where none were noted, or not readably: all are read again then. */
export async function readVerified(folder: string): Promise<VerifiedFiles> {
  const text = await readFile(join(folder, fileName), 'utf8').catch(() => '{}');
  try {
    return verifiedSchema.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

/** Keeps what was verified. A folder that cannot be written only costs time: it is read again at the next beginning. */
export async function noteVerified(folder: string, files: VerifiedFiles): Promise<void> {
  await writeJsonAtomically(join(folder, fileName), files).catch(() => undefined);
}

/** What tells a file with this checksum from one that was changed or replaced since. */
export async function stampFile(path: string, sha256: string): Promise<string> {
  const { size, mtimeNs, ctimeNs, ino } = await stat(path, { bigint: true });
  return [sha256, size, mtimeNs, ctimeNs, ino].join(' ');
}
