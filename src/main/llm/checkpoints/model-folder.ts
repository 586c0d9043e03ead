import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import type { ModelShape } from '../../../shared/models/model-shape.ts';
import { architectureOf, parametersOf } from '../models/registry.ts';
import { loadTokenizer } from '../tokenizers/load.ts';
import { saveTokenizer } from '../tokenizers/save.ts';
import type { Tokenizer } from '../tokenizers/tokenizer.ts';
import { writeJsonAtomically } from '../files/atomic-file.ts';
import { writeFolderAtomically } from '../files/atomic-folder.ts';
import type { FileDigest } from '../files/file-digest.ts';
import { fileError } from '../files/file-errors.ts';
import { isDescription, requireIntactFolder, writeManifest } from '../files/manifest.ts';
import { toGenerationConfig } from './hugging-face-config.ts';
import { matchParameterNames } from './parameter-names.ts';
import { endOfTextIds } from './read-hugging-face-config.ts';
import { readShape } from './read-shape.ts';
import { writeSafetensors } from './safetensors.ts';
import { writeTrainingState, type TrainingStateContent } from './training-state.ts';
import { openWeightFiles, readJson } from './weight-files.ts';

/** A model as it is written. */
export interface ModelContent {
  readonly shape: ModelShape;
  readonly tokenizer: Tokenizer;
  /** A parameter's elements, in Hugging Face's layout. Asked for one parameter at a time. */
  readonly weights: (name: string) => Float32Array | Promise<Float32Array>;
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
  close(): Promise<void>;
}

/**
 * Writes a model's files into a folder that is there: config, weights, tokenizer, generation settings.
 * @returns the files' digests, by name.
 */
export async function writeModelFiles(
  folder: string,
  { shape, tokenizer, weights }: ModelContent,
): Promise<ReadonlyMap<string, FileDigest>> {
  const json = (name: string, value: unknown) => writeJsonAtomically(join(folder, name), value);
  const config = await json('config.json', architectureOf(shape).writeConfig(shape, tokenizer));
  const generation = await json('generation_config.json', toGenerationConfig(tokenizer));
  const tokenizerFiles = await saveTokenizer(tokenizer, folder);
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
  return new Map([
    ['config.json', config],
    ['generation_config.json', generation],
    ...tokenizerFiles,
    ['model.safetensors', model],
  ]);
}

/**
 * Writes a model as a Hugging Face folder that appears whole or not at all, with the training state in `loam/`,
 * and there a manifest of all its files, where one is given. A folder of that name is replaced.
 * @throws LoamError when the disk is full, the place cannot be written and the like; what was there then stays.
 */
export function writeModelFolder(
  folder: string,
  content: ModelContent,
  trainingState?: TrainingStateContent,
): Promise<void> {
  return writeFolderAtomically(folder, async (temporary) => {
    const model = await writeModelFiles(temporary, content);
    if (trainingState === undefined) return;
    const training = await writeTrainingState(temporary, trainingState);
    await writeManifest(temporary, new Map([...model, ...training]));
  });
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/**
 * Opens a model's description and weights, without a tokenizer. What describes the model is compared with the folder's
 * manifest, where it has one; whoever is about to read the weights calls `requireIntactFolder` for them.
 * @throws LoamError when the folder is no model, its kind is not supported, or its weights are damaged or do not fit.
 */
export async function openModelWeights(folder: string): Promise<{
  readonly shape: ModelShape;
  readonly weights: ModelWeights;
  readonly endOfText: readonly number[];
}> {
  const configPath = join(folder, 'config.json');
  await access(folder).catch((error: unknown) => {
    throw fileError(error, folder);
  });
  if (!(await isThere(configPath))) {
    throw new LoamError({
      kind: 'input',
      where: folder,
      what: 'This folder holds no model: it has no config.json.',
      remedy: 'Name the folder of a checkpoint or of a model in Hugging Face’s form.',
    });
  }
  await requireIntactFolder(folder, { concerns: isDescription });
  const config = await readJson(configPath);
  const shape = readShape(config, configPath);
  const generationPath = join(folder, 'generation_config.json');
  const generation = (await isThere(generationPath)) ? await readJson(generationPath) : undefined;
  const files = await openWeightFiles(folder);
  try {
    const parameters = parametersOf(shape);
    const places = matchParameterNames(folder, shape, parameters, files.tensors);
    return {
      shape,
      endOfText: endOfTextIds(generation, config),
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
 * @throws LoamError as `openModelWeights`, or when its tokenizer is missing, damaged or too large for the model.
 */
export async function openModelFolder(folder: string): Promise<ModelFolder> {
  const { shape, weights, endOfText } = await openModelWeights(folder);
  try {
    const tokenizer = await loadTokenizer(folder);
    if (tokenizer.vocabularySize > shape.vocabularySize) {
      throw new LoamError({
        kind: 'input',
        where: folder,
        what: `The tokenizer has ${tokenizer.vocabularySize} tokens and the model knows ${shape.vocabularySize}.`,
        remedy: 'Put the tokenizer there that the model was trained with.',
      });
    }
    return {
      shape,
      tokenizer,
      weights,
      endOfText: endOfText.length > 0 ? endOfText : [tokenizer.endOfText],
      close: () => weights.close(),
    };
  } catch (error) {
    await weights.close();
    throw error;
  }
}
