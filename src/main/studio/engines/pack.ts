import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { LoamError } from '../../../shared/errors.ts';
import type { TensorFlowLibraries } from '../../llm/engines/tensorflow/library.ts';
import { folderBytes } from '../durable-files.ts';
import { userFolder } from '../settings/user-folder.ts';
import { bringBackPack } from './pack-place.ts';
import { noteVerified, readVerified, stampFile } from '../../llm/files/verified-files.ts';

/** A file of a pack, and what it was when it passed the self-test. */
const packFileSchema = z.strictObject({ path: z.string(), bytes: z.number(), sha256: z.string() });
export type PackFile = z.output<typeof packFileSchema>;

/** What stands in `pack.json`. */
export const packManifestSchema = z.strictObject({
  format: z.literal(1),
  engine: z.literal('tensorflow'),
  /** As TensorFlow says it. */
  version: z.string(),
  device: z.enum(['cpu', 'gpu']),
  /** The card, or the processor, that the self-test ran on. */
  deviceName: z.string(),
  platform: z.string(),
  architecture: z.string(),
  /** Where it came from, in words. */
  source: z.string(),
  /** Those of its archives whose checksum Loam does not know: nothing but the test says what they are. */
  unknownFiles: z.array(z.string()).readonly().optional(),
  installedAt: z.string(),
  /** In the order in which they are loaded. */
  libraries: z.array(packFileSchema),
  binding: packFileSchema,
});
export type PackManifest = z.output<typeof packManifestSchema>;

/** A pack as it lies on the disk. */
export type InstalledPack =
  | { readonly state: 'absent' }
  | { readonly state: 'broken'; readonly reason: string; readonly bytes: number }
  | { readonly state: 'installed'; readonly manifest: PackManifest; readonly bytes: number };

/** Where the pack of an engine lies: with what belongs to the person, outside of the program. */
export function packFolder(folder = userFolder()): string {
  return join(folder, 'engines', 'tensorflow');
}

/** Looks at the pack without reading all of its libraries. */
export async function findPack(folder = packFolder()): Promise<InstalledPack> {
  await bringBackPack(folder);
  const text = await readFile(join(folder, 'pack.json'), 'utf8').catch(() => undefined);
  const bytes = await folderBytes(folder);
  if (text === undefined)
    return bytes === 0
      ? { state: 'absent' }
      : { state: 'broken', reason: 'Its description, pack.json, is missing.', bytes };
  const manifest = parseManifest(text);
  if (manifest === undefined)
    return { state: 'broken', reason: 'Its description, pack.json, cannot be read.', bytes };
  if (manifest.platform !== process.platform || manifest.architecture !== process.arch)
    return {
      state: 'broken',
      reason: `It is for ${manifest.platform} on ${manifest.architecture}, and this is ${process.platform} on ${process.arch}.`,
      bytes,
    };
  for (const file of [...manifest.libraries, manifest.binding]) {
    const size = await stat(join(folder, file.path)).then(
      (found) => found.size,
      () => undefined,
    );
    if (size === undefined) return { state: 'broken', reason: `Its file ${file.path} is missing.`, bytes };
    if (size !== file.bytes)
      return { state: 'broken', reason: `Its file ${file.path} is not what was installed.`, bytes };
  }
  return { state: 'installed', manifest, bytes };
}

/**
 * The native files of the installed pack: what is loaded is what passed the self-test. All bytes of a file are read unless
 * it is as it was when they were read last.
 * @throws LoamError of kind 'environment' when there is none, or it is not what was installed
 */
export async function requirePack(folder = packFolder()): Promise<TensorFlowLibraries> {
  const { libraries, binding } = await requireInstalled(folder);
  const noted = await readVerified(folder);
  const verified: Record<string, string> = {};
  for (const file of [...libraries, binding]) {
    const path = join(folder, file.path);
    // Before reading: what is changed meanwhile is read again the next time.
    const stamp = await stampFile(path, file.sha256);
    if (noted[file.path] !== stamp && (await hashFile(path)) !== file.sha256)
      throw brokenPack(folder, `Its file ${file.path} is not what was installed.`);
    verified[file.path] = stamp;
  }
  if (Object.entries(verified).some(([path, stamp]) => noted[path] !== stamp))
    await noteVerified(folder, verified);
  return {
    libraries: libraries.map(({ path }) => join(folder, path)),
    binding: join(folder, binding.path),
  };
}

/** What is installed, by a look at its files' sizes. @throws LoamError of kind 'environment' as `requirePack` */
export async function requireInstalled(folder = packFolder()): Promise<PackManifest> {
  const pack = await findPack(folder);
  if (pack.state === 'absent')
    throw new LoamError({
      kind: 'environment',
      what: 'The TensorFlow engine is not installed.',
      remedy: 'Install it, or use the ONNX Runtime engine.',
      action: { do: 'installEngine', device: 'cpu' },
    });
  if (pack.state === 'broken') throw brokenPack(folder, pack.reason);
  return pack.manifest;
}

function brokenPack(folder: string, reason: string): LoamError {
  return new LoamError({
    kind: 'environment',
    where: folder,
    what: `The TensorFlow engine cannot be used. ${reason}`,
    remedy: 'Install it anew, or use the ONNX Runtime engine.',
  });
}

/** SHA-256 of a file, in hexadecimal. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(
    createReadStream(path, { highWaterMark: 2 ** 20 }),
    hash,
    signal === undefined ? {} : { signal },
  );
  return hash.digest('hex');
}

function parseManifest(text: string): PackManifest | undefined {
  try {
    return packManifestSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
