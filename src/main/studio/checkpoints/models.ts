import { z } from 'zod';
import type { ModelSummary } from '../../../shared/checkpoints/checkpoint.ts';
import { withCurrentNames } from '../../../shared/models/earlier-names.ts';
import { modelSettingsSchema } from '../../../shared/models/model-settings.ts';
import { modelTasks } from '../../../shared/models/model-task.ts';
import { findModelDeclaration } from '../../../shared/models/registry.ts';
import { fromStoredPath } from '../projects/paths.ts';
import type { Project } from '../projects/projects.ts';
import { listCheckpointsOfRuns, updateCheckpoint, type CheckpointOfRun } from '../store/checkpoints.ts';
import { labelImportedModel, listImportedModels, type ImportedModelRow } from '../store/imported-models.ts';
import { LoamError } from '../../../shared/errors.ts';
import { findCheckpoint, importedPrefix, type FoundCheckpoint } from './find-checkpoint.ts';

/** Every model of the project, newest first. What is listed comes from the store: no folder is opened. */
export function listModels(project: Project): readonly ModelSummary[] {
  const ofRuns = listCheckpointsOfRuns(project.store).map((row) => describeCheckpoint(project, row));
  const imported = listImportedModels(project.store).map((row) => describeImported(project, row));
  return [...ofRuns, ...imported].toSorted(
    (a, b) => b.createdAt.localeCompare(a.createdAt) || b.reference.localeCompare(a.reference),
  );
}

function describeCheckpoint(project: Project, row: CheckpointOfRun): ModelSummary {
  const { run, step, status } = row;
  return {
    reference: `${run}@${step}`,
    origin: {
      kind: 'run',
      run,
      status,
      step,
      best: row.best === 1,
      last: step === row.lastStep,
      dataset: row.datasetName,
      tokenizer: row.tokenizerName,
    },
    ...(row.label === null ? {} : { label: row.label }),
    pinned: row.pinned === 1,
    folder: fromStoredPath(project.folder, row.folder),
    bytes: row.bytes,
    // A model whose training diverged has none that a message could carry.
    ...(row.loss !== null && Number.isFinite(row.loss) ? { loss: row.loss } : {}),
    ...usesOf(row.modelJson),
    parameters: row.parameters,
    createdAt: row.createdAt,
  };
}

/** What the settings of a run's model say of its use. A model whose architecture this process does not know has none here. */
function usesOf(modelJson: string): Pick<ModelSummary, 'modelType' | 'tasks' | 'contextLength'> {
  const stored = modelSettingsSchema.parse(JSON.parse(modelJson));
  const declaration = findModelDeclaration(stored.architecture);
  const settings = modelSettingsSchema.parse(withCurrentNames(stored, declaration?.earlierNames));
  return {
    modelType: declaration?.modelType(settings) ?? settings.architecture,
    tasks: [...(declaration?.tasks(settings) ?? [])],
    contextLength: settings.contextLength,
  };
}

const tasksSchema = z.array(z.enum(modelTasks));

function describeImported(project: Project, row: ImportedModelRow): ModelSummary {
  return {
    reference: `${importedPrefix}${row.name}`,
    origin: { kind: 'imported', name: row.name, from: row.origin },
    ...(row.label === null ? {} : { label: row.label }),
    pinned: false,
    folder: project.paths.model(row.name),
    bytes: row.bytes,
    modelType: row.style,
    tasks: tasksSchema.parse(JSON.parse(row.tasksJson)),
    parameters: row.parameters,
    contextLength: row.contextLength,
    vocabularySize: row.vocabularySize,
    createdAt: row.createdAt,
  };
}

/** Gives a model a name of a person's choice, or takes it away. */
export async function labelModel(project: Project, reference: string, label: string): Promise<void> {
  const found = await findCheckpoint(project, reference);
  const value = label === '' ? null : label;
  if (found.imported !== undefined) labelImportedModel(project.store, found.imported, value);
  else {
    const { runId, step } = requireOfRun(found);
    updateCheckpoint(project.store, runId, step, { label: value });
  }
}

/** Keeps a run's checkpoint when old ones are cleared away, or no longer. */
export async function pinModel(project: Project, reference: string, pinned: boolean): Promise<void> {
  const { runId, step } = requireOfRun(await findCheckpoint(project, reference));
  updateCheckpoint(project.store, runId, step, { pinned: pinned ? 1 : 0 });
}

function requireOfRun({ run, step, label }: FoundCheckpoint): {
  readonly runId: number;
  readonly step: number;
} {
  if (run !== undefined && step !== undefined) return { runId: run.id, step };
  throw new LoamError({
    kind: 'misuse',
    where: label,
    what: 'This is no checkpoint of a run in this project.',
    remedy: 'Choose one of the project’s own.',
  });
}
