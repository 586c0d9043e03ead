import { roleOf } from '../../../shared/datasets/columns.ts';
import type { DatasetDetails, DatasetSource, DatasetSummary } from '../../../shared/datasets/dataset.ts';
import type { Recipe } from '../../../shared/datasets/recipe.ts';
import { unknownName } from '../names.ts';
import type { Project } from '../projects/projects.ts';
import {
  findDatasetRow,
  listDatasetRows,
  listDatasetSources,
  readDatasetRow,
  type DatasetRow,
  type DatasetSourceRow,
} from '../store/datasets.ts';
import { countSteps, findKeptRecipe, readRecipe } from '../store/recipes.ts';
import { listRunNamesOfDataset } from '../store/runs.ts';
import { listTokenizersOfDataset } from '../store/tokenizers.ts';
import { textsDeleted } from './source-places.ts';
import { columnMappingOf, columnsOf, versionHash } from './dataset-version.ts';

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

/** @throws LoamError when the texts of a dataset were deleted, and it can only be looked back at. */
export function requireTexts({ name, textsDeletedAt }: Pick<DatasetRow, 'name' | 'textsDeletedAt'>): void {
  if (textsDeletedAt !== null) throw textsDeleted(`dataset '${name}'`, textsDeletedAt);
}

/** What a dataset is made of: its sources in order, and its recipe. */
export interface DatasetContents {
  readonly sources: readonly DatasetSourceRow[];
  readonly recipe: Recipe;
}

export function contentsOf(
  project: Project,
  { id, recipePosition }: Pick<DatasetRow, 'id' | 'recipePosition'>,
): DatasetContents {
  return {
    sources: listDatasetSources(project.store, id),
    recipe: readRecipe(project.store, id, recipePosition),
  };
}

/** A version of a dataset, read at one moment: its hash names just these contents. */
export interface DatasetVersion extends DatasetContents {
  readonly datasetId: number;
  readonly hash: string;
}

/** A dataset as it is now, in one look: another window may change it at any moment. */
export function readDatasetVersion(project: Project, datasetId: number): DatasetVersion {
  return project.store.transaction(() => {
    const row = readDatasetRow(project.store, datasetId);
    if (row === undefined) throw new Error(`There is no dataset ${datasetId}.`);
    const contents = contentsOf(project, row);
    return { datasetId, ...contents, hash: versionHash(contents) };
  });
}

/**
 * A version of a dataset that something was made from: its recipe outlives the dataset's own history, and its sources stay
 * while runs use them. Undefined when the dataset holds it no more.
 */
export function findDatasetVersion(
  project: Project,
  datasetId: number,
  hash: string,
): DatasetVersion | undefined {
  return project.store.transaction(() => {
    const current = readDatasetVersion(project, datasetId);
    if (current.hash === hash) return current;
    const recipe = findKeptRecipe(project.store, datasetId, hash);
    if (recipe === undefined) return undefined;
    const contents = { ...current, recipe };
    return versionHash(contents) === hash ? { ...contents, hash } : undefined;
  });
}

export function summarizeDataset(project: Project, row: DatasetRow): DatasetSummary {
  const { id, name, hash, files, bytes, documents, characters, words, createdAt, recipePosition } = row;
  const { textsDeletedAt } = row;
  return {
    name,
    hash,
    files,
    bytes,
    ...(documents === null ? {} : { documents }),
    ...(characters === null ? {} : { characters }),
    ...(words === null ? {} : { words }),
    steps: countSteps(project.store, id, recipePosition),
    createdAt,
    ...(textsDeletedAt === null ? {} : { textsDeletedAt }),
  };
}

export function describeSource({
  name,
  hash,
  bytes,
  encoding,
  reading,
  keptAt,
}: DatasetSourceRow): DatasetSource {
  return {
    name,
    hash,
    bytes,
    encoding,
    format: reading.format,
    ...(keptAt === undefined ? {} : { keptAt }),
  };
}

export function listDatasets(project: Project): readonly DatasetSummary[] {
  return listDatasetRows(project.store).map((row) => summarizeDataset(project, row));
}

export function showDataset(project: Project, name: string): DatasetDetails {
  const row = requireDataset(project, name);
  const contents = contentsOf(project, row);
  const mapping = columnMappingOf(contents);
  return {
    ...summarizeDataset(project, row),
    sources: contents.sources.map(describeSource),
    columns: columnsOf(contents.sources).map((column) => ({
      name: column,
      role: roleOf(mapping, column),
    })),
    tokenizers: listTokenizersOfDataset(project.store, row.id).map((tokenizer) => tokenizer.name),
    runs: [...listRunNamesOfDataset(project.store, row.id)],
  };
}
