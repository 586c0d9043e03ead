import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LoamError } from '../../../shared/errors.ts';
import { contentHashSchema } from '../../../shared/names.ts';
import { writeJsonAtomically } from '../files/atomic-file.ts';
import { digestFile } from '../files/file-digest.ts';
import type { Manifest } from '../files/manifest.ts';

/**
 * The mark that an export leaves in its folder: every file that it wrote, with size and SHA-256. By it alone is a folder
 * known as an export, and only while it holds these files unchanged and no others: what a person has trained further, or
 * added, is theirs and is never replaced.
 */
export const exportMarkFile = 'loam-export.json';

const markSchema = z.object({
  format: z.literal('loam-export'),
  version: z.literal(1),
  files: z
    .array(
      z.strictObject({ path: z.string().min(1), bytes: z.int().nonnegative(), sha256: contentHashSchema }),
    )
    .max(10_000),
});

/** Marks a folder that is filled with an export. To be called last. */
export async function writeExportMark(folder: string): Promise<void> {
  const files = [];
  for (const path of (await namesBelow(folder)).toSorted())
    files.push({ path, ...(await digestFile(join(folder, path))) });
  await writeJsonAtomically(join(folder, exportMarkFile), { format: 'loam-export', version: 1, files });
}

/** What is in the place of an export, and in what a marked folder is no longer what the export wrote. */
export type ExportOccupation =
  | { readonly occupied: 'free' }
  | { readonly occupied: 'export' }
  | { readonly occupied: 'taken'; readonly because: string };

/**
 * Looks at what is in the place of an export.
 * @param reading `sizes` compares names and sizes, for a quick look; `contents` reads every file
 * @throws LoamError when the place is a file; the system's error
 */
export async function inspectExport(
  folder: string,
  reading: 'sizes' | 'contents',
): Promise<ExportOccupation> {
  const found = await lstat(folder).catch(absent);
  if (found === undefined) return { occupied: 'free' };
  // An export replaces a folder, and behind a link lies another one.
  if (found.isSymbolicLink()) return { occupied: 'taken', because: 'It is a link to another place.' };
  if (!found.isDirectory())
    throw new LoamError({
      kind: 'misuse',
      where: folder,
      what: 'This is a file, not a folder.',
      remedy: 'Name a folder that is not there yet.',
    });
  if ((await readdir(folder)).length === 0) return { occupied: 'free' };
  const mark = await readMark(folder);
  if (typeof mark === 'string')
    return { occupied: 'taken', because: 'What is in it bears no mark of an export that Loam wrote.' };
  const written = new Map(mark.files.map((file) => [file.path, file]));
  const present = (await namesBelow(folder)).filter((path) => path !== exportMarkFile);
  const added = present.find((path) => !written.has(path));
  if (added !== undefined) return { occupied: 'taken', because: `${added} was added after the export.` };
  for (const path of present) {
    const file = written.get(path);
    const state = await lstat(join(folder, path));
    const same =
      state.isFile() &&
      state.size === file?.bytes &&
      (reading === 'sizes' || (await digestFile(join(folder, path))).sha256 === file.sha256);
    if (!same) return { occupied: 'taken', because: `${path} was changed after the export.` };
  }
  return { occupied: 'export' };
}

/** @throws LoamError unless the folder holds an export, the whole of it as it was written, and nothing else */
export async function requireExport(folder: string): Promise<void> {
  const found = await inspectExport(folder, 'contents');
  if (found.occupied === 'taken') throw takenFolder(folder, found.because);
}

export function takenFolder(folder: string, because: string): LoamError {
  return new LoamError({
    kind: 'misuse',
    where: folder,
    what: `The folder is not empty, and what is in it would be lost. ${because}`,
    remedy: 'Name a folder that is empty or not there yet.',
  });
}

/**
 * An export never takes the place of the model that it is made of.
 * @throws LoamError where both are one folder, by whatever path
 */
export async function requireApart(model: string, output: string): Promise<void> {
  const [source, target] = await Promise.all([placeOf(model), placeOf(output)]);
  if (source === undefined || target === undefined) return;
  if (source.path === target.path || source.identity === target.identity)
    throw new LoamError({
      kind: 'misuse',
      where: output,
      what: 'This is the folder of the model that is to be exported.',
      remedy: 'Name another folder.',
    });
}

async function placeOf(
  folder: string,
): Promise<{ readonly path: string; readonly identity: string } | undefined> {
  const path = await realpath(folder).catch(absent);
  if (path === undefined) return undefined;
  const { dev, ino } = await stat(path, { bigint: true });
  return { path, identity: `${dev}:${ino}` };
}

async function readMark(folder: string): Promise<z.output<typeof markSchema> | 'absent' | 'damaged'> {
  const text = await readFile(join(folder, exportMarkFile), 'utf8').catch(absent);
  try {
    return text === undefined ? 'absent' : markSchema.parse(JSON.parse(text));
  } catch {
    return 'damaged';
  }
}

/** The files of an export and what each held when it was written. `damaged`: there is a mark, which cannot be read. */
export async function readExportMark(folder: string): Promise<Manifest | 'absent' | 'damaged'> {
  const mark = await readMark(folder);
  if (typeof mark === 'string') return mark;
  return new Map(mark.files.map(({ path, bytes, sha256 }) => [path, { bytes, sha256 }]));
}

/** Everything in a folder and below that is no folder, with forward slashes; links are named and not followed. */
async function namesBelow(folder: string, before = ''): Promise<readonly string[]> {
  const entries = await readdir(join(folder, before), { withFileTypes: true });
  const names = entries.map(async (entry) =>
    entry.isDirectory() ? namesBelow(folder, `${before}${entry.name}/`) : [`${before}${entry.name}`],
  );
  return (await Promise.all(names)).flat();
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}
