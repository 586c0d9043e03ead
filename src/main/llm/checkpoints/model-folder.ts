import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import type { ModelShape } from '../../../shared/models/model-shape.ts';
import { architectureOf, parametersOf } from '../models/registry.ts';
import { loadTokenizer } from '../tokenizers/load.ts';
import { requireRows } from '../tokenizers/rows.ts';
import type { Tokenizer } from '../tokenizers/tokenizer.ts';
import { writeJsonAtomically } from '../files/atomic-file.ts';
import { writeFolderAtomically } from '../files/atomic-folder.ts';
import type { FileDigest } from '../files/file-digest.ts';
import { fileError } from '../files/file-errors.ts';
import { isDescription, isModelFile, requireIntactFolder, writeManifest } from '../files/manifest.ts';
import { adapterNames, mergeAdapter, type LowRankAdapter } from '../models/low-rank-adapter.ts';
import type { SpecialIds } from '../models/special-ids.ts';
import { baseFolderOf, isAdapterFolder, openAdapter, writeAdapterFiles } from './adapter-folder.ts';
import { matchParameterNames, unwrapNames, withoutBase } from './parameter-names.ts';
import { beginOfTextId, endOfTextIds, specialIdsIn } from './read-special-ids.ts';
import { readShape } from './read-shape.ts';
import { writeSafetensors } from './safetensors.ts';
import { writeTextConventions, type TextConventions } from './text-conventions.ts';
import { trainingStateFolder, writeTrainingState, type TrainingStateContent } from './training-state.ts';
import type { WeightFiles } from './named-weights.ts';
import { openWeightFiles, readJson } from './weight-files.ts';

/** A model as it is written. */
export interface ModelContent {
  readonly shape: ModelShape;
  readonly tokenizer: Tokenizer;
  /** A parameter's elements, in Hugging Face's layout. Asked for one parameter at a time. */
  readonly weights: (name: string) => Float32Array | Promise<Float32Array>;
  /** The special ids of the description that the model came with. Default: the tokenizer's end of text. */
  readonly ids?: SpecialIds;
  /** The files that the model came with beside weights and description. */
  readonly conventions?: TextConventions;
  /** Written in place of description and weights: what was learned beside the weights of a model that is there. */
  readonly adapter?: { readonly adapter: LowRankAdapter; readonly base: string } | undefined;
}

/** The weights of an opened model folder, under the names that the architecture gives. */
export interface ModelWeights {
  readonly names: readonly string[];
  /** A parameter's elements as float32, in the parameter's shape. Each call reads the file. */
  read(name: string): Promise<Float32Array>;
  close(): Promise<void>;
}

/** A model folder, opened: what is needed to run the model. Weights are read when asked for. */
export interface ModelFolder {
  readonly shape: ModelShape;
  readonly tokenizer: Tokenizer;
  readonly weights: ModelWeights;
  /** Ids that end a text. */
  readonly endOfText: readonly number[];
  /** The id that a text out of nothing begins with. */
  readonly beginOfText: number;
  /** The special ids of config.json, as it has them. */
  readonly ids: SpecialIds;
  /** What of its files was read as something else than they say, in sentences for a person. */
  readonly notes: readonly string[];
  close(): Promise<void>;
}

/**
 * Writes a model's files into a folder that is there: config, weights, tokenizer, generation settings; of an adapted model
 * the adapter alone.
 * @returns the files' digests, by name.
 */
export async function writeModelFiles(
  folder: string,
  { shape, tokenizer, weights, ids, conventions, adapter }: ModelContent,
): Promise<ReadonlyMap<string, FileDigest>> {
  const special = { endOfText: tokenizer.endOfText, ids };
  if (adapter !== undefined) {
    const texts = await writeTextConventions(folder, tokenizer, special, conventions);
    const files = await writeAdapterFiles(folder, { ...adapter, parameters: parametersOf(shape), weights });
    return new Map([...texts, ...files]);
  }
  const config = await writeJsonAtomically(
    join(folder, 'config.json'),
    architectureOf(shape).writeConfig(shape, special),
  );
  const texts = await writeTextConventions(folder, tokenizer, special, conventions);
  const model = await writeSafetensors(
    join(folder, 'model.safetensors'),
    parametersOf(shape).map((parameter) => ({
      name: parameter.name,
      dtype: 'F32' as const,
      shape: parameter.shape,
      data: async () => {
        const data = await weights(parameter.name);
        return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      },
    })),
    // transformers refuses weights that do not say this.
    { format: 'pt' },
  );
  return new Map([['config.json', config], ...texts, ['model.safetensors', model]]);
}

/**
 * Writes a model as a Hugging Face folder that appears whole or not at all, with the training state in `loam/`,
 * and there a manifest of all its files, where one is given. A folder of that name is replaced when it and the new one
 * are checkpoints.
 * @throws LoamError when the disk is full, the place cannot be written and the like; what was there then stays.
 */
export function writeModelFolder(
  folder: string,
  content: ModelContent,
  trainingState?: TrainingStateContent,
): Promise<void> {
  const fill = async (temporary: string): Promise<void> => {
    const model = await writeModelFiles(temporary, content);
    if (trainingState === undefined) return;
    const training = await writeTrainingState(temporary, trainingState);
    await writeManifest(temporary, new Map([...model, ...training]));
  };
  return trainingState === undefined
    ? writeFolderAtomically(folder, fill)
    : writeFolderAtomically(folder, fill, { requireReplaceable: requireCheckpoint });
}

/** @throws LoamError for a folder without training state: no run wrote it */
async function requireCheckpoint(existing: string): Promise<void> {
  if (await isThere(join(existing, trainingStateFolder))) return;
  throw new LoamError({
    kind: 'input',
    where: existing,
    what: 'There is a folder in the place of a checkpoint that is no checkpoint.',
    remedy: 'Move it away, then go on with the run.',
  });
}

/** Weight files by the names that parameters have without wrappers. @param notes gets a sentence where there are any */
async function unwrapped(folder: string, files: WeightFiles, notes: string[]): Promise<WeightFiles> {
  try {
    const places = unwrapNames(folder, files.tensors.keys());
    const changed = [...places].filter(([name, place]) => name !== place);
    const [example] = changed;
    if (example !== undefined)
      notes.push(
        `${changed.length} of ${places.size} weights have names that a wrapper of the model left (torch.compile, training on several devices). They are read without it: ${JSON.stringify(example[1])} as ${JSON.stringify(example[0])}.`,
      );
    const own = (name: string): string => places.get(name) ?? name;
    return {
      tensors: new Map([...places].map(([name, place]) => [name, files.tensors.get(place)!])),
      read: (name) => files.read(own(name)),
      readBytes: (name, start, length) => files.readBytes(own(name), start, length),
      close: () => files.close(),
    };
  } catch (error) {
    await files.close();
    throw error;
  }
}

/**
 * A description may say that the output layer shares the token embedding's weights while the file has two that differ, as
 * merging an adapter leaves it. Then there are two, as in transformers 5: what the file holds was trained.
 */
async function withoutFalseTie(shape: ModelShape, files: WeightFiles, notes: string[]): Promise<ModelShape> {
  const tie = architectureOf(shape).tie?.(shape);
  if (tie === undefined) return shape;
  const [one, other] = [tie.one, tie.other].map((name) =>
    [name, withoutBase(shape, name)].find((candidate) => files.tensors.has(candidate)),
  );
  if (one === undefined || other === undefined || (await holdTheSame(files, one, other))) return shape;
  notes.push(
    `config.json says that ${JSON.stringify(one)} and ${JSON.stringify(other)} are the same weights (tie_word_embeddings), and the file has two that differ. Both are used.`,
  );
  return tie.untied;
}

/** Bytes of two tensors that are compared at once. */
const comparedPiece = 16 * 2 ** 20;

/** Whether two tensors are the same to the bit. One of another type or shape is another. */
async function holdTheSame(files: WeightFiles, one: string, other: string): Promise<boolean> {
  const [a, b] = [files.tensors.get(one), files.tensors.get(other)];
  if (a === undefined || b === undefined || a.dtype !== b.dtype || a.byteLength !== b.byteLength)
    return false;
  for (let start = 0; start < a.byteLength; start += comparedPiece) {
    const length = Math.min(comparedPiece, a.byteLength - start);
    const pieces = await Promise.all([one, other].map((name) => files.readBytes(name, start, length)));
    if (Buffer.compare(pieces[0]!, pieces[1]!) !== 0) return false;
  }
  return true;
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** A model's description and weights, opened. */
export interface OpenedModel {
  readonly shape: ModelShape;
  readonly weights: ModelWeights;
  readonly endOfText: readonly number[];
  readonly beginOfText: number | undefined;
  readonly ids: SpecialIds;
  readonly notes: readonly string[];
}

/** The model that an adapter makes of another one: weights are merged as they are read. */
async function openAdaptedModel(folder: string): Promise<OpenedModel> {
  await requireIntactFolder(folder, { concerns: isDescription });
  const base = await baseFolderOf(folder);
  // Whoever compares the adapter's files with its manifest does not see those of the model beside it.
  await requireIntactFolder(base, { concerns: isModelFile, remembered: true });
  const model = await openModelWeights(base);
  const parameters = new Map(parametersOf(model.shape).map((parameter) => [parameter.name, parameter]));
  const adapter = await openAdapter(folder, base, [...parameters.values()]).catch(async (error: unknown) => {
    await model.weights.close();
    throw error;
  });
  return {
    ...model,
    weights: {
      names: model.weights.names,
      read: async (name) => {
        const weight = await model.weights.read(name);
        const parameter = parameters.get(name);
        if (parameter === undefined || !adapter.adapter.targets.has(name)) return weight;
        const { down, up } = adapterNames(name);
        mergeAdapter(parameter, weight, await adapter.read(down), await adapter.read(up), adapter.adapter);
        return weight;
      },
      close: async () => {
        await adapter.close();
        await model.weights.close();
      },
    },
  };
}

/**
 * Opens a model's description and weights, without a tokenizer. What describes the model is compared with the folder's
 * manifest, where it has one; whoever is about to read the weights calls `requireIntactFolder` for them. The folder of an
 * adapter gives the model that it makes of the one beside it.
 * @throws LoamError when the folder is no model, its kind is not supported, or its weights are damaged or do not fit.
 */
export async function openModelWeights(folder: string): Promise<OpenedModel> {
  const configPath = join(folder, 'config.json');
  await access(folder).catch((error: unknown) => {
    throw fileError(error, folder);
  });
  if (isAdapterFolder(folder)) return openAdaptedModel(folder);
  if (!(await isThere(configPath))) {
    const gguf = (await readdir(folder)).find((name) => /\.gguf$/i.test(name));
    throw new LoamError({
      kind: 'input',
      where: folder,
      what: 'This folder holds no model: it has no config.json.',
      remedy:
        gguf === undefined
          ? 'Name the folder of a checkpoint or of a model in Hugging Face’s form.'
          : `Import the GGUF file in it by its own name: ${join(folder, gguf)}`,
    });
  }
  await requireIntactFolder(folder, { concerns: isDescription });
  const config = await readJson(configPath);
  const described = readShape(config, configPath);
  const generationPath = join(folder, 'generation_config.json');
  const generation = (await isThere(generationPath)) ? await readJson(generationPath) : undefined;
  const notes: string[] = [];
  const files = await unwrapped(folder, await openWeightFiles(folder, described), notes);
  try {
    const shape = await withoutFalseTie(described, files, notes);
    const parameters = parametersOf(shape);
    const places = matchParameterNames(folder, shape, parameters, files.tensors);
    return {
      shape,
      endOfText: endOfTextIds(generation, config),
      beginOfText: beginOfTextId(generation, config),
      ids: specialIdsIn(config),
      notes,
      weights: {
        names: parameters.map(({ name }) => name),
        read: async (name) => {
          const place = places.get(name);
          if (place === undefined) throw new Error(`The model has no parameter "${name}".`);
          const { data } = await files.read(place);
          if (data instanceof Float32Array) return data;
          throw new LoamError({
            kind: 'input',
            where: folder,
            what: `The parameter "${name}" is stored as integers.`,
            remedy: 'Save the model again in float32, float16 or bfloat16.',
          });
        },
        close: () => files.close(),
      },
    };
  } catch (error) {
    await files.close();
    throw error;
  }
}

/**
 * Opens a model folder.
 * @throws LoamError as `openModelWeights`, or when its tokenizer is missing, damaged or has tokens in texts that the model
 * has no row for.
 */
export async function openModelFolder(folder: string): Promise<ModelFolder> {
  const { shape, weights, endOfText, beginOfText, ids, notes } = await openModelWeights(folder);
  try {
    const loaded = await loadTokenizer(folder);
    const rowless = requireRows(loaded, shape, folder);
    // Training puts nothing around texts, whatever the tokenizer's file says: a model made here has never seen it.
    const madeHere = await isThere(join(folder, 'loam', 'provenance.json'));
    const tokenizer = madeHere ? { ...loaded, frame: undefined } : loaded;
    return {
      shape,
      tokenizer,
      weights,
      endOfText: endOfText.length > 0 ? endOfText : [tokenizer.endOfText],
      beginOfText: beginOfText ?? tokenizer.endOfText,
      ids,
      notes: rowless === undefined ? notes : [...notes, rowless],
      close: () => weights.close(),
    };
  } catch (error) {
    await weights.close();
    throw error;
  }
}
