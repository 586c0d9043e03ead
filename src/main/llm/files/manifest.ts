import { lstat, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { LoamError } from '../../../shared/errors.ts';
import { writeJsonAtomically } from './atomic-file.ts';
import { digestFile, type FileDigest, type ReadingFiles } from './file-digest.ts';
import { fileError } from './file-errors.ts';
import { makeFolder } from './make-folder.ts';
import { noteVerified, readVerified, stampFile } from './verified-files.ts';

/**
 * A folder's manifest, `loam/manifest.json`: the size and SHA-256 of each of its files, taken from the bytes as they were
 * written. A folder without one (made elsewhere, or by an earlier Loam) is as good as any other; only nothing can be said
 * of whether its files are still what was written.
 */
export type Manifest = ReadonlyMap<string, FileDigest>;

/** Where the manifest lies in its folder, with forward slashes like the paths in it. */
export const manifestPath = 'loam/manifest.json';

/** Whether a file is needed to run the model, rather than to go on training it. */
export const isModelFile = (path: string): boolean => !path.startsWith('loam/');

/** Whether a file describes the model: small enough to be compared whenever the folder is opened. */
export const isDescription = (path: string): boolean =>
  isModelFile(path) && !/\.(safetensors|gguf)$/.test(path);

const manifestVersion = 1;

/** A path below the folder: neither absolute nor leading out of it, and with forward slashes. */
const innerPath = z
  .string()
  .regex(/^(?!\/)(?!.*\\)(?!.*:)(?!(?:.*\/)?\.{0,2}(?:\/|$)).+$/, 'not a path inside the folder');

const manifestSchema = z.strictObject({
  version: z.literal(manifestVersion),
  files: z.record(
    innerPath,
    z.strictObject({ bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  ),
});

/** Writes a folder's manifest. @throws LoamError when the disk refuses. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await makeFolder(join(folder, dirname(manifestPath)));
  const files = Object.fromEntries([...manifest].sort(([one], [other]) => (one < other ? -1 : 1)));
  await writeJsonAtomically(join(folder, manifestPath), { version: manifestVersion, files });
}

/**
 * Reads a folder's manifest.
 * @returns undefined where the folder has none.
 * @throws LoamError when it is damaged or of a newer Loam.
 */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const path = join(folder, manifestPath);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw fileError(error, path);
  }
  const version = z.looseObject({ version: z.number().gt(manifestVersion) });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  if (version.safeParse(json).success)
    throw new LoamError({
      kind: 'input',
      where: path,
      what: 'A newer version of Loam wrote the list of this model’s files.',
      remedy: 'Open it with that version.',
    });
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) throw damagedFile(path, 'The list of the files and their hashes cannot be read.');
  return new Map(Object.entries(parsed.data.files));
}

/**
 * Replaces a file that a folder's manifest lists. Whenever the process is killed, the manifest says nothing wrong: while the
 * file changes, it is not listed.
 * @throws LoamError when the disk refuses, or the manifest is damaged.
 */
export async function replaceListedFile(
  folder: string,
  path: string,
  write: () => Promise<FileDigest>,
): Promise<void> {
  const manifest = await readManifest(folder);
  if (manifest === undefined) {
    await write();
    return;
  }
  await writeManifest(folder, new Map([...manifest].filter(([each]) => each !== path)));
  await writeManifest(folder, new Map([...manifest, [path, await write()]]));
}

/** How a file differs from what its manifest says of it; `undefined` where it does not. */
export type FileFault = 'missing' | 'size' | 'contents';

/** Reads a file of a folder and compares it with the manifest's entry. @throws LoamError when it cannot be read. */
export async function findFileFault(
  folder: string,
  path: string,
  expected: FileDigest,
  reading: ReadingFiles = {},
): Promise<FileFault | undefined> {
  const file = join(folder, path);
  try {
    // A size that differs needs no reading.
    if ((await lstat(file)).size !== expected.bytes) return 'size';
  } catch (error) {
    if (isAbsent(error)) return 'missing';
    throw fileError(error, file);
  }
  const { sha256 } = await digestFile(file, reading);
  return sha256 === expected.sha256 ? undefined : 'contents';
}

export interface RequireIntactOptions extends ReadingFiles {
  /** Which of the manifest's files are looked at. Default: all. */
  readonly concerns?: (path: string) => boolean;
  /**
   * Does not read a file again that was read before and has had the same size, times and place on the disk since.
   * Default: everything is read.
   */
  readonly remembered?: boolean;
}

/** What a look at a folder's files came to, where none of them was damaged. */
export type IntactFolder =
  | { readonly manifest: 'absent' }
  | {
      readonly manifest: 'present';
      /** Files that were not read, since they were read before. */
      readonly remembered: readonly string[];
    };

/**
 * Compares the files of a folder with its manifest, and remembers which were read.
 * @returns what was not read; a folder without a manifest cannot be compared with anything.
 * @throws LoamError that names the first file that is not what was written.
 */
export async function requireIntactFolder(
  folder: string,
  { concerns = () => true, remembered = false, ...reading }: RequireIntactOptions = {},
): Promise<IntactFolder> {
  const manifest = await readManifest(folder);
  if (manifest === undefined) return { manifest: 'absent' };
  const memory = join(folder, dirname(manifestPath));
  const known = await readVerified(memory);
  const stamps = { ...known };
  const unread: string[] = [];
  for (const [path, expected] of manifest) {
    if (!concerns(path)) continue;
    // Taken before the file is read: whoever changes it meanwhile changes the stamp too.
    const stamp = await stampFile(join(folder, path), expected.sha256).catch(() => undefined);
    if (remembered && stamp !== undefined && known[path] === stamp) {
      unread.push(path);
      continue;
    }
    delete stamps[path];
    const fault = await findFileFault(folder, path, expected, reading);
    if (fault !== undefined) {
      if (known[path] !== undefined) await noteVerified(memory, stamps);
      throw damagedFile(join(folder, path), describeFault(fault));
    }
    // Small files are read whenever they are used, and need not be remembered.
    if (stamp !== undefined && expected.bytes >= rememberedBytes) stamps[path] = stamp;
  }
  if (Object.entries(stamps).some(([path, stamp]) => known[path] !== stamp))
    await noteVerified(memory, stamps);
  return { manifest: 'present', remembered: unread };
}

/** Smaller files are read faster than they are remembered. */
const rememberedBytes = 2 ** 20;

/** A fault in a sentence. */
export function describeFault(fault: FileFault): string {
  switch (fault) {
    case 'missing':
      return 'The file is gone.';
    case 'size':
      return 'The file does not have the size that it was written with.';
    case 'contents':
      return 'The file no longer holds what was written: its SHA-256 differs.';
    default:
      return fault satisfies never;
  }
}

function damagedFile(where: string, what: string): LoamError {
  return new LoamError({
    kind: 'input',
    where,
    what,
    remedy:
      'Put the file back from a copy of yours, or use another model or checkpoint. A check of the whole project says what else is affected.',
    action: { do: 'verifyProject' },
  });
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
