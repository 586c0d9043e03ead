import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import { LoamError } from '../../../shared/errors.ts';
import { writeJsonAtomically } from '../files/atomic-file.ts';
import { digestFile, type FileDigest } from '../files/file-digest.ts';
import { isDescription, isModelFile, readManifest } from '../files/manifest.ts';
import { adapterNames, adapterParameters, type LowRankAdapter } from '../models/low-rank-adapter.ts';
import type { Parameter } from '../models/parameter.ts';
import { openSafetensors, writeSafetensors } from './safetensors.ts';
import { readJson } from './weight-files.ts';

/**
 * An adapter in the form that PEFT (Hugging Face's library of adapters) writes and reads: `adapter_config.json` and
 * `adapter_model.safetensors`. The model that it adapts lies in a folder `base` inside, or where the description says.
 */
const CONFIG = 'adapter_config.json';
const WEIGHTS = 'adapter_model.safetensors';
const INNER_BASE = 'base';
/** Under which the file of weights keeps the hash of the model that they adapt. */
const BASE_HASH = 'base_weights_sha256';

/** An adapter as it is written. */
export interface AdapterContent {
  readonly adapter: LowRankAdapter;
  /** The parameters of the model that it adapts. */
  readonly parameters: readonly Parameter[];
  /** The folder of that model. */
  readonly base: string;
  /** A matrix's elements. Asked for one at a time. */
  readonly weights: (name: string) => Float32Array | Promise<Float32Array>;
}

/** An adapter, opened. Its matrices are read when asked for. */
export interface OpenedAdapter {
  readonly adapter: LowRankAdapter;
  /** A matrix's elements, by the name that `adapterNames` gives. */
  read(name: string): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Whether a folder holds an adapter in place of a whole model. */
export function isAdapterFolder(folder: string): boolean {
  return existsSync(join(folder, CONFIG)) && !existsSync(join(folder, 'config.json'));
}

/**
 * Writes an adapter into a folder that is there.
 * @returns the files' digests, by name.
 */
export async function writeAdapterFiles(
  folder: string,
  { adapter, parameters, base, weights }: AdapterContent,
): Promise<ReadonlyMap<string, FileDigest>> {
  const layouts = new Set(
    parameters.filter(({ name }) => adapter.targets.has(name)).map(({ linear }) => linear),
  );
  const config = await writeJsonAtomically(join(folder, CONFIG), {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: relative(folder, base).split(sep).join('/'),
    r: adapter.rank,
    lora_alpha: adapter.alpha,
    lora_dropout: 0,
    use_rslora: adapter.rankStabilized,
    target_modules: targetModules(parameters, adapter),
    fan_in_fan_out: layouts.has('in-out'),
    bias: 'none',
    inference_mode: true,
  });
  const model = await writeSafetensors(
    join(folder, WEIGHTS),
    adapterParameters(parameters, adapter).map(({ name, shape }) => ({
      name,
      dtype: 'F32' as const,
      shape,
      data: async () => {
        const data = await weights(name);
        return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      },
    })),
    { format: 'pt', [BASE_HASH]: await weightsHash(base) },
  );
  return new Map([
    [CONFIG, config],
    [WEIGHTS, model],
  ]);
}

/** The layers that are adapted: by the ends of their names where that means all of the kind, else each by its name. */
function targetModules(parameters: readonly Parameter[], { targets }: LowRankAdapter): readonly string[] {
  const moduleOf = (weight: string): string => weight.replace(/\.weight$/, '');
  const endOf = (weight: string): string => moduleOf(weight).split('.').slice(-2).join('.');
  const ends = new Set([...targets].map(endOf));
  const meant = parameters.filter(({ name }) => name.endsWith('.weight') && ends.has(endOf(name)));
  return meant.length === targets.size ? [...ends] : [...targets].map(moduleOf);
}

const configSchema = z.looseObject({
  peft_type: z.string(),
  base_model_name_or_path: z.string().nullish(),
  r: z.int().positive(),
  lora_alpha: z.number().positive(),
  use_rslora: z.boolean().default(false),
});

/** What an adapter can have besides, each with what it must be for Loam to compute it. */
const plain: Readonly<Record<string, (value: unknown) => boolean>> = {
  use_dora: isOff,
  lora_bias: isOff,
  bias: (value) => value === undefined || value === 'none',
  modules_to_save: isEmpty,
  rank_pattern: isEmpty,
  alpha_pattern: isEmpty,
  layer_replication: isEmpty,
  trainable_token_indices: isEmpty,
  target_parameters: isEmpty,
  alora_invocation_tokens: isEmpty,
  use_qalora: isOff,
  use_bdlora: isEmpty,
  kasa_config: isEmpty,
  velora_config: isEmpty,
  monteclora_config: isEmpty,
  arrow_config: isEmpty,
};

function isOff(value: unknown): boolean {
  return value !== true;
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === false ||
    (typeof value === 'object' && Object.keys(value).length === 0)
  );
}

async function readAdapterConfig(folder: string): Promise<z.output<typeof configSchema>> {
  const where = join(folder, CONFIG);
  const parsed = configSchema.safeParse(await readJson(where));
  if (!parsed.success)
    throw new LoamError({
      kind: 'input',
      where,
      what: `The description of the adapter is wrong: ${parsed.error.issues[0]?.path.join('.') ?? ''}: ${parsed.error.issues[0]?.message ?? 'unreadable'}.`,
      remedy: 'Save the adapter again with PEFT’s save_pretrained.',
    });
  const { data } = parsed;
  const foreign = Object.keys(plain).find((key) => !plain[key]!(data[key]));
  if (data.peft_type !== 'LORA' || foreign !== undefined)
    throw new LoamError({
      kind: 'input',
      where,
      what:
        data.peft_type === 'LORA'
          ? `The adapter says ${foreign} = ${JSON.stringify(data[foreign ?? ''])}, which Loam does not compute.`
          : `The adapter is of the kind ${data.peft_type}, and Loam knows LORA.`,
      remedy: 'Merge it into its model with merge_and_unload, save that, and take the whole model.',
    });
  return data;
}

/**
 * The folder of the model that an adapter adapts.
 * @throws LoamError when it is not there
 */
export async function baseFolderOf(folder: string): Promise<string> {
  const inner = join(folder, INNER_BASE);
  if (existsSync(inner)) return inner;
  const { base_model_name_or_path: named } = await readAdapterConfig(folder);
  const base = named === null || named === undefined ? undefined : resolve(folder, named);
  if (base !== undefined && existsSync(base) && statSync(base).isDirectory()) return base;
  throw new LoamError({
    kind: 'input',
    where: folder,
    what: `This is an adapter, and the model that it adapts${named === null || named === undefined ? '' : `, ${named},`} is not here.`,
    remedy: 'Put that model’s folder back where it was, or take a whole model.',
  });
}

/** Where a copy of an adapter's folder keeps the model that it adapts. */
export function innerBase(folder: string): string {
  return join(folder, INNER_BASE);
}

/**
 * Opens an adapter, and makes sure that the model beside it is the one that it was made for.
 * @param parameters those of that model
 * @throws LoamError when a file is missing or damaged, the adapter computes something that Loam does not, or it belongs to
 *   another model
 */
export async function openAdapter(
  folder: string,
  base: string,
  parameters: readonly Parameter[],
): Promise<OpenedAdapter> {
  const config = await readAdapterConfig(folder);
  const file = await openSafetensors(join(folder, WEIGHTS));
  try {
    const expected = file.metadata[BASE_HASH];
    if (expected !== undefined && expected !== (await weightsHash(base)))
      throw new LoamError({
        kind: 'input',
        where: folder,
        what: `The adapter was made for a model with other weights than those in ${base}.`,
        remedy: 'Use it with the model that it was trained on.',
      });
    const adapter: LowRankAdapter = {
      rank: config.r,
      alpha: config.lora_alpha,
      rankStabilized: config.use_rslora,
      targets: new Set(
        parameters
          .filter(({ name, linear }) => linear !== undefined && file.tensors.has(adapterNames(name).down))
          .map(({ name }) => name),
      ),
    };
    requireMatrices(folder, file.tensors, adapterParameters(parameters, adapter));
    return {
      adapter,
      read: async (name) => {
        const { data } = await file.read(name);
        if (data instanceof Float32Array) return data;
        throw wrongMatrix(folder, `"${name}" is stored as integers.`);
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function requireMatrices(
  folder: string,
  tensors: ReadonlyMap<string, { readonly shape: readonly number[] }>,
  parameters: readonly Parameter[],
): void {
  if (parameters.length === 0) throw wrongMatrix(folder, 'It adapts no layer that the model has.');
  const known = new Set(parameters.map(({ name }) => name));
  const foreign = [...tensors.keys()].find((name) => !known.has(name));
  if (foreign !== undefined)
    throw wrongMatrix(folder, `It has a matrix "${foreign}", and the model no such layer.`);
  for (const { name, shape } of parameters) {
    const found = tensors.get(name)?.shape;
    if (found?.join() !== shape.join())
      throw wrongMatrix(
        folder,
        found === undefined
          ? `The matrix "${name}" is missing.`
          : `The matrix "${name}" is of shape [${found.join(', ')}], and the model needs [${shape.join(', ')}].`,
      );
  }
}

function wrongMatrix(folder: string, what: string): LoamError {
  return new LoamError({
    kind: 'input',
    where: join(folder, WEIGHTS),
    what: `The adapter does not fit its model. ${what}`,
    remedy: 'Use it with the model that it was trained on.',
  });
}

/** The hash of a model's weights: that of its file, or of the hashes of its files in the order of their names. */
async function weightsHash(folder: string): Promise<string> {
  const manifest = await readManifest(folder);
  const isWeights = (path: string): boolean =>
    isModelFile(path) && !isDescription(path) && !path.includes('/');
  const names = (manifest === undefined ? readdirSync(folder) : [...manifest.keys()])
    .filter(isWeights)
    .toSorted();
  const hashes: string[] = [];
  for (const name of names)
    hashes.push((manifest?.get(name) ?? (await digestFile(join(folder, name)))).sha256);
  const [only] = hashes;
  return only !== undefined && hashes.length === 1
    ? only
    : createHash('sha256').update(hashes.join('\n')).digest('hex');
}
