import { LoamError } from '../../../shared/errors.ts';
import type { RunSummary } from '../../../shared/runs/run.ts';
import { removeOwned } from '../../llm/files/owned-files.ts';
import { bytesFreedBy } from '../durable-files.ts';
import { isLocked, readLockHolder, removeLockFile, waitForLock } from '../processes/process-lock.ts';
import { requireValidName, unknownName } from '../names.ts';
import type { Project } from '../projects/projects.ts';
import { deleteMetrics } from '../store/metric-summaries.ts';
import { listQueue, moveInQueue } from '../store/queue.ts';
import { deleteRunRow, findRunRow, listRunNames, listRunRows, type RunRow } from '../store/runs.ts';
import { settleRun } from './interrupted-runs.ts';

/** @throws LoamError when the name cannot be used, or a run has it. */
export function requireFreeName(project: Project, name: string): void {
  requireValidName('run', name);
  if (findRunRow(project.store, name) !== undefined)
    throw new LoamError({
      kind: 'input',
      where: `run '${name}'`,
      what: 'There is a run of this name already.',
      remedy: 'Go on with it, or choose another name.',
      action: { do: 'resumeRun', run: name },
    });
}

/** @throws LoamError with the nearest name when there is no such run. */
export function requireRun(project: Project, name: string): RunRow {
  const row = findRunRow(project.store, name);
  if (row === undefined) throw unknownName('run', name, listRunNames(project.store));
  return row;
}

/** A number of steps that was given goes before a time. */
function budgetOf({ configuration }: RunRow): Pick<RunSummary, 'budgetSeconds'> {
  const { steps, minutes } = configuration.training;
  return steps !== undefined || minutes === undefined ? {} : { budgetSeconds: minutes * 60 };
}

/** A run as a list shows it. */
export function summarizeRun(row: RunRow): RunSummary {
  return {
    name: row.name,
    status: row.status,
    ...(row.end === null ? {} : { end: row.end }),
    dataset: row.datasetName,
    tokenizer: row.tokenizerName,
    parameters: row.parameters,
    step: row.step,
    ...(row.steps === null ? {} : { steps: row.steps }),
    ...budgetOf(row),
    ...(row.loss === null ? {} : { loss: row.loss }),
    ...(row.validationLoss === null ? {} : { validationLoss: row.validationLoss }),
    ...(row.bestLoss === null ? {} : { bestLoss: row.bestLoss }),
    ...(row.bestStep === null ? {} : { bestStep: row.bestStep }),
    elapsedSeconds: row.elapsedSeconds,
    createdAt: row.createdAt,
    ...(row.startedAt === null ? {} : { startedAt: row.startedAt }),
    ...(row.endedAt === null ? {} : { endedAt: row.endedAt }),
    ...(row.error === null ? {} : { error: row.error }),
    ...(row.remainingSeconds === null ? {} : { remainingSeconds: row.remainingSeconds }),
    tags: [...row.tags],
    notes: row.notes,
    ...(row.provenance.parent === undefined ? {} : { parent: row.provenance.parent }),
  };
}

/** All runs, newest first. */
export async function listRuns(project: Project): Promise<readonly RunSummary[]> {
  const rows = await Promise.all(listRunRows(project.store).map((row) => settleRun(project, row)));
  const waiting = rows.some(({ status }) => status === 'queued') ? listWaitingRuns(project) : [];
  return rows.map((row) => {
    const place = row.status === 'queued' ? waiting.indexOf(row.name) : -1;
    return { ...summarizeRun(row), ...(place === -1 ? {} : { queuePlace: place + 1 }) };
  });
}

/** A run's row as it is now, after looking whether its process lives. */
export async function currentRun(project: Project, name: string): Promise<RunRow> {
  return settleRun(project, requireRun(project, name));
}

/** The runs that wait, the next first. */
export function listWaitingRuns(project: Project): readonly string[] {
  return listQueue(project.store)
    .map(({ name }) => name)
    .filter((name) => isLocked(project.paths.runLock(name)));
}

/**
 * Moves a waiting run before another waiting one, or to the queue's front.
 * @throws LoamError when either does not wait.
 */
export function moveRun(
  project: Project,
  name: string,
  before: { readonly run: string } | 'first',
): readonly string[] {
  const waiting = (wanted: string): number => {
    const { id } = requireRun(project, wanted);
    if (!listWaitingRuns(project).includes(wanted))
      throw new LoamError({
        kind: 'input',
        where: `run '${wanted}'`,
        what: 'It does not wait in the queue.',
        remedy: 'Only runs that wait have a place in it: see how far this one has got.',
        action: { do: 'listRuns' },
      });
    return id;
  };
  moveInQueue(project.store, waiting(name), before === 'first' ? 'first' : waiting(before.run));
  return listWaitingRuns(project);
}

/** Bytes that deleting a run frees: its checkpoints and its log. */
export function runBytes(project: Project, name: string): Promise<number> {
  return bytesFreedBy(project.paths.run(requireRun(project, name).name));
}

/**
 * Deletes a run with its checkpoints and everything that was measured.
 * @throws LoamError while a process waits or trains with it.
 */
export async function deleteRun(project: Project, name: string): Promise<{ readonly freedBytes: number }> {
  const { id, name: kept } = requireRun(project, name);
  const file = project.paths.runLock(kept);
  const lock = await waitForLock(file, `deleting run ${name}`);
  if (lock === undefined)
    throw new LoamError({
      kind: 'input',
      where: `run '${name}'`,
      what: `It is in use by process ${readLockHolder(file)?.pid ?? 'of another program'}.`,
      remedy: 'Stop that first, which saves a checkpoint, then delete the run.',
    });
  try {
    const freedBytes = await runBytes(project, name);
    // Its files first: on a full disk they make the room in which the rest is written.
    await removeOwned(project.ownFiles, project.paths.run(kept));
    await deleteMetrics(project.store, id);
    deleteRunRow(project.store, id);
    project.log.info('run deleted', { freedBytes });
    return { freedBytes };
  } finally {
    lock.release();
    removeLockFile(project.ownFiles, file);
  }
}
