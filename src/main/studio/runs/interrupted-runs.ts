import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { folderBytes } from '../durable-files.ts';
import { acquireLock, isLocked } from '../jobs/process-lock.ts';
import { fromStoredPath, toStoredPath } from '../projects/paths.ts';
import type { Project } from '../projects/projects.ts';
import { deleteCheckpointRow, insertCheckpoint, listCheckpointRows } from '../store/checkpoints.ts';
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
 * Makes a run's rows of checkpoints agree with its folder, which is the truth: a checkpoint appears and goes by one rename,
 * and its process may have been killed before it told the store. Only for a run whose lock is held here.
 */
export async function reconcileCheckpoints(project: Project, run: RunRow): Promise<void> {
  const folder = join(project.paths.run(run.name), 'checkpoints');
  const present = new Map<number, string>();
  for (const name of await readdir(folder).catch(() => [])) {
    const step = checkpointFolder.exec(name)?.[1];
    if (step !== undefined) present.set(Number(step), join(folder, name));
  }
  const rows = listCheckpointRows(project.store, run.id);
  const losses = new Map(listRunEvaluations(project.store, run.id).map(({ step, loss }) => [step, loss]));
  const missing = await Promise.all(
    [...present]
      .filter(([step]) => !rows.some((row) => row.step === step))
      .map(async ([step, path]) => ({
        step,
        path,
        bytes: await folderBytes(path),
        loss: losses.get(step) ?? null,
      })),
  );
  project.store.transaction(() => {
    for (const row of rows)
      if (!existsSync(fromStoredPath(project.folder, row.folder)))
        deleteCheckpointRow(project.store, run.id, row.step);
    let best = listCheckpointRows(project.store, run.id).find((row) => row.best === 1)?.loss ?? Infinity;
    for (const { step, path, bytes, loss } of missing.toSorted((a, b) => a.step - b.step)) {
      const better = loss !== null && loss < best;
      if (better) best = loss;
      insertCheckpoint(project.store, {
        runId: run.id,
        step,
        folder: toStoredPath(project.folder, path),
        bytes,
        loss,
        best: better ? 1 : 0,
        createdAt: project.clock().toISOString(),
      });
      if (better) updateRun(project.store, run.id, { bestStep: step, bestLoss: loss });
    }
  });
}
