import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { removeLeftovers } from '../../llm/files/leftovers.ts';
import { folderBytes } from '../durable-files.ts';
import { acquireLock, isLocked } from '../processes/process-lock.ts';
import { fromStoredPath, toStoredPath } from '../projects/paths.ts';
import type { Project } from '../projects/projects.ts';
import {
  deleteCheckpointRow,
  insertCheckpoint,
  listCheckpointRows,
  type NewCheckpoint,
} from '../store/checkpoints.ts';
import { listSessionsTraining } from '../store/jobs.ts';
import { dequeue } from '../store/queue.ts';
import { listRunEvaluations } from '../store/run-records.ts';
import { findRunRow, updateRun, type RunRow } from '../store/runs.ts';

/**
 * A run's row, made true: one that says it waits or trains while no process holds its lock was killed. Its row then says
 * `interrupted`, and its checkpoints are those that lie in its folder.
 */
export async function settleRun(project: Project, row: RunRow): Promise<RunRow> {
  if (row.status !== 'queued' && row.status !== 'running') return row;
  const file = project.paths.runLock(row.name);
  if (isLocked(file) || isAboutToTrain(project, row.name)) return row;
  // What cannot be written down is said all the same.
  if (project.store.readingOnly() !== undefined) return { ...row, status: 'interrupted' };
  const lock = acquireLock(file, 'tidying up', 0);
  if (lock === undefined) return row;
  try {
    // It may have ended properly between the two looks.
    const current = findRunRow(project.store, row.name);
    if (current === undefined || (current.status !== 'queued' && current.status !== 'running'))
      return current ?? row;
    await reconcileCheckpoints(project, current);
    project.store.transaction(() => {
      dequeue(project.store, current.id);
      updateRun(project.store, current.id, {
        status: 'interrupted',
        request: null,
        endedAt: project.clock().toISOString(),
      });
    });
  } finally {
    lock.release();
  }
  return findRunRow(project.store, row.name) ?? row;
}

/** Whether a living program has a job for the run whose worker may not have taken the run's lock yet. */
function isAboutToTrain(project: Project, run: string): boolean {
  return listSessionsTraining(project.store, run).some((session) =>
    isLocked(join(project.folder, 'locks', `session-${session}.lock`)),
  );
}

const checkpointFolder = /^step-(\d{8,})$/;

/**
 * Makes a run's rows of checkpoints agree with its folder, which is the truth: a checkpoint appears, is replaced and goes by
 * renames, and its process may have been killed before it told the store. What a person said of a checkpoint (its label, that
 * it is kept) stays with its row. Only for a run whose lock is held here.
 */
export async function reconcileCheckpoints(project: Project, run: RunRow): Promise<void> {
  const { store } = project;
  const folder = join(project.paths.run(run.name), 'checkpoints');
  // A checkpoint that was on the point of being replaced has another name until this.
  if (existsSync(folder)) await removeLeftovers(folder, { age: 0 });
  const present = new Map<number, string>();
  for (const name of await readdir(folder).catch(() => [])) {
    const step = checkpointFolder.exec(name)?.[1];
    if (step !== undefined) present.set(Number(step), join(folder, name));
  }
  const rows = listCheckpointRows(store, run.id);
  const newest = Math.max(...present.keys());
  const untold = await Promise.all(
    [...present]
      // The newest may have been written anew, with the evaluation of its step, since its row was.
      .filter(([step]) => step === newest || !rows.some((row) => row.step === step))
      .map(([step, path]) => describeCheckpoint(project, run, step, path)),
  );
  store.transaction(() => {
    for (const row of rows)
      if (!existsSync(fromStoredPath(project.folder, row.folder)))
        deleteCheckpointRow(store, run.id, row.step);
    let best = listCheckpointRows(store, run.id).find((row) => row.best === 1)?.loss ?? Infinity;
    for (const { isBest, ...checkpoint } of untold.toSorted((a, b) => a.step - b.step)) {
      const { step, loss } = checkpoint;
      const before = rows.find((row) => row.step === step);
      const better = isBest ?? (loss !== null && loss < best);
      const isTold = before?.bytes === checkpoint.bytes && before.loss === loss;
      if (isTold || (before !== undefined && isBest === undefined)) continue;
      insertCheckpoint(store, { ...checkpoint, best: better ? 1 : (before?.best ?? 0) });
      if (!better) continue;
      best = loss ?? best;
      updateRun(store, run.id, { bestStep: step, bestLoss: loss });
    }
  });
}

/** What the store is told of a checkpoint, out of its folder; where that cannot be read, out of the run's evaluations. */
async function describeCheckpoint(
  project: Project,
  run: RunRow,
  step: number,
  path: string,
): Promise<Omit<NewCheckpoint, 'best'> & { readonly isBest: boolean | undefined }> {
  // Loaded only now: most runs have nothing to put right, and this reads checkpoints.
  const { readSavedRunState } = await import('../../llm/training/saved-run-state.ts');
  const saved = (await readSavedRunState(path))?.run;
  const evaluation = listRunEvaluations(project.store, run.id).find((each) => each.step === step);
  const loss =
    saved === undefined
      ? evaluation?.loss
      : saved.latestEvaluation?.step === step
        ? saved.latestEvaluation.loss
        : undefined;
  return {
    runId: run.id,
    step,
    folder: toStoredPath(project.folder, path),
    bytes: await folderBytes(path),
    loss: loss ?? null,
    createdAt: project.clock().toISOString(),
    isBest: saved === undefined ? undefined : saved.evaluations.best?.step === step,
  };
}
