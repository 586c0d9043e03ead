import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import { writeJsonAtomically } from './atomic-file.ts';
import { makeFolder } from './make-folder.ts';
import { manifestPath } from './manifest.ts';

/** The file by which a folder whose name a person chose, and which has no manifest, says that this program made it. */
const markFile = '.loam-made.json';

/** @throws LoamError for a folder with neither a mark nor a manifest: it is a person's own */
export async function requireMakerMark(existing: string): Promise<void> {
  for (const mark of [markFile, manifestPath]) {
    const found = await lstat(join(existing, mark)).catch(() => undefined);
    if (found?.isFile() === true) return;
  }
  throw new LoamError({
    kind: 'input',
    where: existing,
    what: 'There is something of this name here already, which Loam did not make.',
    remedy: 'Move it away, or choose another name.',
  });
}

/**
 * Makes a folder that is to be filled bit by bit, and marks it. One that is there already is taken when it is empty or
 * marked: a killed process left it.
 * @throws LoamError for a person's own
 */
export async function claimFolder(folder: string): Promise<void> {
  await makeFolder(folder);
  if ((await readdir(folder)).length > 0) await requireMakerMark(folder);
  else await writeJsonAtomically(join(folder, markFile), { madeBy: 'loam' });
}
