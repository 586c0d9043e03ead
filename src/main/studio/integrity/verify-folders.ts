import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { LoamError } from '../../../shared/errors.ts';
import type { Finding } from '../../../shared/integrity/verification.ts';
import type { ReadingFiles } from '../../llm/files/file-digest.ts';
import {
  describeFault,
  findFileFault,
  manifestPath,
  readManifest,
  type Manifest,
} from '../../llm/files/manifest.ts';

/** The project that is looked at, and where findings go. */
export interface Place {
  readonly folder: string;
  readonly reading: ReadingFiles;
  readonly report: (finding: Omit<Finding, 'area'>) => void;
  readonly countFile: () => void;
  /** A path as findings tell it. */
  readonly stored: (path: string) => string;
}

/** What the findings in a folder have in common. */
export interface About {
  readonly what: string;
  readonly consequence: string;
}

/** Compares all files of a folder with its manifest. @returns whether something in it is damaged or missing. */
export async function verifyFolder(
  place: Place,
  folder: string,
  about: About,
  remake?: Finding['repair'],
): Promise<boolean> {
  const path = place.stored(folder);
  let manifest: Manifest | undefined;
  try {
    manifest = await readManifest(folder);
  } catch (error) {
    if (!(error instanceof LoamError)) throw error;
    place.report({
      status: 'damaged',
      path: `${path}/${manifestPath}`,
      detail: error.what,
      ...about,
      ...(remake === undefined ? {} : { repair: remake }),
    });
    return true;
  }
  if (manifest === undefined) {
    // A running training may have let it go since its name was read.
    if (!existsSync(folder)) return false;
    place.report({
      status: 'unprotected',
      what: about.what,
      path,
      detail:
        'It has no list of its files’ hashes: it was made before Loam kept them, or by another program.',
      consequence: 'A file in it that changes is not noticed.',
      repair: { kind: 'manifest', does: 'takes its files as they are now and keeps their hashes' },
    });
    return false;
  }
  return compareFiles(place, folder, manifest, about, remake);
}

/** Compares files of a folder with their digests. @returns whether one is damaged or missing. */
export async function compareFiles(
  place: Place,
  folder: string,
  files: Manifest,
  about: About,
  remake?: Finding['repair'],
): Promise<boolean> {
  let found = false;
  for (const [name, expected] of files) {
    const fault = await findFileFault(folder, name, expected, place.reading);
    // It may have been let go of as a whole.
    if (fault === 'missing' && !existsSync(folder)) return found;
    place.countFile();
    if (fault === undefined) continue;
    found = true;
    place.report({
      status: fault === 'missing' ? 'missing' : 'damaged',
      path: `${place.stored(folder)}/${name}`,
      detail: describeFault(fault),
      ...about,
      ...(remake === undefined ? {} : { repair: remake }),
    });
  }
  return found;
}

/** The names in a folder that are not hidden, in order; none where there is no such folder. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => !name.startsWith('.')).toSorted();
}
