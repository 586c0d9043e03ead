import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import { unknownName } from '../names.ts';
import { fromStoredPath } from '../projects/paths.ts';
import type { Project } from '../projects/projects.ts';
import { currentRun } from '../runs/runs.ts';
import { listCheckpointRows, type CheckpointRow } from '../store/checkpoints.ts';
import { findImportedModel } from '../store/imported-models.ts';
import { findRunRow, listRunNames, type RunRow } from '../store/runs.ts';

/** A checkpoint that was found: a model folder and, where it belongs to a run of the project, that run. */
export interface FoundCheckpoint {
  readonly folder: string;
  /** How a person names it: RUN@step, models/NAME, or the folder. */
  readonly label: string;
  /** The name of an imported model. */
  readonly imported?: string;
  readonly run?: RunRow;
  readonly step?: number;
}

/**
 * Finds the checkpoint that a person means: a run's name (its best checkpoint, or its last where none was evaluated),
 * RUN@step, RUN@best, RUN@last, models/NAME for an imported model (or its name alone), or a folder.
 * @param project the project to look for runs in; a folder needs none.
 * @throws LoamError with the nearest run, or the steps that there are.
 */
export async function findCheckpoint(
  project: Project | undefined,
  reference: string,
): Promise<FoundCheckpoint> {
  const [name = '', place] = reference.split('@', 2);
  if (project !== undefined && findRunRow(project.store, name) !== undefined)
    return checkpointOfRun(project, name, place);
  const imported = project === undefined ? undefined : importedModel(project, reference);
  if (imported !== undefined) return imported;
  const folder = resolve(reference);
  if (existsSync(folder) && statSync(folder).isDirectory()) return { folder, label: reference };
  if (project !== undefined && !/[/\\]/.test(reference))
    throw unknownName('run', name, listRunNames(project.store));
  throw new LoamError({
    kind: 'misuse',
    where: reference,
    what:
      project === undefined
        ? 'There is no such folder, and no project here whose run it could be.'
        : 'There is neither such a run nor such a folder.',
    remedy: 'Name a run (its best checkpoint), RUN@step, or the folder of a model.',
  });
}

/** Where an imported model is named, without its name. */
export const importedPrefix = 'models/';

function importedModel(project: Project, reference: string): FoundCheckpoint | undefined {
  const name = reference.startsWith(importedPrefix) ? reference.slice(importedPrefix.length) : reference;
  const row = findImportedModel(project.store, name);
  if (row === undefined) return undefined;
  return { folder: project.paths.model(row.name), label: `${importedPrefix}${row.name}`, imported: row.name };
}

async function checkpointOfRun(
  project: Project,
  name: string,
  place: string | undefined,
): Promise<FoundCheckpoint> {
  const run = await currentRun(project, name);
  const rows = listCheckpointRows(project.store, run.id);
  const last = rows.at(-1);
  if (last === undefined)
    throw new LoamError({
      kind: 'input',
      where: `run '${name}'`,
      what: 'It has no checkpoint yet.',
      ...(run.status === 'running'
        ? { remedy: 'Wait until it has saved one.' }
        : { remedy: 'Go on with it until it has saved one.', action: { do: 'resumeRun', run: name } }),
    });
  const row = chooseCheckpoint(rows, last, place);
  if (row === undefined)
    throw new LoamError({
      kind: 'misuse',
      where: `${name}@${place}`,
      what: 'The run has no checkpoint of this step: none was saved there, or it was deleted.',
      remedy: `There are: ${rows.map(({ step }) => `${name}@${step}`).join(', ')}.`,
    });
  return {
    folder: fromStoredPath(project.folder, row.folder),
    label: `${name}@${row.step}`,
    run,
    step: row.step,
  };
}

function chooseCheckpoint(
  rows: readonly CheckpointRow[],
  last: CheckpointRow,
  place: string | undefined,
): CheckpointRow | undefined {
  switch (place) {
    case undefined:
    case 'best':
      return rows.find((row) => row.best === 1) ?? last;
    case 'last':
      return last;
    default:
      return rows.find((row) => String(row.step) === place);
  }
}
