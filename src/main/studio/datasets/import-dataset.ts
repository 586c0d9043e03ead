import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { copyFile, mkdir, open, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { givesText, guessColumnMapping, type ColumnMapping } from '../../../shared/datasets/columns.ts';
import type { DatasetSummary } from '../../../shared/datasets/dataset.ts';
import type { Recipe } from '../../../shared/datasets/recipe.ts';
import { LoamError } from '../../../shared/errors.ts';
import { nearestWord } from '../../../shared/nearest-word.ts';
import { syncFolder } from '../../llm/checkpoints/atomic-file.ts';
import { inspectTextFile, requireTextBeginning } from '../../llm/data/file-inspection.ts';
import { mapConcurrently } from '../durable-files.ts';
import { requireValidName } from '../names.ts';
import type { Project } from '../projects/projects.ts';
import {
  findDatasetRow,
  insertDataset,
  listSourceHashes,
  readDatasetRow,
  setDatasetVersion,
  type DatasetRow,
  type DatasetSourceRow,
} from '../store/datasets.ts';
import { appendRecipe, beginRecipe, copyRecipes } from '../store/recipes.ts';
import { explainSystemError } from '../system-errors.ts';
import { findUpload, removeUpload } from '../uploads/uploads.ts';
import { columnMappingOf, columnsOf, documentIndexKey, versionHash } from './dataset-version.ts';
import {
  contentsOf,
  requireDataset,
  requireTexts,
  summarizeDataset,
  type DatasetContents,
} from './dataset-rows.ts';
import { removeUnusedIndexes } from './document-indexes.ts';
import { buildDocumentIndex } from './documents/build-index.ts';
import { requireShort } from './recipes.ts';
import { settleReading, type SettledReading, type TableChoices } from './settle-reading.ts';
import { findSourceFiles, withDistinctNames, type SourceFile } from './source-files.ts';
import { placeOfSource } from './source-places.ts';
import { putSources } from './sources-of-dataset.ts';
import { openStaging, removeAbandonedImports, whileSourcesStandStill } from './staging.ts';

/** Many small files spend their time waiting for the disk; several at once wait together. */
const filesAtOnce = 8;
/** Larger files are copied in pieces, so that one can see how far it is and stop it. */
const copiedWhole = 8 * 2 ** 20;

export interface ImportProgress {
  readonly stage: 'copying' | 'reading' | 'indexing';
  /** The file that was finished last. */
  readonly file: string;
  /** Files. */
  readonly done: number;
  readonly total: number;
  readonly bytes: number;
  readonly totalBytes: number;
}

export interface ImportDatasetOptions {
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
  /** Leaves the files where they are. */
  readonly keepInPlace?: boolean;
  /** Roles of columns, kept as the first step of the recipe, at which undo stops. */
  readonly columns?: ColumnMapping;
  readonly leaveOutBadRecords?: boolean;
  /** What is said of tables. Default: as each looks. */
  readonly table?: TableChoices;
  /** Gives the new dataset the recipe of another. */
  readonly recipeOf?: string;
  /** Makes the index of the documents too, before anything is kept. */
  readonly withIndex?: boolean;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Told of each file of a folder that is left out because it holds no text; a file that was named is refused instead. */
  readonly onLeftOut?: (file: { readonly name: string; readonly reason: string }) => void;
  /** Told, in a sentence, what else there is to know about the outcome. */
  readonly onNotice?: (notice: string) => void;
  readonly signal?: AbortSignal;
}

/** A file that was looked at and lies where it can be taken from. */
interface StagedSource {
  readonly row: DatasetSourceRow;
  /** Where it lies now; absent when it is kept where it is. */
  readonly staged: string | undefined;
  readonly settled: SettledReading;
}

/**
 * Makes a dataset of files: each is copied into the project under the hash of its content, unless it is to be kept where
 * it is. Either the whole dataset is there afterwards or none of it.
 * @throws LoamError for a name in use; for a file named that is empty, binary or undecodable, and a folder that holds
 *   only such files; for a record that cannot be read, with its place, unless such are left out.
 */
export async function importDataset(
  project: Project,
  options: ImportDatasetOptions,
): Promise<DatasetSummary> {
  const { name, uploads = [], replace = false, append = false } = options;
  requireValidName('dataset', name);
  const existing = findDatasetRow(project.store, name);
  if (append) requireTexts(requireDataset(project, name));
  else if (!replace && existing !== undefined) throw nameInUse(name);
  await removeAbandonedImports(project);
  const staging = await openStaging(project);
  try {
    const found = await findFiles(project, options);
    const before = append && existing !== undefined ? contentsOf(project, existing) : undefined;
    const files = withDistinctNames(
      found,
      before?.sources.map((source) => source.name),
    );
    const staged = await stageFiles(files, staging.folder, options);
    const sources = [...(before?.sources ?? []), ...staged.map(({ row }) => row)];
    const recipe = recipeFor(project, options, before?.recipe, sources, staged);
    requireShort(name, recipe);
    tellLeftOut(staged, options);
    const index =
      options.withIndex === true
        ? await makeIndex(project, { sources, recipe }, staged, staging.folder, options)
        : undefined;
    await mapConcurrently(staged, filesAtOnce, flush);
    options.signal?.throwIfAborted();
    const id = await whileSourcesStandStill(project, async () => {
      const moved: string[] = [];
      try {
        for (const each of staged) await moveToPlace(project, each, moved);
        if (moved.length > 0) await syncFolder(dirname(project.paths.source('x')));
        return keep(project, options, before === undefined ? undefined : existing, sources, recipe);
      } catch (error) {
        const used = listSourceHashes(project.store);
        for (const hash of moved) if (!used.has(hash)) await rm(project.paths.source(hash), { force: true });
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
  { paths, uploads = [], keepInPlace = false }: ImportDatasetOptions,
): Promise<readonly SourceFile[]> {
  if (keepInPlace && uploads.length > 0)
    throw new LoamError({
      kind: 'misuse',
      what: 'Files that were sent by a browser have no place of their own to be kept in.',
      remedy: 'Have them copied into the project.',
    });
  const found = [...(await findSourceFiles(paths))];
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

async function stageFiles(
  files: readonly SourceFile[],
  folder: string,
  {
    onProgress,
    onLeftOut,
    signal,
    keepInPlace = false,
    leaveOutBadRecords = false,
    columns,
    table,
  }: ImportDatasetOptions,
): Promise<readonly StagedSource[]> {
  const sizes = await mapConcurrently(files, filesAtOnce, async ({ path }) => (await stat(path)).size);
  const size = sizes.reduce((sum, each) => sum + each, 0);
  if (!keepInPlace) await requireRoom(folder, size);
  // Each byte is copied once, looked at once for its encoding, and read once as what it is.
  const passes = keepInPlace ? 2 : 3;
  const totalBytes = passes * size;
  let bytes = 0;
  let done = 0;
  let last = '';
  const tell = (): void =>
    onProgress?.({
      stage: 'copying',
      file: last,
      done,
      total: files.length,
      bytes: Math.min(bytes, totalBytes),
      totalBytes,
    });
  const reading = {
    ...(signal === undefined ? {} : { signal }),
    onBytes: (read: number): void => {
      bytes += read;
      tell();
    },
  };

  const stage = async (file: SourceFile, number: number): Promise<StagedSource> => {
    signal?.throwIfAborted();
    await requireTextBeginning(file.path, file.name);
    const copy = join(folder, String(number));
    if (!keepInPlace)
      await copyInto(file.path, copy, reading).catch((error: unknown) => {
        // The system names the file that is copied; it is the project's disk that is full.
        throw isNoSpace(error) ? (explainSystemError(error, folder) ?? error) : error;
      });
    const place = keepInPlace ? file.path : copy;
    const { encoding, bytes: length, sha256 } = await inspectTextFile(place, file.name, reading);
    const settled = await settleReading(
      { path: place, name: file.name, encoding },
      {
        ...reading,
        leaveOutBadRecords,
        ...(columns === undefined ? {} : { columns }),
        ...(table === undefined ? {} : { table }),
      },
    );
    done += 1;
    last = file.name;
    tell();
    return {
      row: {
        name: file.name,
        hash: sha256,
        bytes: length,
        encoding,
        reading: settled.reading,
        ...(keepInPlace ? { keptAt: file.path } : {}),
      },
      staged: keepInPlace ? undefined : copy,
      settled,
    };
  };

  const staged = await mapConcurrently(
    [...files.entries()],
    filesAtOnce,
    async ([number, file]): Promise<StagedSource | LoamError> => {
      try {
        return await stage(file, number);
      } catch (error) {
        // Nobody should have to clear a folder of everything that is no text. A record that is broken is told all the same.
        const inText = error instanceof LoamError && error.where !== file.name && error.where !== file.path;
        if (file.inFolder && error instanceof LoamError && error.kind === 'input' && !inText) return error;
        throw error;
      }
    },
  );
  const kept = staged.filter((each): each is StagedSource => !(each instanceof LoamError));
  const [firstRefusal] = staged.filter((each) => each instanceof LoamError);
  if (kept.length === 0 && firstRefusal !== undefined) throw firstRefusal;
  for (const [number, each] of staged.entries())
    if (each instanceof LoamError) onLeftOut?.({ name: files[number]?.name ?? '', reason: each.what });
  return kept;
}

/** @throws LoamError when the files cannot fit onto the project's disk, before the first is copied. */
async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (bytes <= free) return;
  const inMegabytes = (count: number): string => `${Math.ceil(count / 1e6).toLocaleString('en')} MB`;
  throw new LoamError({
    kind: 'environment',
    where: folder,
    what: `The files take ${inMegabytes(bytes)}, but the project's disk has ${inMegabytes(free)} of space left.`,
    remedy: 'Make room on it, or keep the files where they are instead of copying them into the project.',
  });
}

function isNoSpace(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

/** Copies a file, telling how far it is. */
async function copyInto(
  source: string,
  target: string,
  { onBytes, signal }: { readonly onBytes: (bytes: number) => void; readonly signal?: AbortSignal },
): Promise<void> {
  const { size } = await stat(source);
  if (size <= copiedWhole) {
    await copyFile(source, target);
    onBytes(size);
    return;
  }
  const measure = new Transform({
    transform(chunk: Uint8Array, _encoding, pass) {
      onBytes(chunk.byteLength);
      pass(null, chunk);
    },
  });
  await pipeline(
    createReadStream(source, { highWaterMark: 2 ** 20 }),
    measure,
    createWriteStream(target, { highWaterMark: 2 ** 20 }),
    signal === undefined ? {} : { signal },
  ).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw error;
  });
}

/** The recipe that the dataset begins with, or goes on with. */
function recipeFor(
  project: Project,
  { columns, recipeOf }: ImportDatasetOptions,
  before: Recipe | undefined,
  sources: readonly DatasetSourceRow[],
  staged: readonly StagedSource[],
): Recipe {
  const names = columnsOf(sources);
  if (columns !== undefined) requireKnownColumns(columns, names);
  const repeated =
    before ?? (recipeOf === undefined ? [] : contentsOf(project, requireDataset(project, recipeOf)).recipe);
  if (columns !== undefined) return [{ kind: 'mapColumns', columns }, ...withoutMapping(repeated)];
  if (names.length === 0 || repeated.some(({ kind }) => kind === 'mapColumns')) return repeated;
  // Where names alone do not say which column is the text, the values do; they are not looked at again later.
  const guessed = guessColumnMapping(names);
  const samples = Object.fromEntries(
    names.map((name) => [name, staged.flatMap(({ settled }) => settled.samples[name] ?? [])]),
  );
  const better = guessColumnMapping(names, samples);
  return JSON.stringify(guessed) === JSON.stringify(better)
    ? repeated
    : [{ kind: 'mapColumns', columns: better }, ...repeated];
}

function withoutMapping(recipe: Recipe): Recipe {
  return recipe.filter(({ kind }) => kind !== 'mapColumns');
}

function requireKnownColumns(columns: ColumnMapping, names: readonly string[]): void {
  const unknown = Object.keys(columns).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const near = nearestWord(unknown, names);
    throw new LoamError({
      kind: 'misuse',
      where: `column '${unknown}'`,
      what: 'There is no such column.',
      remedy:
        near === undefined
          ? `The columns are: ${names.join(', ') || 'none, since the files are plain text'}.`
          : `Did you mean '${near}'?`,
    });
  }
  if (!givesText(columns))
    throw new LoamError({
      kind: 'misuse',
      what: 'No column is text, an instruction, an input or an output, so that the documents would be empty.',
      remedy: `Give one of the columns a role: ${names.join(', ')}.`,
    });
}

function tellLeftOut(staged: readonly StagedSource[], { onNotice }: ImportDatasetOptions): void {
  for (const { settled, row } of staged)
    if (settled.firstLeftOut !== undefined)
      onNotice?.(
        `${row.name}: ${settled.leftOut} ${settled.leftOut === 1 ? 'record was' : 'records were'} left out because ${settled.leftOut === 1 ? 'it' : 'they'} cannot be read; the first is at ${settled.firstLeftOut.where}: ${settled.firstLeftOut.what}`,
      );
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

/** Returns when a staged file's bytes are on the disk. */
async function flush({ staged }: StagedSource): Promise<void> {
  if (staged === undefined) return;
  const handle = await open(staged, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Gives a staged file its place by content, where none is yet. */
async function moveToPlace(project: Project, { row, staged }: StagedSource, moved: string[]): Promise<void> {
  if (staged === undefined) return;
  const target = project.paths.source(row.hash);
  if (existsSync(target)) return;
  await mkdir(dirname(target), { recursive: true });
  moved.push(row.hash);
  await rename(staged, target);
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
