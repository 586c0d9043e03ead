import { LoamError } from '../../../shared/errors.ts';
import type { Project } from './projects.ts';
import { listDatasetSources } from '../store/datasets.ts';
import type { DamagedBlock } from '../store/digests.ts';
import { listStepIdsOfDataset } from '../store/recipes.ts';

/**
 * What else is damaged in the store keeps nobody from this dataset.
 * @throws LoamError when what the store says of a dataset's files and recipe is not what was written.
 */
export function requireIntactDataset(project: Project, datasetId: number): void {
  const { store } = project;
  const require = (tables: readonly string[], column: string, values: readonly (number | string)[]): void =>
    refuse(project, store.damagedBlocks({ tables, rows: { column, values } }));
  require(['datasets'], 'id', [datasetId]);
  require(['datasetSources', 'recipeStates', 'keptRecipes'], 'datasetId', [datasetId]);
  // Which these are stands in the rows that were just looked at.
  require(['sources'], 'hash', listDatasetSources(store, datasetId).map(({ hash }) => hash));
  require(['recipeSteps'], 'id', listStepIdsOfDataset(store, datasetId));
}

/** @throws LoamError when what the store says of a run is not what was written. */
export function requireIntactRun(project: Project, runId: number): void {
  refuse(project, project.store.damagedBlocks({ tables: ['runs'], rows: { column: 'id', values: [runId] } }));
}

function refuse(project: Project, [first]: readonly DamagedBlock[]): void {
  if (first === undefined) return;
  throw new LoamError({
    kind: 'environment',
    where: project.paths.store,
    what: `What the store says in its table “${first.table}” (${first.block}) is not what was written there: the file was damaged, or another program changed it.`,
    remedy:
      'Check the project: that says all that is affected, and lets you take what stands there as right. Or put a backup in the place of the store.',
    action: { do: 'verifyProject' },
  });
}
