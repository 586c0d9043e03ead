import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ColumnMapping } from '../../../shared/datasets/columns.ts';
import type { DatasetSummary } from '../../../shared/datasets/dataset.ts';
import type { Recipe } from '../../../shared/datasets/recipe.ts';
import { LoamError } from '../../../shared/errors.ts';
import { syncFolder } from '../../llm/files/atomic-file.ts';
import { removeOwned } from '../../llm/files/owned-files.ts';
import { requireValidName } from '../names.ts';
import type { Project } from '../projects/projects.ts';
import {
  findDatasetRow,
  insertDataset,
  listNeededSources,
  readDatasetRow,
  setDatasetVersion,
  type DatasetRow,
  type DatasetSourceRow,
} from '../store/datasets.ts';
import { appendRecipe, beginRecipe, copyRecipes } from '../store/recipes.ts';
import { findUpload, removeUpload } from '../uploads/uploads.ts';
import { columnMappingOf, documentIndexKey, versionHash } from './dataset-version.ts';
import {
  contentsOf,
  requireDataset,
  requireTexts,
  summarizeDataset,
  type DatasetContents,
} from './dataset-rows.ts';
import { removeUnusedIndexes } from './document-indexes.ts';
import { buildDocumentIndex } from './documents/build-index.ts';
import { recipeFor } from './imported-recipe.ts';
import { requireShort } from './recipes.ts';
import { findSourceFiles, withDistinctNames, type SourceFile } from './source-files.ts';
import { placeOfSource } from './source-places.ts';
import { putSources } from './sources-of-dataset.ts';
import {
  flushSources,
  moveToPlace,
  stageFiles,
  type StagedSource,
  type StageOptions,
} from './staged-sources.ts';
import { openStaging, removeAbandonedImports, whileSourcesStandStill } from './staging.ts';

export interface ImportDatasetOptions extends StageOptions {
  readonly name: string;
  /** Files, or folders of text files. */
  readonly paths: readonly string[];
  /** Files that were sent to the server before. They are gone when the import has succeeded. */
  readonly uploads?: readonly string[];
  /**
   * Lets the new dataset take the name of one that is there. The older one's texts stay in the project as long as runs
   * use them.
   */
  readonly replace?: boolean;
  /** Adds the files to the dataset of the name. */
  readonly append?: boolean;
  /** Gives the new dataset the recipe of another. */
  readonly recipeOf?: string;
  /** Makes the index of the documents too, before anything is kept. */
  readonly withIndex?: boolean;
  /** Told, in a sentence, what else there is to know about the outcome. */
  readonly onNotice?: (notice: string) => void;
}

/**
 * Makes a dataset of files: each is copied into the project under the hash of its content, unless it is to be kept where
 * it is. Either the whole dataset is there afterwards or none of it. What is imported again under the same name, with
 * nothing in it changed, is there already.
 * @throws LoamError for a name in use; for a file named that is empty, binary or undecodable, and a folder that holds
 *   only such files; for a record that cannot be read, with its place, unless such are left out.
 */
export async function importDataset(project: Project, given: ImportDatasetOptions): Promise<DatasetSummary> {
  const options = { ...given, name: requireValidName('dataset', given.name) };
  const { name, uploads = [], replace = false, append = false } = options;
  project.store.requireWritable();
  const existing = findDatasetRow(project.store, name);
  if (append) requireTexts(requireDataset(project, name));
  const taken = append || replace ? undefined : existing;
  const found = await findFiles(project, options);
  if (taken !== undefined && (uploads.length > 0 || !(await mayHoldTheSame(project, taken, found))))
    throw nameInUse(name);
  await removeAbandonedImports(project);
  const staging = await openStaging(project);
  try {
    const before = append && existing !== undefined ? contentsOf(project, existing) : undefined;
    const files = withDistinctNames(
      found,
      before?.sources.map((source) => source.name),
    );
    const staged = await stageFiles(files, staging.folder, options);
    const sources = [...(before?.sources ?? []), ...staged.map(({ row }) => row)];
    const recipe = recipeFor(project, options, before?.recipe, sources, staged);
    requireShort(name, recipe);
    if (taken !== undefined) {
      if (versionHash({ sources, recipe }) !== taken.hash) throw nameInUse(name);
      options.onNotice?.(`Dataset ${name} holds just these files already; nothing was changed.`);
      return summarizeDataset(project, taken);
    }
    tellLeftOut(staged, options);
    tellNotes(staged, columnMappingOf({ sources, recipe }), options);
    const index =
      options.withIndex === true
        ? await makeIndex(project, { sources, recipe }, staged, staging.folder, options)
        : undefined;
    await flushSources(staged);
    options.signal?.throwIfAborted();
    const id = await whileSourcesStandStill(project, async () => {
      const moved: string[] = [];
      try {
        for (const each of staged) await moveToPlace(project, each, moved);
        if (moved.length > 0) await syncFolder(dirname(project.paths.source('x')));
        return keep(project, options, before === undefined ? undefined : existing, sources, recipe);
      } catch (error) {
        const used = listNeededSources(project.store);
        for (const hash of moved)
          if (!used.has(hash)) await removeOwned(project.ownFiles, project.paths.source(hash));
        throw error;
      }
    });
    await removeUnusedIndexes(project, index);
    for (const upload of uploads) await removeUpload(project, upload);
    project.log.info('dataset imported', { files: staged.length });
    return summarizeDataset(project, readDatasetRow(project.store, id) ?? requireDataset(project, name));
  } catch (error) {
    // An index may have been made of what is not kept after all.
    await removeUnusedIndexes(project).catch(() => undefined);
    throw error;
  } finally {
    await staging.remove();
  }
}

/** Whether files look so much like those of a dataset, by name and size, that it is worth reading them to be sure. */
async function mayHoldTheSame(
  project: Project,
  { id, recipePosition, textsDeletedAt }: DatasetRow,
  found: readonly SourceFile[],
): Promise<boolean> {
  if (textsDeletedAt !== null) return false;
  const { sources } = contentsOf(project, { id, recipePosition });
  const names = new Set(sources.map(({ name }) => name));
  // Others of a folder may have been left out, as holding no text; reading them tells.
  const files = withDistinctNames(found).filter(({ name, inFolder }) => names.has(name) || !inFolder);
  if (files.length !== sources.length) return false;
  for (const [index, { path, name }] of files.entries()) {
    const source = sources[index];
    const { size } = await stat(path);
    if (source?.name !== name || source.bytes !== size) return false;
  }
  return true;
}

function nameInUse(name: string): LoamError {
  return new LoamError({
    kind: 'input',
    where: `dataset '${name}'`,
    what: 'There is a dataset of this name already.',
    remedy:
      'Choose another name, or have the new files replace the old ones (runs on the old ones keep their texts).',
    action: { do: 'replaceDataset' },
  });
}

async function findFiles(
  project: Project,
  { paths, uploads = [], keepInPlace = false, onLeftOut }: ImportDatasetOptions,
): Promise<readonly SourceFile[]> {
  if (keepInPlace && uploads.length > 0)
    throw new LoamError({
      kind: 'misuse',
      what: 'Files that were sent by a browser have no place of their own to be kept in.',
      remedy: 'Have them copied into the project.',
    });
  const found = [...(await findSourceFiles(paths, onLeftOut))];
  for (const id of uploads) found.push(await sentFile(project, id));
  if (found.length === 0)
    throw new LoamError({
      kind: 'misuse',
      what: 'There are no files to import.',
      remedy: 'Name files or folders.',
    });
  return found;
}

/** A file that a browser sent. One of a folder has that in its name. */
export async function sentFile(project: Project, id: string): Promise<SourceFile> {
  const upload = await findUpload(project, id);
  return { ...upload, inFolder: upload.name.includes('/') };
}

function tellLeftOut(staged: readonly StagedSource[], { onNotice }: ImportDatasetOptions): void {
  for (const { settled, row } of staged)
    if (settled.firstLeftOut !== undefined)
      onNotice?.(
        `${row.name}: ${settled.leftOut} ${settled.leftOut === 1 ? 'record was' : 'records were'} left out because ${settled.leftOut === 1 ? 'it' : 'they'} cannot be read; the first is at ${settled.firstLeftOut.where}: ${settled.firstLeftOut.what}`,
      );
}

/** Says how files were read where that is not plain from their names, and what a model would learn that nobody means. */
function tellNotes(
  staged: readonly StagedSource[],
  mapping: ColumnMapping,
  { onNotice }: ImportDatasetOptions,
): void {
  for (const { settled, row } of staged)
    for (const { where, what, remedy } of [...settled.notes, ...settled.survey.notes(row.name, mapping)])
      onNotice?.(`${where}: ${what} ${remedy}`);
}

/** Makes the index of what is about to be kept, from where it lies now. */
async function makeIndex(
  project: Project,
  contents: DatasetContents,
  staged: readonly StagedSource[],
  folder: string,
  { onProgress, signal }: ImportDatasetOptions,
): Promise<string> {
  const { sources } = contents;
  const file = project.paths.documentIndex(documentIndexKey(contents));
  if (existsSync(file)) return file;
  const places = new Map(staged.map(({ row, staged: place }) => [row, place]));
  const totalBytes = sources.reduce((sum, { bytes }) => sum + bytes, 0);
  await buildDocumentIndex({
    file,
    unfinished: join(folder, 'documents.sqlite'),
    owned: project.ownFiles,
    sources: sources.map((source) => ({
      path: places.get(source) ?? placeOfSource(project, source),
      name: source.name,
      encoding: source.encoding,
      reading: source.reading,
    })),
    mapping: columnMappingOf(contents),
    onProgress: ({ bytes }) =>
      onProgress?.({
        stage: 'indexing',
        file: '',
        done: sources.length,
        total: sources.length,
        bytes,
        totalBytes,
      }),
    ...(signal === undefined ? {} : { signal }),
  });
  return file;
}

/** Writes the dataset into the store. @returns its number. */
function keep(
  project: Project,
  { name, append = false, replace = false, recipeOf }: ImportDatasetOptions,
  appendedTo: DatasetRow | undefined,
  sources: readonly DatasetSourceRow[],
  recipe: Recipe,
): number {
  const { store } = project;
  const createdAt = project.clock().toISOString();
  const hash = versionHash({ sources, recipe });
  return store.transaction(() => {
    const current = findDatasetRow(store, name);
    if (append && (current === undefined || current.hash !== appendedTo?.hash))
      throw new LoamError({
        kind: 'input',
        where: `dataset '${name}'`,
        what: 'The dataset was changed in another window while the files were added.',
        remedy: 'Look at it as it is now, and add them again. Nothing was changed by this import.',
      });
    if (append && current !== undefined) {
      const id = putSources(project, current, sources, createdAt);
      const row = readDatasetRow(store, id);
      if (row !== undefined && JSON.stringify(contentsOf(project, row).recipe) !== JSON.stringify(recipe))
        appendRecipe(store, row, recipe, createdAt);
      setDatasetVersion(store, id, hash);
      return id;
    }
    if (!replace && current !== undefined) throw nameInUse(name);
    const id = insertDataset(store, { name, hash, createdAt }, sources);
    const model = recipeOf === undefined ? undefined : findDatasetRow(store, recipeOf);
    if (model === undefined) {
      if (recipe.length > 0) beginRecipe(store, id, recipe, createdAt);
      return id;
    }
    copyRecipes(store, model, id);
    const row = readDatasetRow(store, id);
    if (row !== undefined && JSON.stringify(contentsOf(project, row).recipe) !== JSON.stringify(recipe))
      appendRecipe(store, row, recipe, createdAt);
    return id;
  });
}
