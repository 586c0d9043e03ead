import { LoamError } from '../../../shared/errors.ts';
import type { Project } from '../projects/projects.ts';
import type { DamagedBlock } from '../store/digests.ts';

/** What says which texts a dataset is of. */
const tablesOfDatasets = [
  'sources',
  'datasets',
  'datasetSources',
  'recipeSteps',
  'recipeStates',
  'keptRecipes',
] as const;

/** @throws LoamError when what the store says of a dataset's files and recipe is not what was written. */
export function requireIntactDatasets(project: Project): void {
  refuse(project, project.store.damagedBlocks({ tables: tablesOfDatasets }));
}

/** @throws LoamError when what the store says of a run is not what was written. */
export function requireIntactRun(project: Project, runId: number): void {
  refuse(project, project.store.damagedBlocks({ tables: ['runs'], row: { column: 'id', value: runId } }));
}

function refuse(project: Project, [first]: readonly DamagedBlock[]): void {
  if (first === undefined) return;
  throw new LoamError({
    kind: 'environment',
    where: project.paths.store,
    what: `What the store says in its table “${first.table}” (${first.block}) is not what was written there: the file was damaged, or another program changed it.`,
    remedy:
      '“loam verify” says all that is affected. Put a backup in the place of the store with “loam restore”, or look at what stands there and accept it with “loam verify --accept”.',
  });
}
