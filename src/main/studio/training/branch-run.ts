import { link, mkdir, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import type { ModelVocabulary } from '../../../shared/models/model-shape.ts';
import { resolveModelShape } from '../../../shared/models/registry.ts';
import { trainedSettings, type RunConfiguration } from '../../../shared/runs/configuration.ts';
import type { RunParent } from '../../../shared/runs/run.ts';
import { baseFolderOf, innerBase, isAdapterFolder } from '../../llm/checkpoints/adapter-folder.ts';
import { requireIntactFolder } from '../../llm/files/manifest.ts';
import { requireTask } from '../../llm/models/tasks.ts';
import { declarationOf } from '../../llm/objectives/registry.ts';
import { findCheckpoint } from '../checkpoints/find-checkpoint.ts';
import { findDatasetVersion } from '../datasets/dataset-rows.ts';
import { encodeDataset } from '../datasets/encoded-datasets.ts';
import { withTextsInUse } from '../datasets/texts-in-use.ts';
import { copyPrivately } from '../file-permissions.ts';
import type { Project } from '../projects/projects.ts';
import type { RunRow } from '../store/runs.ts';
import { openTokenizer } from '../tokenizers/tokenizers.ts';
import { resolveConfiguration } from './resolve-configuration.ts';
import { shapeOfRun } from '../runs/run-shape.ts';
import { startFolder } from './start-folder.ts';
import { haveSameParameters } from './start-model.ts';
import { currentRun } from '../runs/runs.ts';
import { recordRun } from './create-run.ts';

export interface BranchOptions {
  readonly run: string;
  readonly step: number;
  readonly name?: string;
  readonly takes: RunParent['takes'];
  /** As in a configuration file. */
  readonly changes: Readonly<Record<string, unknown>>;
  /** Told, in a sentence each, what of the texts is left out. */
  readonly onNotice?: (message: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Prepares a new run that begins with a checkpoint of another. It keeps that checkpoint for itself (without taking room,
 * where the disk can give one file two names), so the parent may clear it away or be deleted.
 * @returns the branch's name; nothing is trained yet.
 * @throws LoamError when the checkpoint is not there or damaged, or a change does not go with what is taken.
 */
export async function branchRun(project: Project, options: BranchOptions): Promise<string> {
  const parent = await currentRun(project, options.run);
  return withTextsInUse(project, parent.datasetId, `a branch of run ${options.run}`, () =>
    branchFrom(project, parent, options),
  );
}

async function branchFrom(
  project: Project,
  parent: RunRow,
  { run: name, step, name: wanted, takes, changes, signal, onNotice }: BranchOptions,
): Promise<string> {
  const checkpoint = await findCheckpoint(project, `${name}@${step}`);
  const configuration = resolveConfiguration([
    { origin: `run ${name}`, values: withoutBudget(parent.configuration, changes) },
    { origin: 'the branch', values: changes },
  ]);
  const tokenizer = await openTokenizer(project, parent.tokenizerName);
  const shape = shapeOfRun({ configuration, provenance: parent.provenance }, tokenizer);
  requireTask(shape, declarationOf(configuration.objective).task, 'objective');
  requireFit(parent, configuration, shape, { step, takes });
  const sameExamples =
    configuration.objective === parent.configuration.objective &&
    JSON.stringify(configuration.data) === JSON.stringify(parent.configuration.data);
  // The text stays that of the parent, whatever became of the dataset since; it is only cut or split in another way.
  const version = findDatasetVersion(project, parent.datasetId, parent.provenance.dataset.hash);
  const encoded = sameExamples
    ? { hash: parent.tokensHash, version: version ?? parent.provenance.dataset }
    : await encodeDataset(project, parent.datasetId, tokenizer, configuration.data, {
        objective: configuration.objective,
        labels: shape.labels,
        modelFolder: checkpoint.folder,
        contextLength: shape.contextLength,
        ...(signal === undefined ? {} : { signal }),
        ...(version === undefined ? {} : { version }),
      });
  if ('counts' in encoded) for (const note of encoded.counts.notes ?? []) onNotice?.(note);
  const branch = await recordRun(project, {
    ...(wanted === undefined ? {} : { name: wanted }),
    baseName: name,
    dataset: { id: parent.datasetId, name: parent.datasetName, version: encoded.version },
    tokenizer: {
      name: parent.tokenizerName,
      hash: parent.tokenizerHash,
      vocabularySize: tokenizer.vocabularySize,
    },
    tokensHash: encoded.hash,
    shape,
    configuration,
    parent: { run: name, step, takes },
    prepareFolder: async (folder) => {
      // What is shared now is trained on later, when the parent may be gone.
      await requireIntactFolder(checkpoint.folder, signal === undefined ? {} : { signal });
      await shareFolder(checkpoint.folder, startFolder(folder));
      // An adapter is nothing without the model that it adapts.
      if (isAdapterFolder(checkpoint.folder))
        await shareFolder(await baseFolderOf(checkpoint.folder), innerBase(startFolder(folder)));
    },
  });
  return branch.name;
}

/** A number of steps or minutes that the branch names replaces whichever of the two the parent had. */
function withoutBudget(configuration: RunConfiguration, changes: BranchOptions['changes']): RunConfiguration {
  const { training } = changes;
  const names = typeof training === 'object' && training !== null ? Object.keys(training) : [];
  if (!names.includes('steps') && !names.includes('minutes')) return configuration;
  const { steps: _steps, minutes: _minutes, ...rest } = configuration.training;
  return { ...configuration, training: rest };
}

function requireFit(
  parent: RunRow,
  configuration: RunConfiguration,
  vocabulary: ModelVocabulary,
  { step, takes }: Pick<RunParent, 'step' | 'takes'>,
): void {
  const shapeOf = ({ model }: RunConfiguration) => resolveModelShape(model, vocabulary);
  if (!haveSameParameters(shapeOf(configuration), shapeOf(parent.configuration)))
    throw refuse(
      'model',
      'The branch’s model has another shape than the checkpoint, so the weights do not fit into it.',
      'Leave the settings of the model as they are, or begin a new run.',
    );
  const before = parent.configuration;
  const rankOf = ({ training: { method, lora } }: RunConfiguration) =>
    method === 'lora' ? `${lora.rank} ${lora.layers}` : undefined;
  const ranks = [rankOf(before), rankOf(configuration)];
  if (ranks[0] !== ranks[1] && !ranks.includes(undefined))
    throw refuse(
      'training.lora',
      'The branch’s adapters have another rank or lie in other layers than those of the checkpoint.',
      'Leave these settings as they are, or begin a new run with the checkpoint as its model.',
    );
  if (takes === 'weights') return;
  const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
  if (!same(configuration.data, before.data) || configuration.training.seed !== before.training.seed)
    throw refuse(
      configuration.training.seed === before.training.seed ? 'data' : 'training.seed',
      'The branch would read the text in another order than its parent, so it cannot go on at its place.',
      'Take the weights only, or leave this setting as it is.',
    );
  if (configuration.objective !== before.objective)
    throw refuse(
      'objective',
      `The checkpoint’s place in its examples is one of ${before.objective}, and the branch would learn by ${configuration.objective}.`,
      'Take the weights only, or leave the objective as it is.',
    );
  if (!same(trainedSettings(configuration.training), trainedSettings(before.training)))
    throw refuse(
      configuration.training.trainedLayers === before.training.trainedLayers
        ? 'training.method'
        : 'training.trainedLayers',
      'The checkpoint has optimizer state for what learned, and in the branch something else would.',
      'Take the weights only, or leave what learns as it is.',
    );
  if (configuration.model.contextLength !== before.model.contextLength)
    throw refuse(
      'model.contextLength',
      'With another context length the branch cannot go on at its parent’s place in the text.',
      'Take the weights only, or leave the context length as it is.',
    );
  // A time budget counts from where the branch begins, so that there is always something to be trained.
  const { steps } = configuration.training;
  if (steps !== undefined && steps <= step)
    throw refuse(
      'training.steps',
      `The checkpoint is of step ${step}, and the branch is to end at step ${steps}: nothing would be trained.`,
      `Give it more than ${step} steps, or take the weights only, which begin at step 0.`,
    );
}

function refuse(where: string, what: string, remedy: string): LoamError {
  return new LoamError({ kind: 'input', where, what, remedy });
}

/** Gives a folder's files a second place; they are never changed once written, only replaced. */
async function shareFolder(source: string, target: string): Promise<void> {
  const entries = await readdir(source, { recursive: true, withFileTypes: true });
  await mkdir(target, { recursive: true });
  for (const entry of entries) {
    const from = join(entry.parentPath, entry.name);
    const to = join(target, relative(source, from));
    if (entry.isDirectory()) await mkdir(to, { recursive: true });
    // Not every disk can give a file two names.
    else await link(from, to).catch(() => copyPrivately(from, to));
  }
}
