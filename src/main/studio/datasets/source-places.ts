import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { LoamError } from '../../../shared/errors.ts';
import type { RecordFile } from '../../llm/data/source-records.ts';
import { readChunks, type ReadingOptions } from '../../llm/data/text-decoding.ts';
import type { Project } from '../projects/projects.ts';
import type { DatasetSourceRow } from '../store/datasets.ts';

/** Where a source lies: its copy in the project, or else the file that was kept where it is. */
export function placeOfSource(project: Project, { hash, keptAt }: DatasetSourceRow): string {
  const copy = project.paths.source(hash);
  return keptAt === undefined || existsSync(copy) ? copy : keptAt;
}

/** The sources of a dataset as files to read, in order, under their original names. */
export function filesOfSources(
  project: Project,
  sources: readonly DatasetSourceRow[],
): readonly RecordFile[] {
  return sources.map((source) => ({
    path: placeOfSource(project, source),
    name: source.name,
    encoding: source.encoding,
    reading: source.reading,
  }));
}

/**
 * Hashes the files that were kept where they are, and may have changed since.
 * @throws LoamError that names the one that did, or is gone.
 */
export async function requireUnchangedSources(
  project: Project,
  sources: readonly DatasetSourceRow[],
  options: ReadingOptions = {},
): Promise<void> {
  for (const source of sources) {
    if (source.textsDeletedAt !== undefined) throw textsDeleted(source.name, source.textsDeletedAt);
    const path = placeOfSource(project, source);
    if (path !== source.keptAt) continue;
    if (!existsSync(path))
      throw new LoamError({
        kind: 'input',
        where: path,
        what: 'The file was kept where it is, and it is no longer there.',
        remedy: 'Put it back, or take it out of the dataset.',
      });
    const hash = createHash('sha256');
    for await (const chunk of readChunks(path, source.name, options)) hash.update(chunk);
    if (hash.digest('hex') !== source.hash)
      throw new LoamError({
        kind: 'input',
        where: path,
        what: 'The file was kept where it is, and it has changed since it was imported.',
        remedy: 'Put the old file back; or take it out of the dataset and add it as it is now.',
      });
  }
}

/** What is said where texts are asked for that a person had deleted. */
export function textsDeleted(where: string, at: string): LoamError {
  return new LoamError({
    kind: 'input',
    where,
    what: `The texts were deleted on ${at.slice(0, 10)}; what was made from them stays.`,
    remedy: 'Import the files anew, as a dataset of another name or in the place of this one.',
  });
}
