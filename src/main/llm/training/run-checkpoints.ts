import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import { fileError } from '../files/file-errors.ts';
import { isModelFile, requireIntactFolder } from '../files/manifest.ts';
import { removeLeftovers } from '../files/leftovers.ts';
import { removeOwned, type OwnedRoot } from '../files/owned-files.ts';
import { baseFolderOf, isAdapterFolder, openAdapter } from '../checkpoints/adapter-folder.ts';
import { openModelWeights, writeModelFolder } from '../checkpoints/model-folder.ts';
import { openTrainingState } from '../checkpoints/training-state.ts';
import type { TrainingJob } from './job.ts';
import type { ModelParameters } from './model-parameters.ts';
import type { RetainedCheckpoint } from './retention.ts';
import type { RunState } from './run-state.ts';
import { parseSavedRunState, readSavedRunState } from './saved-run-state.ts';

/** The checkpoints of one run, each a model folder with its training state. */
export interface RunCheckpoints {
  /** Those that are there, by step. */
  list(): readonly RetainedCheckpoint[];
  folder(step: number): string;
  /** Whether this very state is what its step's checkpoint holds: it was saved or restored last. */
  holds(state: RunState): boolean;
  /**
   * Writes parameters, moments and state; the folder appears whole or not at all and replaces one of the same step.
   * @throws LoamError when the disk is full and the like; older checkpoints stay as they are
   */
  save(state: RunState, regular: boolean): Promise<{ readonly folder: string; readonly bytes: number }>;
  /**
   * Puts a checkpoint's parameters and moments in place and returns its state. All of it is read and compared with the
   * checkpoint's manifest first.
   * @throws LoamError when it is missing, damaged or of another model; parameters and moments are then undefined
   */
  restore(step: number): Promise<RunState>;
  /**
   * The same from a checkpoint of another run, with the configuration that it was made with.
   * @throws LoamError as `restore`
   */
  restoreFrom(folder: string): Promise<{ readonly state: RunState; readonly configuration: unknown }>;
  /**
   * Puts the parameters of any model folder in place and leaves the moments as they are, and an adapter that the folder does
   * not have.
   * @throws LoamError when it is damaged or of another model; the parameters are then undefined
   */
  readWeights(folder: string): Promise<void>;
  remove(step: number): Promise<void>;
}

/** Where a run keeps the checkpoint of a step. */
export function checkpointFolder(runFolder: string, step: number): string {
  return folderOf(join(runFolder, 'checkpoints'), step);
}

const folderName = /^step-(\d{8,})$/;

/** The checkpoints in a run's folder. */
const ownCheckpoints = (run: string): OwnedRoot => ({
  folder: run,
  owns: ([parent, name = '', ...below]) =>
    parent === 'checkpoints' && folderName.test(name) && below.length === 0,
});

/** Finds the checkpoints in a run's folder and clears away what a killed process left unfinished. */
export async function openRunCheckpoints(
  job: TrainingJob,
  parameters: ModelParameters,
): Promise<RunCheckpoints> {
  const { engine, shape, tokenizer, configuration, provenance } = job;
  const parent = join(job.folder, 'checkpoints');
  const folder = (step: number) => folderOf(parent, step);
  let checkpoints = await findCheckpoints(parent);
  let held: RunState | undefined;

  const buffers = {
    weights: parameters.weights,
    first: parameters.trained.buffer('firstMoments'),
    second: parameters.trained.buffer('secondMoments'),
  };
  const read = async (buffer: keyof typeof buffers, name: string): Promise<Float32Array> => {
    const tensor = buffers[buffer][name];
    const data = tensor === undefined ? undefined : await engine.read(tensor);
    if (data instanceof Float32Array) return data;
    throw new Error(`The parameter set has no float32 ${name}.`);
  };

  const write = async (
    buffer: keyof typeof buffers,
    name: string,
    values: Float32Array,
    source: string,
  ): Promise<void> => {
    const tensor = buffers[buffer][name]!; // every parameter has weights, every trained one moments
    requireSameSize(values, tensor.shape, name, source);
    await engine.write(tensor, values);
  };
  const writeModel = async (folder: string): Promise<void> => {
    const model = await openModelWeights(folder);
    try {
      for (const { name } of parameters.ofModel)
        await write('weights', name, await model.weights.read(name), folder);
    } finally {
      await model.weights.close();
    }
  };
  /** An adapter's folder gives both parts to a run that trains one, and the merged model to one that does not. */
  const writeWeights = async (source: string): Promise<void> => {
    if (parameters.adapter === undefined || !isAdapterFolder(source)) return writeModel(source);
    const base = await baseFolderOf(source);
    await requireIntactFolder(base, { concerns: isModelFile, remembered: true });
    await writeModel(base);
    const opened = await openAdapter(source, base, parameters.ofModel);
    try {
      for (const { name } of parameters.ofAdapter)
        await write('weights', name, await opened.read(name), source);
    } finally {
      await opened.close();
    }
  };
  const restoreFrom: RunCheckpoints['restoreFrom'] = async (source) => {
    // Before the first parameter is put in place: a flipped bit would be trained on and never be seen again.
    await requireIntactFolder(source);
    const training = await openTrainingState(source);
    try {
      const { run } = parseSavedRunState(training.state, source);
      await writeWeights(source);
      for (const { name } of parameters.trained.specifications) {
        const { first, second } = await training.moments(name);
        await write('first', name, first, source);
        await write('second', name, second, source);
      }
      return { state: run, configuration: training.configuration };
    } finally {
      await training.close();
    }
  };

  return {
    list: () => checkpoints,
    folder,
    holds: (state) => state === held,
    async save(state, regular) {
      const { step } = state;
      await writeModelFolder(
        folder(step),
        {
          shape,
          tokenizer,
          weights: (name) => read('weights', name),
          ...job.companions,
          adapter: parameters.adapter && { adapter: parameters.adapter, base: await baseOfRun(job) },
        },
        {
          state: { regular, run: state },
          configuration,
          provenance,
          ...(job.markRecord === undefined ? {} : { record: job.markRecord() }),
          parameters: parameters.trained.specifications,
          moments: async (name) => ({ first: await read('first', name), second: await read('second', name) }),
        },
      );
      checkpoints = [...checkpoints.filter((other) => other.step !== step), { step, regular }].sort(
        (a, b) => a.step - b.step,
      );
      held = state;
      return { folder: folder(step), bytes: await folderBytes(folder(step)) };
    },
    async restore(step) {
      const { state } = await restoreFrom(folder(step));
      held = state;
      return state;
    },
    restoreFrom,
    async readWeights(source) {
      await requireIntactFolder(source, { concerns: isModelFile });
      await writeWeights(source);
    },
    async remove(step) {
      checkpoints = checkpoints.filter((other) => other.step !== step);
      if (held?.step === step) held = undefined;
      try {
        await removeOwned(ownCheckpoints(job.folder), folder(step));
      } catch (error) {
        throw fileError(error, folder(step));
      }
    },
  };
}

/** The model that a run's adapter adapts: what it begins with, or what that adapts. */
async function baseOfRun({ start }: TrainingJob): Promise<string> {
  if (start === undefined) throw new Error('A run that trains an adapter begins with a model.');
  return isAdapterFolder(start.folder) ? baseFolderOf(start.folder) : start.folder;
}

function folderOf(parent: string, step: number): string {
  return join(parent, `step-${String(step).padStart(8, '0')}`);
}

async function findCheckpoints(parent: string): Promise<readonly RetainedCheckpoint[]> {
  try {
    await mkdir(parent, { recursive: true });
  } catch (error) {
    throw fileError(error, parent);
  }
  // The run's lock keeps other writers away.
  await removeLeftovers(parent, { age: 0 });
  const steps = (await readdir(parent)).flatMap((name) => folderName.exec(name)?.[1] ?? []).map(Number);
  const found = steps.map(async (step) => {
    // A checkpoint that cannot be read is none for the guard to go back to.
    const saved = await readSavedRunState(folderOf(parent, step));
    return { step, regular: saved?.regular ?? false };
  });
  return (await Promise.all(found)).sort((a, b) => a.step - b.step);
}

function requireSameSize(values: Float32Array, shape: readonly number[], name: string, folder: string): void {
  if (values.length === shape.reduce((product, extent) => product * extent, 1)) return;
  throw new LoamError({
    kind: 'input',
    where: folder,
    what: `The parameter "${name}" has ${values.length} elements in the checkpoint and shape [${shape.join(', ')}] in the run.`,
    remedy: 'Resume the run with the model that it began with.',
  });
}

async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
