import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import type { DatasetDetails, DatasetSource, DatasetSummary } from '../../../shared/datasets/dataset.ts';
import { LoamError } from '../../../shared/errors.ts';
import { syncFolder } from '../../llm/checkpoints/atomic-file.ts';
import { inspectTextFile, readDocuments } from '../../llm/data/text-files.ts';
import { copyFileDurably, mapConcurrently, removeLeftovers } from '../durable-files.ts';
import { requireValidName, unknownName } from '../names.ts';
import type { Project } from '../projects/projects.ts';
import {
  deleteDatasetRow,
  deleteUnusedSources,
  findDatasetRow,
  insertDataset,
  listDatasetRows,
  listDatasetSources,
  listTokenSetHashes,
  type DatasetRow,
} from '../store/datasets.ts';
import { listRunNamesOfDataset } from '../store/runs.ts';
import { listTokenizersOfDataset } from '../store/tokenizers.ts';
import { findSourceFiles, type SourceFile } from './source-files.ts';

/** Many small files spend their time waiting for the disk; several at once wait together. */
const filesAtOnce = 8;

export interface ImportDatasetOptions {
  readonly name: string;
  /** Files, or folders of text files. */
  readonly paths: readonly string[];
  /**
   * Lets the new dataset take the name of one that is there. The older one's texts stay in the project as long as runs
   * use them.
   */
  readonly replace?: boolean;
  readonly onProgress?: (progress: {
    readonly file: string;
    readonly done: number;
    readonly total: number;
  }) => void;
  /** Told of each file of a folder that is left out because it holds no text; a file that was named is refused instead. */
  readonly onLeftOut?: (file: { readonly name: string; readonly reason: string }) => void;
  readonly signal?: AbortSignal;
}

/**
 * Copies files into the project, each under the hash of its content, and makes a dataset of them. Either the whole
 * dataset is there afterwards or none of it.
 * @throws LoamError for a name in use; for a file named that is empty, binary or undecodable, and a folder that holds
 *   only such files; for a file of JSON lines with a line that holds no text.
 */
export async function importDataset(
  project: Project,
  options: ImportDatasetOptions,
): Promise<DatasetSummary> {
  const { name, paths, replace = false, onProgress, onLeftOut, signal } = options;
  requireValidName('dataset', name);
  if (!replace && findDatasetRow(project.store, name) !== undefined)
    throw new LoamError({
      kind: 'input',
      where: `dataset '${name}'`,
      what: 'There is a dataset of this name already.',
      remedy:
        'Choose another name, or add --replace to give the name to the new files (runs on the old ones keep their texts).',
    });
  const files = await findSourceFiles(paths);
  const sourcesFolder = dirname(project.paths.source(''.padEnd(64, '0')));
  await mkdir(sourcesFolder, { recursive: true });
  await removeLeftovers(sourcesFolder);
  let done = 0;
  const imported = await mapConcurrently(
    files,
    filesAtOnce,
    async (file): Promise<DatasetSource | LoamError> => {
      signal?.throwIfAborted();
      const inspected = await inspectSource(file);
      if (inspected instanceof LoamError) return inspected;
      const { encoding, bytes, sha256 } = inspected;
      await requireReadableLines(file, encoding);
      await keepSource(project, file.path, sha256);
      onProgress?.({ file: file.name, done: ++done, total: files.length });
      return { name: file.name, hash: sha256, bytes, encoding };
    },
  );
  const sources = imported.filter((each): each is DatasetSource => !(each instanceof LoamError));
  const [firstRefusal] = imported.filter((each) => each instanceof LoamError);
  if (sources.length === 0 && firstRefusal !== undefined) throw firstRefusal;
  for (const [index, each] of imported.entries())
    if (each instanceof LoamError) onLeftOut?.({ name: files[index]?.name ?? '', reason: each.what });
  await syncFolder(sourcesFolder);
  insertDataset(
    project.store,
    { name, hash: hashSources(sources), createdAt: project.clock().toISOString() },
    sources,
  );
  project.log.info('dataset imported', { files: sources.length });
  return summarize(requireDataset(project, name));
}

/** A line without text in a file of JSON lines is told now rather than when a model is to learn from it. */
async function requireReadableLines({ path, name }: SourceFile, encoding: string): Promise<void> {
  if (!['.jsonl', '.ndjson'].includes(extname(name).toLowerCase())) return;
  for await (const document of readDocuments([{ path, name, encoding }])) void document;
}

/** What a file is, or why it is left out: nobody should have to clear a folder of everything that is no text. */
async function inspectSource(
  file: SourceFile,
): Promise<Awaited<ReturnType<typeof inspectTextFile>> | LoamError> {
  try {
    return await inspectTextFile(file.path);
  } catch (error) {
    if (file.inFolder && error instanceof LoamError && error.kind === 'input') return error;
    throw error;
  }
}

/** Copies a file to its place by content, where it is not there yet. */
async function keepSource(project: Project, path: string, sha256: string): Promise<void> {
  const target = project.paths.source(sha256);
  if (existsSync(target)) return;
  await copyFileDurably(path, target, async (copy) => {
    if ((await inspectTextFile(copy)).sha256 !== sha256)
      throw new LoamError({
        kind: 'input',
        where: path,
        what: 'The file changed while it was imported.',
        remedy: 'Import it again when nothing writes to it.',
      });
  });
}

function hashSources(sources: readonly DatasetSource[]): string {
  return createHash('sha256')
    .update(JSON.stringify(sources.map(({ hash, name }) => [hash, name])))
    .digest('hex');
}

/** @throws LoamError with the nearest name when there is no such dataset. */
export function requireDataset(project: Project, name: string): DatasetRow {
  const row = findDatasetRow(project.store, name);
  if (row === undefined)
    throw unknownName(
      'dataset',
      name,
      listDatasetRows(project.store).map((each) => each.name),
    );
  return row;
}

function summarize({ name, hash, files, bytes, createdAt }: DatasetRow): DatasetSummary {
  return { name, hash, files, bytes, createdAt };
}

export function listDatasets(project: Project): readonly DatasetSummary[] {
  return listDatasetRows(project.store).map(summarize);
}

export function showDataset(project: Project, name: string): DatasetDetails {
  const row = requireDataset(project, name);
  return {
    ...summarize(row),
    sources: [...listDatasetSources(project.store, row.id)],
    tokenizers: listTokenizersOfDataset(project.store, row.id).map((tokenizer) => tokenizer.name),
    runs: [...listRunNamesOfDataset(project.store, row.id)],
  };
}

/** Where a dataset's texts lie, in order, under their original names: what `llm/data` reads. */
export function datasetFiles(
  project: Project,
  datasetId: number,
): readonly { readonly path: string; readonly name: string }[] {
  return listDatasetSources(project.store, datasetId).map(({ hash, name }) => ({
    path: project.paths.source(hash),
    name,
  }));
}

/**
 * Deletes a dataset, its encoded forms, and the sources that no other dataset uses.
 * @throws LoamError when a tokenizer or run was made from it: their records name it.
 */
export async function deleteDataset(
  project: Project,
  name: string,
): Promise<{ readonly freedBytes: number }> {
  const details = showDataset(project, name);
  const users = [
    ...details.tokenizers.map((each) => `tokenizer ${each}`),
    ...details.runs.map((each) => `run ${each}`),
  ];
  if (users.length > 0)
    throw new LoamError({
      kind: 'input',
      where: `dataset '${name}'`,
      what: `It is used by ${users.join(', ')}.`,
      remedy: 'Delete those first, or keep the dataset.',
    });
  const { id } = requireDataset(project, name);
  const tokenSets = listTokenSetHashes(project.store, id);
  const unused = project.store.transaction(() => {
    deleteDatasetRow(project.store, id);
    return deleteUnusedSources(project.store);
  });
  for (const hash of tokenSets) await rm(project.paths.tokens(hash), { recursive: true, force: true });
  for (const hash of unused) await rm(project.paths.source(hash), { force: true });
  return {
    freedBytes: details.sources
      .filter(({ hash }) => unused.includes(hash))
      .reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
