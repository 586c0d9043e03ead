import { LoamError } from '../../../shared/errors.ts';
import type { Project } from '../projects/projects.ts';
import { deleteDatasetRow, listOwnSources, releaseSources } from '../store/datasets.ts';
import { listOwnTokenSets, releaseTokenSets } from '../store/token-sets.ts';
import { contentsOf, requireDataset, showDataset } from './dataset-rows.ts';
import { removeUnusedIndexes } from './document-indexes.ts';
import { removeFilesOfDatasets, requireUnused } from './delete-texts.ts';
import { removeTokens } from './encoded-datasets.ts';
import { folderBytes } from '../durable-files.ts';
import { copiedBytes, removeSourceFiles } from './sources-of-dataset.ts';
import { whileSourcesStandStill } from './staging.ts';
import { forgetWorkOnTexts } from './texts-in-use.ts';
import { withRoom } from './with-room.ts';

export { importDataset } from './import-dataset.ts';
export { listDatasets, requireDataset, showDataset } from './dataset-rows.ts';

/** What deleting a dataset would free, and what was made from it and stands in the way. */
export async function describeDeletion(
  project: Project,
  name: string,
): Promise<{ readonly freedBytes: number; readonly usedBy: string[] }> {
  const { id, ...row } = requireDataset(project, name);
  const { sources } = contentsOf(project, { id, ...row });
  const { tokenizers, runs } = showDataset(project, name);
  let freedBytes = copiedBytes(sources, listOwnSources(project.store, [id]));
  for (const hash of listOwnTokenSets(project.store, [id]))
    freedBytes += await folderBytes(project.paths.tokens(hash));
  return {
    freedBytes,
    usedBy: [...tokenizers.map((each) => `tokenizer ${each}`), ...runs.map((each) => `run ${each}`)],
  };
}

/**
 * Deletes a dataset, its encoded forms, its index, and the sources that no other dataset uses.
 * @throws LoamError when a tokenizer or run was made from it: their records name it; or something is at work on it.
 */
export async function deleteDataset(
  project: Project,
  name: string,
): Promise<{ readonly freedBytes: number }> {
  const { usedBy } = await describeDeletion(project, name);
  if (usedBy.length > 0)
    throw new LoamError({
      kind: 'input',
      where: `dataset '${name}'`,
      what: `It is used by ${usedBy.join(', ')}.`,
      remedy: 'Delete those first, or keep the dataset.',
    });
  const row = requireDataset(project, name);
  const { sources } = contentsOf(project, row);
  const freedBytes = await whileSourcesStandStill(project, async () => {
    const { result: tokenSets, released } = await withRoom(
      () =>
        releaseSources(project.store, () => {
          requireUnused(project, name, [row.id]);
          const released = releaseTokenSets(project.store, [row.id]);
          deleteDatasetRow(project.store, row.id);
          return released;
        }),
      () => removeFilesOfDatasets(project, name, [row.id]),
    );
    const freed = await removeTokens(project, tokenSets);
    forgetWorkOnTexts(project, [row.id]);
    return freed + (await removeSourceFiles(project, sources, released));
  });
  await removeUnusedIndexes(project);
  return { freedBytes };
}
