import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LoamError } from '../../../shared/errors.ts';
import { textFileLimits, weightLimits } from '../../../shared/models/limits.ts';
import { fileError } from '../files/file-errors.ts';
import { readForeignText } from '../files/foreign-file.ts';
import { parseForeignJson } from '../files/foreign-json.ts';
import { openGgufWeights } from './gguf/gguf-weights.ts';
import type { ModelShape } from '../../../shared/models/model-shape.ts';
import type { WeightEntry, WeightFiles } from './named-weights.ts';
import { openSafetensors, type SafetensorsFile } from './safetensors.ts';

const SINGLE_FILE = 'model.safetensors';
/** Where the weights of a model lie that came as a GGUF file. */
export const ggufFile = 'model.gguf';
const INDEX_FILE = 'model.safetensors.index.json';

/** The index of weights in several files: which tensor is in which. Other files' folders are not to be reached from here. */
const indexSchema = z.looseObject({
  weight_map: z.record(
    z.string(),
    z.string().regex(/^[^/\\]+\.safetensors$/, 'not the name of a safetensors file in this folder'),
  ),
});

/**
 * Reads a JSON file that describes a model.
 * @throws LoamError when it cannot be read, is longer than such files are, or is not JSON.
 */
export async function readJson(
  path: string,
  mostBytes: number = textFileLimits.description,
): Promise<unknown> {
  const text = await readForeignText(path, mostBytes);
  try {
    return parseForeignJson(text);
  } catch (error) {
    throw new LoamError(
      {
        kind: 'input',
        where: path,
        what: `This file ${error instanceof Error ? error.message : String(error)}.`,
        remedy: 'It may be cut off: copy or download it again, or take another checkpoint.',
      },
      { cause: error },
    );
  }
}

async function closeAll(files: readonly SafetensorsFile[]): Promise<void> {
  for (const file of files) await file.close();
}

async function openShards(
  folder: string,
  names: readonly string[],
): Promise<readonly (SafetensorsFile & { readonly name: string })[]> {
  const opened: (SafetensorsFile & { readonly name: string })[] = [];
  try {
    for (const name of names) opened.push({ ...(await openSafetensors(join(folder, name))), name });
    return opened;
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
}

async function openIndexed(folder: string): Promise<WeightFiles> {
  const where = join(folder, INDEX_FILE);
  const wrong = (what: string) =>
    new LoamError({ kind: 'input', where, what, remedy: 'Copy or download all files of the model again.' });
  const parsed = indexSchema.safeParse(await readJson(where, textFileLimits.weightIndex));
  if (!parsed.success) {
    throw wrong(`The list of weight files is wrong (${parsed.error.issues[0]?.message ?? 'unreadable'}).`);
  }
  const places = new Map(Object.entries(parsed.data.weight_map));
  const names = [...new Set(places.values())].toSorted();
  if (names.length > weightLimits.files)
    throw wrong(
      `The list names ${names.length.toLocaleString('en')} weight files; at most ${weightLimits.files} are opened.`,
    );
  const shards = await openShards(folder, names);
  const owners = new Map<string, SafetensorsFile>();
  const tensors = new Map<string, WeightEntry>();
  try {
    for (const shard of shards) {
      for (const [name, entry] of shard.tensors) {
        if (places.get(name) !== shard.name)
          throw wrong(`The tensor "${name}" is in ${shard.name}, where the list does not have it.`);
        owners.set(name, shard);
        tensors.set(name, entry);
      }
    }
    for (const [name, file] of places) {
      if (!tensors.has(name)) throw wrong(`The tensor "${name}" is not in ${file}, where the list has it.`);
    }
  } catch (error) {
    await closeAll(shards);
    throw error;
  }
  const ownerOf = (name: string): SafetensorsFile => {
    const owner = owners.get(name);
    if (owner === undefined) throw new Error(`There is no tensor "${name}" in ${folder}.`);
    return owner;
  };
  return {
    tensors,
    read: (name) => ownerOf(name).read(name),
    readBytes: (name, start, length) => ownerOf(name).readBytes(name, start, length),
    close: () => closeAll(shards),
  };
}

/**
 * Opens the weights in a folder: `model.safetensors`, several files with `model.safetensors.index.json`, or `model.gguf`.
 * @param shape of the model
 * @throws LoamError when there are none, they are in another form, damaged or incomplete.
 */
export async function openWeightFiles(folder: string, shape: ModelShape): Promise<WeightFiles> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw fileError(error, folder);
  });
  if (names.includes(SINGLE_FILE)) return openSafetensors(join(folder, SINGLE_FILE));
  if (names.includes(INDEX_FILE)) return openIndexed(folder);
  if (names.includes(ggufFile)) return openGgufWeights(join(folder, ggufFile), shape);
  throw noWeights(folder, names);
}

function noWeights(folder: string, names: readonly string[]): LoamError {
  const renamed = names.find((name) => name.endsWith('.safetensors'));
  if (renamed !== undefined)
    return new LoamError({
      kind: 'input',
      where: folder,
      what: `There is no ${SINGLE_FILE} here, and ${renamed} has another name than a model’s weights have.`,
      remedy: `If it holds the whole model, call it ${SINGLE_FILE}.`,
    });
  const other = names.find((name) => /\.(bin|pt|pth|ckpt|h5|msgpack|gguf|onnx)$/.test(name));
  return other === undefined
    ? new LoamError({
        kind: 'input',
        where: folder,
        what: `There are no weights here: no ${SINGLE_FILE}.`,
        remedy: 'Name the folder of a whole model or checkpoint.',
      })
    : new LoamError({
        kind: 'input',
        where: folder,
        what: `The weights are in another form (${other}), and Loam reads ${SINGLE_FILE}.`,
        remedy: 'Save the model again with save_pretrained, or take the model’s safetensors files.',
      });
}
