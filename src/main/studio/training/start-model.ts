import { basename } from 'node:path';
import type { ModelShape } from '../../../shared/models/model-shape.ts';
import { modelSettingsOf } from '../../../shared/models/registry.ts';
import { freeName, nameFrom } from '../../../shared/names.ts';
import type { RunConfigurationInput } from '../../../shared/runs/configuration.ts';
import { tuningSettings, type TrainingMethod } from '../../../shared/runs/training-method.ts';
import { openModelFolder, writeModelFiles } from '../../llm/checkpoints/model-folder.ts';
import { readTextConventions } from '../../llm/checkpoints/text-conventions.ts';
import { writeFolderAtomically } from '../../llm/files/atomic-folder.ts';
import { isModelFile, requireIntactFolder, writeManifest } from '../../llm/files/manifest.ts';
import { parametersOf } from '../../llm/models/registry.ts';
import { withoutFrame } from '../../llm/tokenizers/load.ts';
import { findCheckpoint } from '../checkpoints/find-checkpoint.ts';
import type { Project } from '../projects/projects.ts';
import { listTokenizerRows } from '../store/tokenizers.ts';
import { importTokenizer } from '../tokenizers/tokenizers.ts';

/** A model that a run begins with. */
export interface StartModel {
  /** How a person names it: RUN@step, models/NAME, or a folder. */
  readonly reference: string;
  readonly folder: string;
  readonly shape: ModelShape;
}

/** Longer texts are seldom worth their time on one machine: a run takes this much of a long context unless told otherwise. */
const usualContextLength = 512;

/**
 * Opens a model as far as planning a run with it needs.
 * @param reference a run's name, RUN@step, an imported model, or a folder in Hugging Face's form
 * @throws LoamError when there is none, it cannot be read, or a run cannot train it
 */
export async function findStartModel(project: Project, reference: string): Promise<StartModel> {
  const { folder, label } = await findCheckpoint(project, reference);
  const model = await openModelFolder(folder);
  try {
    const { shape } = model;
    return { reference: label, folder, shape };
  } finally {
    await model.close();
  }
}

/**
 * What a configuration says of a run that begins with a model, before a person changes it: the model as it is, of a long
 * context the first part where the model allows it, and a learning rate that keeps what the model knows.
 */
export function startConfiguration(
  { shape }: Pick<StartModel, 'shape'>,
  method: TrainingMethod = 'full',
): RunConfigurationInput {
  const shorter = { ...shape, contextLength: Math.min(shape.contextLength, usualContextLength) };
  return {
    model: modelSettingsOf(haveSameParameters(shape, shorter) ? shorter : shape),
    training: { ...tuningSettings(method) },
  };
}

/** Whether two models have parameters of the same names and shapes, so that one's weights fit into the other. */
export function haveSameParameters(one: ModelShape, other: ModelShape): boolean {
  const list = (shape: ModelShape): string =>
    JSON.stringify(parametersOf(shape).map(({ name, shape: extents }) => [name, extents]));
  return list(one) === list(other);
}

/**
 * The tokenizer that a model was trained with, under the name that it has in the project; it is taken into the project where
 * it is not there yet.
 */
export async function tokenizerOfStart(
  project: Project,
  { reference, folder }: StartModel,
  onNotice: (notice: string) => void,
): Promise<string> {
  const model = await openModelFolder(folder);
  // A tokenizer is kept without what it puts around texts: see `importTokenizer`.
  const { hash } = withoutFrame(model.tokenizer, folder);
  await model.close();
  const known = listTokenizerRows(project.store).find((row) => row.hash === hash);
  if (known !== undefined) return known.name;
  const taken = new Set(listTokenizerRows(project.store).map(({ name }) => name));
  const base = nameFrom(basename(reference.replace(/@.*$/, '')), 'imported');
  const imported = await importTokenizer(project, freeName(base, taken), folder);
  for (const notice of imported.notices) onNotice(notice);
  return imported.name;
}

/** Copies a model into a run's folder, as float32: the run keeps what it began with, whatever becomes of the original. */
export async function copyStartModel(
  { folder }: StartModel,
  target: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  await requireIntactFolder(folder, { concerns: isModelFile, ...(signal === undefined ? {} : { signal }) });
  const model = await openModelFolder(folder);
  try {
    const content = {
      shape: model.shape,
      tokenizer: model.tokenizer,
      weights: (name: string) => model.weights.read(name),
      ids: model.ids,
      conventions: await readTextConventions(folder),
    };
    await writeFolderAtomically(target, async (temporary) =>
      writeManifest(temporary, await writeModelFiles(temporary, content)),
    );
  } finally {
    await model.close();
  }
}
