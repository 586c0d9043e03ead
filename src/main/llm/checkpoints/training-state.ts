import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LoamError } from '../../../shared/errors.ts';
import { writeJsonAtomically } from '../files/atomic-file.ts';
import type { FileDigest } from '../files/file-digest.ts';
import { openSafetensors, writeSafetensors } from './safetensors.ts';
import { readJson } from './weight-files.ts';

/**
 * What a checkpoint holds besides the model, in its folder `loam/`: all that a run needs to go on as if it had never
 * stopped.
 *
 *   loam/optimizer.safetensors   for each parameter `first_moment.NAME` and `second_moment.NAME` of AdamW, float32
 *   loam/state.json              step, sampler state, counters: JSON that the training room defines
 *   loam/configuration.json      the run's resolved configuration
 *   loam/provenance.json         data and tokenizer hashes, versions, hardware: where the model comes from
 *   loam/record.json             what was recorded of the run elsewhere when the checkpoint was written; may be missing
 *   loam/manifest.json           the SHA-256 of every file of the checkpoint (`files/manifest.ts`)
 */

/** AdamW's two moments of one parameter. */
export interface Moments {
  readonly first: Float32Array;
  readonly second: Float32Array;
}

export interface TrainingStateContent {
  /** Plain JSON. Numbers must be finite: JSON has no NaN, and a loss that reads back as null is another state. */
  readonly state: unknown;
  readonly configuration: unknown;
  readonly provenance: Readonly<Record<string, unknown>>;
  /** What was recorded of the run elsewhere, in short; plain JSON. */
  readonly record?: unknown;
  readonly parameters: readonly { readonly name: string; readonly shape: readonly number[] }[];
  /** Asked for one parameter at a time. */
  readonly moments: (name: string) => Moments | Promise<Moments>;
}

/** The training state of a checkpoint, opened. `state` and `configuration` are as they were written: whoever reads checks them. */
export interface TrainingState {
  readonly state: unknown;
  readonly configuration: unknown;
  readonly provenance: Readonly<Record<string, unknown>>;
  moments(name: string): Promise<Moments>;
  close(): Promise<void>;
}

/** The folder in a checkpoint that holds all this, and by which a checkpoint is known. */
export const trainingStateFolder = 'loam';
const OPTIMIZER = 'optimizer.safetensors';

/** Version of the layout above; a checkpoint of a newer one is not guessed at. */
const LAYOUT_VERSION = 1;
const stateSchema = z.strictObject({ version: z.int(), state: z.unknown() });
const provenanceSchema = z.record(z.string(), z.unknown());

/** @throws Error when a value cannot be given back exactly by JSON. */
function assertPlainJson(value: unknown, path: string): void {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new Error(`${path} is ${value}, which JSON cannot hold.`);
  if (typeof value === 'bigint' || typeof value === 'function')
    throw new Error(`${path} is a ${typeof value}, which JSON cannot hold.`);
  if (ArrayBuffer.isView(value)) throw new Error(`${path} is a typed array, which JSON cannot hold.`);
  if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) assertPlainJson(inner, `${path}.${key}`);
  }
}

function bytesOf(data: Float32Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/**
 * Writes `loam/` into a checkpoint's folder. Meant for `writeFolderAtomically`: the files appear one by one.
 * @returns the files' digests, by their paths in the checkpoint.
 * @throws LoamError when the disk is full and the like.
 */
export async function writeTrainingState(
  checkpoint: string,
  content: TrainingStateContent,
): Promise<ReadonlyMap<string, FileDigest>> {
  assertPlainJson(content.state, 'state');
  const folder = join(checkpoint, trainingStateFolder);
  await mkdir(folder, { recursive: true });
  // Both moments of a parameter come from one call; they stand side by side in the file, so one is kept for a moment.
  let last: { readonly name: string; readonly moments: Moments } | undefined;
  const momentsOf = async (name: string): Promise<Moments> => {
    if (last?.name !== name) last = { name, moments: await content.moments(name) };
    return last.moments;
  };
  const optimizer = await writeSafetensors(
    join(folder, OPTIMIZER),
    content.parameters.flatMap(({ name, shape }) => [
      {
        name: `first_moment.${name}`,
        dtype: 'F32' as const,
        shape,
        data: async () => bytesOf((await momentsOf(name)).first),
      },
      {
        name: `second_moment.${name}`,
        dtype: 'F32' as const,
        shape,
        data: async () => bytesOf((await momentsOf(name)).second),
      },
    ]),
  );
  const json = (name: string, value: unknown) => writeJsonAtomically(join(folder, name), value);
  return new Map([
    [`${trainingStateFolder}/${OPTIMIZER}`, optimizer],
    [`${trainingStateFolder}/configuration.json`, await json('configuration.json', content.configuration)],
    ...(content.record === undefined
      ? []
      : [[`${trainingStateFolder}/record.json`, await json('record.json', content.record)] as const]),
    [`${trainingStateFolder}/provenance.json`, await json('provenance.json', content.provenance)],
    [
      `${trainingStateFolder}/state.json`,
      await json('state.json', { version: LAYOUT_VERSION, state: content.state }),
    ],
  ]);
}

/**
 * Opens the training state of a checkpoint.
 * @throws LoamError when the checkpoint has none, a newer Loam wrote it, or it is damaged.
 */
export async function openTrainingState(checkpoint: string): Promise<TrainingState> {
  const folder = join(checkpoint, trainingStateFolder);
  const statePath = join(folder, 'state.json');
  const refuse = (what: string, remedy: string) =>
    new LoamError({ kind: 'input', where: statePath, what, remedy });
  const parsed = stateSchema.safeParse(await readJson(statePath));
  if (!parsed.success)
    throw refuse('This is not the state of a training run.', 'Resume from another checkpoint.');
  if (parsed.data.version > LAYOUT_VERSION) {
    throw refuse('A newer version of Loam wrote this checkpoint.', 'Resume it with that version.');
  }
  const configuration = await readJson(join(folder, 'configuration.json'));
  const provenance = provenanceSchema.safeParse(await readJson(join(folder, 'provenance.json')));
  if (!provenance.success)
    throw refuse('The record of where the model comes from is damaged.', 'Resume from another checkpoint.');
  const optimizer = await openSafetensors(join(folder, OPTIMIZER));
  const moment = async (name: string): Promise<Float32Array> => {
    const { data } = await optimizer.read(name);
    if (data instanceof Float32Array) return data;
    throw refuse(`The optimizer state "${name}" is not in float32.`, 'Resume from another checkpoint.');
  };
  return {
    state: parsed.data.state,
    configuration,
    provenance: provenance.data,
    moments: async (name) => ({
      first: await moment(`first_moment.${name}`),
      second: await moment(`second_moment.${name}`),
    }),
    close: () => optimizer.close(),
  };
}
