import type { ModelDeletion } from '../../../shared/checkpoints/checkpoint.ts';
import { LoamError } from '../../../shared/errors.ts';
import { removeOwned } from '../../llm/files/owned-files.ts';
import { bytesFreedBy } from '../durable-files.ts';
import type { Project } from '../projects/projects.ts';
import { deleteCheckpointRow, listCheckpointRows } from '../store/checkpoints.ts';
import { listTitlesUnderWay } from '../store/jobs.ts';
import { deleteImportedModelRow } from '../store/imported-models.ts';
import { findCheckpoint, type FoundCheckpoint } from './find-checkpoint.ts';

/** Who writes with models: what keeps a model from being deleted, and lets go of it. */
interface ModelUser {
  /** Whether the model in a folder is writing at this moment. */
  busy(folder: string): boolean;
  /** Stops what is written with the model in a folder, and lets go of its files. */
  release(folder: string): Promise<void>;
}

/** What deleting a model would free, and why it may still be needed. @throws LoamError when it cannot be deleted now. */
export async function considerDeletion(
  project: Project,
  writing: ModelUser,
  reference: string,
): Promise<ModelDeletion> {
  const found = await requireOwn(project, reference);
  return {
    bytes: await bytesFreedBy(found.folder),
    reasons: [...reasonsToKeep(project, writing, found)],
  };
}

/**
 * Deletes a model. What writes with it is stopped first, and its text kept.
 * @throws LoamError when it may still be needed and the deletion is not confirmed
 */
export async function deleteModel(
  project: Project,
  writing: ModelUser,
  reference: string,
  confirmed: boolean,
): Promise<{ readonly freedBytes: number }> {
  const found = await requireOwn(project, reference);
  const reasons = reasonsToKeep(project, writing, found);
  if (reasons.length > 0 && !confirmed)
    throw new LoamError({
      kind: 'misuse',
      where: found.label,
      what: reasons.join(' '),
      remedy: 'Confirm that it is to be deleted all the same.',
    });
  const freedBytes = await bytesFreedBy(found.folder);
  await writing.release(found.folder);
  await removeOwned(project.ownFiles, found.folder);
  if (found.imported !== undefined) deleteImportedModelRow(project.store, found.imported);
  else if (found.run !== undefined && found.step !== undefined)
    deleteCheckpointRow(project.store, found.run.id, found.step);
  return { freedBytes };
}

async function requireOwn(project: Project, reference: string): Promise<FoundCheckpoint> {
  const found = await findCheckpoint(project, reference);
  if (found.imported === undefined && found.run === undefined)
    throw new LoamError({
      kind: 'misuse',
      where: found.label,
      what: 'This folder does not belong to the project.',
      remedy: 'Delete it in your file manager, if you want to.',
    });
  if (found.run?.status === 'running')
    throw new LoamError({
      kind: 'misuse',
      where: found.label,
      what: `The run ${found.run.name} is training and may need to go back to this checkpoint.`,
      remedy: 'Pause the run first, or wait until it is done.',
    });
  return found;
}

function reasonsToKeep(project: Project, writing: ModelUser, found: FoundCheckpoint): readonly string[] {
  const { run, step, folder, label } = found;
  const reasons = listTitlesUnderWay(project.store, { noun: 'checkpoint', name: label }).map(
    (title) => `It is in use: “${title}” is under way and would fail.`,
  );
  if (writing.busy(folder)) reasons.push('It is writing at this moment: that text would end where it is.');
  if (run !== undefined) {
    const rows = listCheckpointRows(project.store, run.id);
    if (run.status !== 'completed' && rows.at(-1)?.step === step)
      reasons.push(
        rows.length === 1
          ? `The run ${run.name} goes on from it: without it the run could only begin anew.`
          : `The run ${run.name} would go on from an older checkpoint and repeat the steps since.`,
      );
    const row = rows.find((each) => each.step === step);
    if (row?.best === 1 && rows.length > 1) reasons.push(`It is the best checkpoint of ${run.name}.`);
    if (row?.pinned === 1) reasons.push('It is pinned.');
  }
  return reasons;
}
