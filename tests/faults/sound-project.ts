import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openTokenShards } from '../../src/main/llm/data/token-shards.ts';
import { requireIntactFolder } from '../../src/main/llm/files/manifest.ts';
import { openModelFolder } from '../../src/main/llm/checkpoints/model-folder.ts';
import { openTrainingState } from '../../src/main/llm/checkpoints/training-state.ts';
import { findSourceFault } from '../../src/main/studio/datasets/source-places.ts';
import { trustProject } from '../../src/main/studio/projects/known-projects.ts';
import { openProject } from '../../src/main/studio/projects/projects.ts';
import { currentRun } from '../../src/main/studio/runs/runs.ts';
import { listCheckpointRows } from '../../src/main/studio/store/checkpoints.ts';
import { findDatasetRow, listDatasetSources } from '../../src/main/studio/store/datasets.ts';
import { listMetrics } from '../../src/main/studio/store/run-records.ts';
import { findRunRow } from '../../src/main/studio/store/runs.ts';

/**
 * Whether a project that durable-work.ts made holds what it must after some marks, and nothing that is not whole.
 * @returns what does not hold, as sentences.
 */
export async function findLosses(folder: string, marks: readonly string[]): Promise<readonly string[]> {
  const losses: string[] = [];
  const lost = (what: string): void => void losses.push(what);
  if (!existsSync(join(folder, 'loam.sqlite')))
    return marks.includes('project') ? ['the project is gone'] : [];
  // It lies in another place than where it was made. Opening checks the store's integrity.
  await trustProject(folder);
  const project = openProject(folder);
  try {
    const { store } = project;
    const dataset = findDatasetRow(store, 'records');
    if (dataset === undefined) {
      if (marks.includes('dataset')) lost('the dataset is gone');
    } else
      for (const source of listDatasetSources(store, dataset.id)) {
        const fault = await findSourceFault(project, source);
        if (fault !== undefined) lost(`a source is ${fault}`);
      }
    const run = findRunRow(store, 'a');
    if (run === undefined) {
      if (marks.includes('run')) lost('the run is gone');
      return losses;
    }
    const tokens = project.paths.tokens(run.tokensHash);
    (await openTokenShards(tokens)).close();
    await currentRun(project, 'a');
    const parent = join(project.paths.run('a'), 'checkpoints');
    const present = existsSync(parent) ? readdirSync(parent).filter((name) => !name.startsWith('.')) : [];
    for (const name of present) {
      await requireIntactFolder(join(parent, name));
      await (await openModelFolder(join(parent, name))).close();
      await (await openTrainingState(join(parent, name))).close();
    }
    const rows = listCheckpointRows(store, run.id).map(({ step }) => step);
    const steps = listMetrics(store, run.id).map(({ step }) => step);
    for (const mark of marks) {
      const step = Number(/^checkpoint-(\d+)$/.exec(mark)?.[1] ?? 0);
      if (step > 0 && !rows.includes(step)) lost(`the checkpoint of step ${step} is gone`);
      for (let each = 1; each <= step; each++) if (!steps.includes(each)) lost(`step ${each} is gone`);
    }
  } finally {
    project.close();
  }
  return losses;
}
