import { existsSync } from 'node:fs';
import { LoamError, type ErrorAccount } from '../../../shared/errors.ts';
import type { RecordFile } from '../../llm/data/source-records.ts';
import type { ReadingOptions } from '../../llm/data/text-decoding.ts';
import { digestFile, type ReadingFiles } from '../../llm/files/file-digest.ts';
import type { Project } from '../projects/projects.ts';
import { listDatasetNamesOfSource, type DatasetSourceRow } from '../store/datasets.ts';

/** Where a source lies: its copy in the project, or else the file that was kept where it is. */
export function placeOfSource(project: Project, { hash, keptAt }: DatasetSourceRow): string {
  const copy = project.paths.source(hash);
  return keptAt === undefined || existsSync(copy) ? copy : keptAt;
}

/**
 * The sources of a dataset as files to read, in order, under their original names.
 * @throws LoamError that names the first that is gone, and its dataset
 */
export function filesOfSources(
  project: Project,
  sources: readonly DatasetSourceRow[],
): readonly RecordFile[] {
  return sources.map((source) => {
    const path = placeOfSource(project, source);
    if (!existsSync(path)) throw sourceFault(project, source, 'missing');
    return { path, name: source.name, encoding: source.encoding, reading: source.reading };
  });
}

/**
 * Hashes the sources before they are read: those that were kept where they are may have changed since, and a copy may have
 * been damaged on the disk.
 * @throws LoamError that names the one that did, or is gone.
 */
export async function requireUnchangedSources(
  project: Project,
  sources: readonly DatasetSourceRow[],
  { signal, onBytes }: ReadingOptions = {},
): Promise<void> {
  for (const source of sources) {
    if (source.textsDeletedAt !== undefined) throw textsDeleted(source.name, source.textsDeletedAt);
    const fault = await findSourceFault(project, source, {
      ...(signal === undefined ? {} : { signal }),
      ...(onBytes === undefined ? {} : { onBytes }),
    });
    if (fault !== undefined) throw sourceFault(project, source, fault);
  }
}

/** Reads a source and compares it with the hash that it was imported with. @throws LoamError when it cannot be read. */
export async function findSourceFault(
  project: Project,
  source: DatasetSourceRow,
  reading: ReadingFiles = {},
): Promise<'missing' | 'changed' | undefined> {
  const path = placeOfSource(project, source);
  if (!existsSync(path)) return 'missing';
  return (await digestFile(path, reading)).sha256 === source.hash ? undefined : 'changed';
}

function sourceFault(project: Project, source: DatasetSourceRow, fault: 'missing' | 'changed'): LoamError {
  const where = placeOfSource(project, source);
  const names = listDatasetNamesOfSource(project.store, source.hash);
  const needed = `The ${names.length === 1 ? 'dataset' : 'datasets'} ${names.join(', ')} cannot be read without it.`;
  const told = (what: string, remedy: string, more: Pick<ErrorAccount, 'action'> = {}): LoamError =>
    new LoamError({ kind: 'input', where, what: `${what} ${needed}`, remedy, ...more });
  if (where === source.keptAt)
    return fault === 'missing'
      ? told(
          'The file was kept where it is, and it is no longer there.',
          'Put it back, or take it out of the dataset.',
        )
      : told(
          'The file was kept where it is, and it has changed since it was imported.',
          'Put the old file back; or take it out of the dataset and add it as it is now.',
        );
  return told(
    fault === 'missing'
      ? `The project’s copy of ${source.name} is gone.`
      : `The project’s copy of ${source.name} is damaged: it no longer holds what was imported.`,
    'Import the original file again, into any dataset: its copy then takes this one’s place.',
    { action: { do: 'verifyProject' } },
  );
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
