import { stat } from 'node:fs/promises';
import { LoamError } from '../../../shared/errors.ts';
import { folderBytes } from '../durable-files.ts';
import type { Project } from '../projects/projects.ts';
import {
  listDatasetIdsOfName,
  listDatasetSources,
  listOwnSources,
  markTextsDeleted,
  releaseSources,
} from '../store/datasets.ts';
import { listUnfinishedRunsOfDataset } from '../store/runs.ts';
import { listOwnTokenSets, releaseTokenSets } from '../store/token-sets.ts';
import { contentsOf, requireDataset, requireTexts } from './dataset-rows.ts';
import { documentIndexFile, removeUnusedIndexes } from './document-indexes.ts';
import { removeTokens } from './encoded-datasets.ts';
import { copiedBytes, removeSourceFiles } from './sources-of-dataset.ts';
import { whileSourcesStandStill } from './staging.ts';
import { forgetWorkOnTexts, listWorkOnTexts } from './texts-in-use.ts';
import { withRoom } from './with-room.ts';

export interface TextsDeletion {
  readonly freedBytes: number;
  /** What is at work on the texts, and must end first: "run first", "tokenizer small". */
  readonly inUseBy: string[];
  /** Runs that wait to go on, and cannot any more afterwards. */
  readonly cannotGoOn: string[];
}

/**
 * What deleting the texts of a dataset, and keeping the rest, would mean. It also concerns those of its name that a newer
 * one replaced: their runs hold the same texts.
 */
export async function describeTextsDeletion(project: Project, name: string): Promise<TextsDeletion> {
  const { store } = project;
  const row = requireDataset(project, name);
  const ids = listDatasetIdsOfName(store, name);
  const sources = ids.flatMap((id) => listDatasetSources(store, id));
  let freedBytes = copiedBytes(sources, listOwnSources(store, ids));
  for (const hash of listOwnTokenSets(store, ids))
    freedBytes += await folderBytes(project.paths.tokens(hash));
  const index = await stat(documentIndexFile(project, contentsOf(project, row))).catch(() => undefined);
  const unfinished = ids.flatMap((id) => listUnfinishedRunsOfDataset(store, id));
  return {
    freedBytes: freedBytes + (index?.size ?? 0),
    inUseBy: listUsers(project, ids),
    cannotGoOn: unfinished
      .filter(({ status }) => status === 'paused' || status === 'interrupted')
      .map((run) => run.name),
  };
}

/**
 * Deletes the copies of a dataset's texts, what was encoded of them and their index. The dataset stays with its name, its
 * version and its recipe, and so do the tokenizers and models that were made from it.
 * @throws LoamError when something is at work on them, or they are deleted already.
 */
export async function deleteTexts(project: Project, name: string): Promise<{ readonly freedBytes: number }> {
  const { store } = project;
  requireTexts(requireDataset(project, name));
  const { freedBytes } = await describeTextsDeletion(project, name);
  await whileSourcesStandStill(project, async () => {
    const ids = listDatasetIdsOfName(store, name);
    const sources = ids.flatMap((id) => listDatasetSources(store, id));
    const { result: tokenSets, released } = await withRoom(
      () =>
        releaseSources(store, () => {
          // In the transaction: what begins afterwards sees that the texts are gone.
          requireUnused(project, name, ids);
          for (const id of ids) markTextsDeleted(store, id, project.clock().toISOString());
          return releaseTokenSets(store, ids);
        }),
      () => removeFilesOfDatasets(project, name, ids),
    );
    await removeSourceFiles(project, sources, released);
    await removeTokens(project, tokenSets);
    forgetWorkOnTexts(project, ids);
  });
  await removeUnusedIndexes(project);
  project.log.info('texts of a dataset deleted', { freedBytes });
  return { freedBytes };
}

/**
 * Removes the files of datasets that are being deleted, before the store says so: for want of room. What others use stays.
 * @throws LoamError when something is at work on them
 */
export async function removeFilesOfDatasets(
  project: Project,
  name: string,
  ids: readonly number[],
): Promise<void> {
  requireUnused(project, name, ids);
  await removeTokens(project, listOwnTokenSets(project.store, ids));
  const sources = ids.flatMap((id) => listDatasetSources(project.store, id));
  await removeSourceFiles(project, sources, listOwnSources(project.store, ids));
}

function listUsers(project: Project, ids: readonly number[]): string[] {
  const runs = ids
    .flatMap((id) => listUnfinishedRunsOfDataset(project.store, id))
    .filter(({ status }) => status === 'queued' || status === 'running')
    .map((run) => `run ${run.name}`);
  return [...runs, ...listWorkOnTexts(project, ids)];
}

/** @throws LoamError when something is at work on the texts of datasets */
export function requireUnused(project: Project, name: string, ids: readonly number[]): void {
  const users = listUsers(project, ids);
  if (users.length > 0)
    throw new LoamError({
      kind: 'input',
      where: `dataset '${name}'`,
      what: `Its texts are needed by ${users.join(', ')}.`,
      remedy: 'Wait until it has ended, or stop it, then do this again.',
    });
}
