import { LoamError } from '../../../shared/errors.ts';
import { removeOwned } from '../../llm/files/owned-files.ts';
import type { Project } from '../projects/projects.ts';
import {
  findDatasetRow,
  insertDataset,
  releaseSources,
  replaceDatasetSources,
  setDatasetVersion,
  type DatasetRow,
  type DatasetSourceRow,
} from '../store/datasets.ts';
import { copyRecipes } from '../store/recipes.ts';
import { listRunNamesOfDataset } from '../store/runs.ts';
import { listTokenizersOfDataset } from '../store/tokenizers.ts';
import { contentsOf, requireDataset, requireTexts } from './dataset-rows.ts';
import { versionHash } from './dataset-version.ts';
import { whileSourcesStandStill } from './staging.ts';

/**
 * Gives a dataset other sources. Where runs or tokenizers were made from it, they keep the one that they know, with its
 * texts, and a new one takes its name and its recipe.
 * @returns the number of the dataset that has the name afterwards.
 */
export function putSources(
  project: Project,
  dataset: DatasetRow,
  sources: readonly DatasetSourceRow[],
  at: string,
): number {
  const { store } = project;
  const isUsed =
    listRunNamesOfDataset(store, dataset.id).length > 0 ||
    listTokenizersOfDataset(store, dataset.id).length > 0;
  if (!isUsed) {
    replaceDatasetSources(store, dataset.id, at, sources);
    return dataset.id;
  }
  const id = insertDataset(store, { name: dataset.name, hash: dataset.hash, createdAt: at }, sources);
  copyRecipes(store, dataset, id);
  return id;
}

/** An edit was made on a version of a dataset that is not the current one any more. */
export function requireVersion(project: Project, name: string, version: string): DatasetRow {
  const row = requireDataset(project, name);
  requireTexts(row);
  if (row.hash !== version)
    throw new LoamError({
      kind: 'input',
      where: `dataset '${name}'`,
      what: 'It was changed in another window since this one showed it.',
      remedy:
        'Look at it as it is now, and make the change again if it is still wanted. Nothing was changed.',
    });
  return row;
}

/**
 * Takes files out of a dataset. Steps of the recipe that name their documents stay, and find them again when they come
 * back.
 * @throws LoamError when the dataset was changed meanwhile, a file is not in it, or none would be left.
 */
export async function removeFiles(
  project: Project,
  {
    name,
    version,
    files,
  }: { readonly name: string; readonly version: string; readonly files: readonly string[] },
): Promise<{ readonly version: string; readonly freedBytes: number }> {
  return whileSourcesStandStill(project, () => takeOut(project, name, version, files));
}

async function takeOut(
  project: Project,
  name: string,
  version: string,
  files: readonly string[],
): Promise<{ readonly version: string; readonly freedBytes: number }> {
  const { store } = project;
  const { result: removed, released } = releaseSources(store, () => {
    const row = requireVersion(project, name, version);
    const { sources, recipe } = contentsOf(project, row);
    const unknown = files.find((file) => !sources.some((source) => source.name === file));
    if (unknown !== undefined)
      throw new LoamError({
        kind: 'input',
        where: unknown,
        what: `Dataset ${name} has no such file.`,
        remedy: 'It may have been taken out already.',
      });
    const rest = sources.filter((source) => !files.includes(source.name));
    if (rest.length === 0)
      throw new LoamError({
        kind: 'input',
        where: `dataset '${name}'`,
        what: 'These are all of its files, and a dataset without files holds nothing.',
        remedy: 'Delete the dataset instead.',
      });
    const hash = versionHash({ sources: rest, recipe });
    const id = putSources(project, row, rest, project.clock().toISOString());
    setDatasetVersion(store, id, hash);
    return { hash, sources };
  });
  return {
    version: findDatasetRow(store, name)?.hash ?? removed.hash,
    freedBytes: await removeSourceFiles(project, removed.sources, released),
  };
}

/** Removes the copies of sources. @returns the bytes that this frees. */
export async function removeSourceFiles(
  project: Project,
  sources: readonly DatasetSourceRow[],
  hashes: readonly string[],
): Promise<number> {
  for (const hash of hashes) await removeOwned(project.ownFiles, project.paths.source(hash));
  return copiedBytes(sources, hashes);
}

/** The bytes of those sources that were copied, each counted once. */
export function copiedBytes(sources: readonly DatasetSourceRow[], hashes: readonly string[]): number {
  const counted = new Map(
    sources.filter((source) => source.keptAt === undefined).map(({ hash, bytes }) => [hash, bytes]),
  );
  return hashes.reduce((sum, hash) => sum + (counted.get(hash) ?? 0), 0);
}
