import { isUtf8 } from 'node:buffer';
import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join, relative, resolve, sep } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import { fileError } from '../../llm/files/file-errors.ts';
import { formatOfEnding, readableEndings } from '../../../shared/datasets/dataset.ts';

/** A file to import and the name that the dataset keeps for it. */
export interface SourceFile {
  readonly path: string;
  readonly name: string;
  /** Whether it was found in a folder, rather than named itself. */
  readonly inFolder: boolean;
}

const endings: ReadonlySet<string> = new Set(readableEndings);

/** Something in a folder that is not taken, and why. */
export interface LeftOutFile {
  readonly name: string;
  readonly reason: string;
}

/**
 * The files that some paths mean: a file itself, a folder's text files and those of its folders, by name, but for what is
 * hidden. A link to a file is read like the file (caches of downloads are folders of links); links to folders are not
 * followed, so that a loop of links does no harm. What cannot be taken from a folder is told and does not end the import.
 * @throws LoamError for a path that is not there or neither file nor folder, and a folder without text files.
 */
export async function findSourceFiles(
  paths: readonly string[],
  onLeftOut: (file: LeftOutFile) => void = () => undefined,
): Promise<readonly SourceFile[]> {
  const found: SourceFile[] = [];
  for (const path of paths) {
    const entry = await stat(path).catch(() => undefined);
    if (entry === undefined)
      throw new LoamError({
        kind: 'input',
        where: path,
        what: 'There is no such file or folder.',
        remedy: 'Check the path.',
      });
    if (!entry.isDirectory() && !entry.isFile())
      throw new LoamError({
        kind: 'input',
        where: path,
        what: `This is ${specialKind(entry)}, neither a file nor a folder.`,
        remedy: 'Name a file that holds text; write what comes out of a pipe into one first.',
      });
    found.push(
      ...(entry.isDirectory()
        ? await listFolder(path, onLeftOut)
        : [{ path: resolve(path), name: basename(path), inFolder: false }]),
    );
  }
  return found;
}

async function listFolder(
  folder: string,
  onLeftOut: (file: LeftOutFile) => void,
): Promise<readonly SourceFile[]> {
  const base = basename(resolve(folder));
  const nameOf = (path: string): string => `${base}/${relative(folder, path).split(sep).join('/')}`;
  const leftOut: LeftOutFile[] = [];
  const files = (
    await listFiles(folder, (path, reason) => leftOut.push({ name: shownName(nameOf(path)), reason }))
  ).toSorted();
  for (const each of leftOut) onLeftOut(each);
  if (files.length === 0)
    throw new LoamError({
      kind: 'input',
      where: folder,
      what: `The folder has no files of text (${[...endings].join(', ')})${leftOut[0] === undefined ? '' : ` that can be read: ${leftOut[0].name} is left out (${leftOut[0].reason})`}.`,
      remedy: 'Name the files themselves to import files with other endings.',
    });
  return files.map((path) => ({ path: resolve(path), name: nameOf(path), inFolder: true }));
}

/** The text files of a folder and of those below it. What is hidden is somebody else's: version control, settings. */
async function listFiles(
  folder: string,
  leaveOut: (path: string, reason: string) => void,
): Promise<readonly string[]> {
  const files: string[] = [];
  const folders = [folder];
  const isText = (name: string): boolean => endings.has(extname(name).toLowerCase());
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    const here = next;
    const entries = await readdir(here, { withFileTypes: true, encoding: 'buffer' }).catch(
      (error: unknown) => {
        if (here === folder) throw fileError(error, folder);
        leaveOut(here, `the folder cannot be read: ${reasonOf(error)}`);
        return [];
      },
    );
    for (const entry of entries) {
      const name = entry.name.toString('utf8');
      if (name.startsWith('.')) continue;
      const path = join(here, name);
      if (!isUtf8(entry.name)) {
        if (entry.isDirectory() || isText(name))
          leaveOut(path, 'its name is not in UTF-8; rename it to import it');
      } else if (entry.isDirectory()) folders.push(path);
      else if (isText(name)) {
        const reason = entry.isFile() ? undefined : await reasonAgainst(path, entry.isSymbolicLink());
        if (reason === undefined) files.push(path);
        else leaveOut(path, reason);
      } else if (entry.isSymbolicLink() && (await stat(path).catch(() => undefined))?.isDirectory() === true)
        leaveOut(path, 'it is a link to a folder; name that folder itself');
    }
  }
  return files;
}

/** Why something that is called like a text is none to be taken; undefined where it can be. */
async function reasonAgainst(path: string, isLink: boolean): Promise<string | undefined> {
  try {
    const target = await stat(path);
    if (target.isFile()) return undefined;
    if (target.isDirectory()) return 'it is a link to a folder; name that folder itself';
    return `it is ${specialKind(target)}`;
  } catch (error) {
    return isLink
      ? `it is a link to what is not there or cannot be read: ${reasonOf(error)}`
      : reasonOf(error);
  }
}

function reasonOf(error: unknown): string {
  return fileError(error, '').what;
}

function specialKind(entry: Stats): string {
  if (entry.isFIFO()) return 'a pipe';
  if (entry.isSocket()) return 'a socket';
  return entry.isCharacterDevice() || entry.isBlockDevice() ? 'a device' : 'something special';
}

/** A name in one line, whatever it holds. */
function shownName(name: string): string {
  return name.replaceAll(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}

/**
 * Files of one name, from different folders, are told apart by a number.
 * @param taken names that other files of the dataset have.
 */
export function withDistinctNames<File extends { readonly name: string }>(
  files: readonly File[],
  taken: Iterable<string> = [],
): readonly File[] {
  const seen = new Set(taken);
  return files.map((file) => {
    let name = file.name;
    for (let count = 2; seen.has(name); count++) name = numbered(file.name, count);
    seen.add(name);
    return { ...file, name };
  });
}

/** The ending stays the last, since it says how a file is read. */
function numbered(name: string, count: number): string {
  const ending = extname(name);
  const format = formatOfEnding(ending);
  return format === undefined || format === 'text'
    ? `${name} (${count})`
    : `${name.slice(0, -ending.length)} (${count})${ending}`;
}
