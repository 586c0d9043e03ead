import { join } from 'node:path';
import type { Recipe } from '../../../shared/datasets/recipe.ts';
import { LoamError } from '../../../shared/errors.ts';
import { resolveModelShape } from '../../../shared/models/registry.ts';
import type { ModelShape } from '../../../shared/models/model-shape.ts';
import type { RunConfiguration } from '../../../shared/runs/configuration.ts';
import type { Provenance, RunParent, RunSummary } from '../../../shared/runs/run.ts';
import { writeJsonAtomically } from '../../llm/files/atomic-file.ts';
import { countParameters } from '../../llm/models/registry.ts';
import type { TokenShardsProgress } from '../../llm/data/token-shards.ts';
import { requireDataset } from '../datasets/datasets.ts';
import { encodeDataset } from '../datasets/encoded-datasets.ts';
import { whileTextsStay } from '../datasets/texts-in-use.ts';
import { claimFolder } from '../../llm/files/maker-mark.ts';
import { removeOwned } from '../../llm/files/owned-files.ts';
import { bytesFreedBy } from '../durable-files.ts';
import { describeHardware } from '../hardware/hardware.ts';
import { requireEngine } from '../engines/require-engine.ts';
import { isLocked, readLockHolder, removeLockFile, waitForLock } from '../jobs/process-lock.ts';
import { requireValidName, unknownName } from '../names.ts';
import type { Project } from '../projects/projects.ts';
import type { DatasetRow } from '../store/datasets.ts';
import { deleteMetrics } from '../store/metric-summaries.ts';
import { enqueue, listQueue, moveInQueue } from '../store/queue.ts';
import {
  deleteRunRow,
  findRunRow,
  insertRun,
  listRunNames,
  listRunRows,
  updateRun,
  type RunRow,
} from '../store/runs.ts';
import {
  findOrTrainTokenizer,
  openTokenizer,
  requireTokenizer,
  type TokenizerProgress,
} from '../tokenizers/tokenizers.ts';
import { loamVersion } from '../version.ts';
import { settleRun } from './interrupted-runs.ts';
import { writeRunConfiguration } from './run-configuration-file.ts';
import { startFolder } from './start-folder.ts';
import {
  copyStartModel,
  findStartModel,
  shapeOfStart,
  tokenizerOfStart,
  type StartModel,
} from './start-model.ts';

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
  return whileTextsStay(project, dataset.id, `run ${options.name ?? options.baseName}`, () =>
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
  const stop = signal === undefined ? {} : { signal };
  const start = options.from === undefined ? undefined : await findStartModel(project, options.from);
  const startShape = start && shapeOfStart(start, configuration.model);
  const tokenizerName = await chooseTokenizer(project, options, start, onProgress);
  const tokenizer = await openTokenizer(project, tokenizerName);
  const shape = startShape ?? resolveModelShape(configuration.model, tokenizer.vocabularySize);
  const tokens = await encodeDataset(project, dataset.id, tokenizer, configuration.data, {
    ...stop,
    onProgress: (progress) => onProgress({ stage: 'encoding', progress }),
  });
  requireEnoughText(tokens.index.splits.train.tokens, shape.contextLength);
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
  const name = options.name ?? nextName(options.baseName, listRunNames(project.store));
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
    engine: { name: configuration.engine.name, threads: configuration.engine.threads ?? 1 },
    versions: { loam: loamVersion, node: process.versions.node },
    hardware: describeHardware(),
    ...(shape.vocabularySize === options.tokenizer.vocabularySize
      ? {}
      : { vocabularySize: shape.vocabularySize }),
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

function requireEnoughText(tokens: number, contextLength: number): void {
  if (tokens > contextLength) return;
  throw new LoamError({
    kind: 'input',
    where: 'model.contextLength',
    what: `The training text has ${tokens} tokens, which is not more than the context of ${contextLength}.`,
    remedy: `Import more text, or choose a shorter context, such as ${Math.max(1, Math.min(256, 2 ** Math.floor(Math.log2(Math.max(1, tokens / 8)))))} tokens.`,
  });
}

function nextName(base: string, taken: readonly string[]): string {
  for (let count = 1; ; count++) if (!taken.includes(`${base}-${count}`)) return `${base}-${count}`;
}

/** @throws LoamError with the nearest name when there is no such run. */
export function requireRun(project: Project, name: string): RunRow {
  const row = findRunRow(project.store, name);
  if (row === undefined) throw unknownName('run', name, listRunNames(project.store));
  return row;
}

/** A run as a list shows it. */
/** A number of steps that was given goes before a time. */
function budgetOf({ configuration }: RunRow): Pick<RunSummary, 'budgetSeconds'> {
  const { steps, minutes } = configuration.training;
  return steps !== undefined || minutes === undefined ? {} : { budgetSeconds: minutes * 60 };
}

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
  const { id } = requireRun(project, name);
  const file = project.paths.runLock(name);
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
    await removeOwned(project.ownFiles, project.paths.run(name));
    await deleteMetrics(project.store, id);
    deleteRunRow(project.store, id);
    project.log.info('run deleted', { freedBytes });
    return { freedBytes };
  } finally {
    lock.release();
    removeLockFile(project.ownFiles, file);
  }
}
