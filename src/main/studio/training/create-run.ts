import { join } from 'node:path';
import type { Recipe } from '../../../shared/datasets/recipe.ts';
import { LoamError } from '../../../shared/errors.ts';
import { resolveModelShape } from '../../../shared/models/registry.ts';
import type { ModelShape } from '../../../shared/models/model-shape.ts';
import { threadsOf, type RunConfiguration } from '../../../shared/runs/configuration.ts';
import type { Provenance, RunParent, RunSummary } from '../../../shared/runs/run.ts';
import { writeJsonAtomically } from '../../llm/files/atomic-file.ts';
import { countParameters } from '../../llm/models/registry.ts';
import { requireTask } from '../../llm/models/tasks.ts';
import type { TokenShardsProgress } from '../../llm/data/token-shards.ts';
import { requireDataset } from '../datasets/datasets.ts';
import { declarationOf, loadObjective } from '../../llm/objectives/registry.ts';
import { readDatasetVersion } from '../datasets/dataset-rows.ts';
import { encodeDataset } from '../datasets/encoded-datasets.ts';
import { labelsFor } from '../datasets/objective-needs.ts';
import { withTextsInUse } from '../datasets/texts-in-use.ts';
import { claimFolder } from '../../llm/files/maker-mark.ts';
import { describeHardware } from '../hardware/hardware.ts';
import { requireEngine } from '../engines/require-engine.ts';
import { numberedName } from '../names.ts';
import type { Project } from '../projects/projects.ts';
import type { DatasetRow } from '../store/datasets.ts';
import { enqueue } from '../store/queue.ts';
import { insertRun, listRunNames, updateRun } from '../store/runs.ts';
import {
  findOrTrainTokenizer,
  openTokenizer,
  requireTokenizer,
  type TokenizerProgress,
} from '../tokenizers/tokenizers.ts';
import { loamVersion } from '../version.ts';
import { writeRunConfiguration } from '../runs/run-configuration-file.ts';
import { startFolder } from './start-folder.ts';
import { requireFittingStart, shapeOfStart } from './start-issues.ts';
import { copyStartModel, findStartModel, tokenizerOfStart, type StartModel } from './start-model.ts';
import { requireFreeName, requireRun, summarizeRun } from '../runs/runs.ts';

/** What the preparation of a run is busy with. */
export type PreparationProgress =
  | {
      readonly stage: 'tokenizer';
      readonly name: string;
      readonly created: boolean;
      readonly vocabularySize: number;
    }
  | { readonly stage: 'trainingTokenizer'; readonly progress: TokenizerProgress }
  | { readonly stage: 'notice'; readonly message: string }
  | { readonly stage: 'encoding'; readonly progress: TokenShardsProgress };

export interface CreateRunOptions {
  /** Default: the base name with the next free number. */
  readonly name?: string;
  /** What a run without a name is called after, usually its preset. */
  readonly baseName: string;
  readonly dataset: string;
  /** Default: one that fits the configuration, learnt from the dataset where there is none yet. */
  readonly tokenizer?: string;
  /** The model that it begins with: a run, RUN@step, an imported model or a folder. Default: none, parameters are drawn. */
  readonly from?: string;
  /** Nothing left open: see `resolveConfiguration`. */
  readonly configuration: RunConfiguration;
  readonly onProgress?: (progress: PreparationProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Prepares a run: finds or trains its tokenizer, encodes its dataset, checks that they fit, and puts it into the queue.
 * Nothing is trained yet.
 */
export async function createRun(project: Project, options: CreateRunOptions): Promise<RunSummary> {
  if (options.name !== undefined) requireFreeName(project, options.name);
  const dataset = requireDataset(project, options.dataset);
  project.store.requireWritable();
  return withTextsInUse(project, dataset.id, `run ${options.name ?? options.baseName}`, () =>
    createRunOf(project, dataset, options),
  );
}

async function createRunOf(
  project: Project,
  dataset: DatasetRow,
  options: CreateRunOptions,
): Promise<RunSummary> {
  const { configuration, onProgress = () => undefined, signal } = options;
  await requireEngine(configuration.engine.name);
  requireTask(configuration.model, declarationOf(configuration.objective).task, 'model.architecture');
  const stop = signal === undefined ? {} : { signal };
  const start = options.from === undefined ? undefined : await findStartModel(project, options.from);
  requireFittingStart(configuration, start);
  // Said before a tokenizer is trained for nothing.
  await labelsFor(
    project,
    readDatasetVersion(project, dataset.id),
    { objective: configuration.objective, labels: start?.shape.labels },
    signal,
  );
  const startShape = start && shapeOfStart(start, configuration.model);
  const tokenizerName = await chooseTokenizer(project, options, start, onProgress);
  const tokenizer = await openTokenizer(project, tokenizerName);
  const objective = await loadObjective(configuration.objective);
  const tokens = await encodeDataset(project, dataset.id, tokenizer, configuration.data, {
    ...stop,
    objective: configuration.objective,
    labels: startShape?.labels,
    modelFolder: start?.folder,
    contextLength: configuration.model.contextLength,
    onProgress: (progress) => onProgress({ stage: 'encoding', progress }),
  });
  for (const message of tokens.counts.notes ?? []) onProgress({ stage: 'notice', message });
  const shape =
    startShape ??
    resolveModelShape(configuration.model, {
      vocabularySize: tokenizer.vocabularySize,
      ...(tokens.labels === undefined ? {} : { labels: tokens.labels }),
    });
  objective.requireEnough(tokens.counts.train, shape);
  if (tokens.version.hash !== dataset.hash)
    onProgress({
      stage: 'notice',
      message: `Dataset ${dataset.name} was changed while the run was prepared: the run trains on it as it was when its text was turned into tokens.`,
    });

  return recordRun(project, {
    ...(options.name === undefined ? {} : { name: options.name }),
    baseName: options.baseName,
    dataset: { id: dataset.id, name: dataset.name, version: tokens.version },
    tokenizer: {
      name: tokenizerName,
      hash: tokenizer.hash,
      vocabularySize: tokenizer.vocabularySize,
    },
    tokensHash: tokens.hash,
    shape,
    configuration,
    ...(start === undefined
      ? {}
      : {
          startModel: { reference: start.reference },
          prepareFolder: (folder: string) => copyStartModel(start, startFolder(folder), signal),
        }),
  });
}

/** The version of a dataset that a run trains on; its recipe too, where this run is the one that had it encoded. */
export interface TrainedVersion {
  readonly hash: string;
  readonly sources: readonly { readonly name: string; readonly hash: string }[];
  readonly recipe?: Recipe;
}

export interface RecordRunOptions {
  readonly name?: string;
  readonly baseName: string;
  readonly dataset: { readonly id: number; readonly name: string; readonly version: TrainedVersion };
  readonly tokenizer: {
    readonly name: string;
    readonly hash: string;
    readonly vocabularySize: number;
  };
  /** Under which the encoded dataset lies in `tokens/`. */
  readonly tokensHash: string;
  readonly shape: ModelShape;
  readonly configuration: RunConfiguration;
  /** Of a branch: where it begins. */
  readonly parent?: RunParent;
  /** Of a run that begins with a model. */
  readonly startModel?: Provenance['startModel'];
  /** Puts more into the run's folder before the run is there. */
  readonly prepareFolder?: (folder: string) => Promise<void>;
}

/** Makes a run of what was prepared for it, and puts it into the queue. */
export async function recordRun(project: Project, options: RecordRunOptions): Promise<RunSummary> {
  const { dataset, tokenizer, tokensHash, shape, configuration, parent, startModel, prepareFolder } = options;
  if (options.name !== undefined) requireFreeName(project, options.name);
  const name = options.name ?? numberedName(options.baseName, listRunNames(project.store));
  const provenance: Provenance = {
    run: name,
    seed: configuration.training.seed,
    dataset: {
      name: dataset.name,
      hash: dataset.version.hash,
      sources: dataset.version.sources.map((source) => ({ name: source.name, hash: source.hash })),
    },
    tokenizer: { name: tokenizer.name, hash: tokenizer.hash },
    tokens: tokensHash,
    engine: { name: configuration.engine.name, threads: threadsOf(configuration) },
    versions: { loam: loamVersion, node: process.versions.node },
    hardware: describeHardware(),
    ...(shape.vocabularySize === options.tokenizer.vocabularySize
      ? {}
      : { vocabularySize: shape.vocabularySize }),
    ...(shape.labels === undefined ? {} : { labels: [...shape.labels] }),
    ...(startModel === undefined ? {} : { startModel }),
    ...(parent === undefined ? {} : { parent }),
  };
  const folder = project.paths.run(name);
  await claimFolder(folder);
  await writeRunConfiguration(project, { name, configuration });
  // The dataset's own history may lose this state of the recipe; what was trained on must stay known.
  if (dataset.version.recipe !== undefined && dataset.version.recipe.length > 0)
    await writeJsonAtomically(join(folder, 'recipe.json'), {
      dataset: dataset.name,
      version: dataset.version.hash,
      recipe: dataset.version.recipe,
    });
  await prepareFolder?.(folder);
  const createdAt = project.clock().toISOString();
  project.store.transaction(() => {
    requireFreeName(project, name);
    const id = insertRun(project.store, {
      name,
      datasetId: dataset.id,
      tokenizerName: tokenizer.name,
      tokenizerHash: tokenizer.hash,
      tokensHash,
      parameters: countParameters(shape),
      configuration,
      provenance,
      createdAt,
    });
    if (parent?.takes === 'everything') updateRun(project.store, id, { step: parent.step });
    enqueue(project.store, id, createdAt);
  });
  return summarizeRun(requireRun(project, name));
}

async function chooseTokenizer(
  project: Project,
  { tokenizer, dataset, configuration, signal }: CreateRunOptions,
  start: StartModel | undefined,
  onProgress: (progress: PreparationProgress) => void,
): Promise<string> {
  if (start !== undefined) {
    const own = await tokenizerOfStart(project, start, (message) => onProgress({ stage: 'notice', message }));
    if (tokenizer !== undefined && tokenizer !== own)
      throw new LoamError({
        kind: 'input',
        where: `tokenizer '${tokenizer}'`,
        what: `${start.reference} was trained with another tokenizer, ${own}: it would read other words.`,
        remedy: 'Leave the tokenizer out.',
      });
    const { vocabularySize } = requireTokenizer(project, own);
    onProgress({ stage: 'tokenizer', name: own, created: false, vocabularySize });
    return own;
  }
  if (tokenizer !== undefined) {
    const { vocabularySize } = requireTokenizer(project, tokenizer);
    onProgress({ stage: 'tokenizer', name: tokenizer, created: false, vocabularySize });
    return tokenizer;
  }
  const found = await findOrTrainTokenizer(project, {
    dataset,
    configuration: configuration.tokenizer,
    onProgress: (progress) => onProgress({ stage: 'trainingTokenizer', progress }),
    onNotice: (message) => onProgress({ stage: 'notice', message }),
    ...(signal === undefined ? {} : { signal }),
  });
  const { name, vocabularySize } = found.tokenizer;
  onProgress({ stage: 'tokenizer', name, created: found.created, vocabularySize });
  return name;
}
