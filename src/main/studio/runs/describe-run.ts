import type { RunDetails } from '../../../shared/runs/run-details.ts';
import { listCheckpoints } from './run-checkpoints.ts';
import { isLocked, readLockHolder } from '../processes/process-lock.ts';
import type { Project } from '../projects/projects.ts';
import { parseFigures } from '../store/evaluations.ts';
import { lastMetric, lastRunEvaluation } from '../store/run-records.ts';
import { listBranchesOf } from '../store/runs.ts';
import { compareConfigurations } from './run-details.ts';
import { currentRun, listWaitingRuns, summarizeRun } from './runs.ts';

/** Everything about a run but its measurements, as a page shows it. */
export async function describeRun(project: Project, name: string): Promise<RunDetails> {
  const row = await currentRun(project, name);
  const { store } = project;
  const step = lastMetric(store, row.id);
  const evaluation = lastRunEvaluation(store, row.id);
  const lockFile = project.paths.runLock(row.name);
  const holder = isLocked(lockFile) ? readLockHolder(lockFile) : undefined;
  const place = row.status === 'queued' ? listWaitingRuns(project).indexOf(row.name) : -1;
  return {
    ...summarizeRun(row),
    ...(place === -1 ? {} : { queuePlace: place + 1 }),
    configuration: row.configuration,
    provenance: row.provenance,
    ...(row.calibration === undefined ? {} : { calibration: row.calibration }),
    checkpoints: [...(await listCheckpoints(project, name))],
    branches: [...listBranchesOf(store, name)],
    ...(step === undefined ? {} : { tokensPerSecond: step.tokensPerSecond, memoryBytes: step.memoryBytes }),
    figures: evaluation === undefined ? {} : parseFigures(evaluation.figuresJson),
    ...(holder === undefined ? {} : { process: holder.pid }),
  };
}

/** Several runs, and the settings in which they differ, with each run's value in their order. */
export async function compareRuns(
  project: Project,
  names: readonly string[],
): Promise<{
  readonly runs: RunDetails[];
  readonly differences: { readonly path: string; readonly values: unknown[] }[];
}> {
  const runs = await Promise.all(names.map((name) => describeRun(project, name)));
  const differences = compareConfigurations(
    runs.map(({ configuration, dataset, tokenizer, parent }) => ({
      dataset,
      tokenizerName: tokenizer,
      ...(parent === undefined ? {} : { beganWith: `${parent.run}@${parent.step}` }),
      ...configuration,
    })),
  );
  return {
    runs,
    differences: differences.map(({ path, values }) => ({
      path,
      values: values.map((value) => value ?? null),
    })),
  };
}
