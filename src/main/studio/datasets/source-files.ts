import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join, relative, resolve, sep } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import { readableEndings } from '../../llm/data/source-format.ts';

/** A file to import and the name that the dataset keeps for it. */
export interface SourceFile {
  readonly path: string;
  readonly name: string;
  /** Whether it was found in a folder, rather than named itself. */
  readonly inFolder: boolean;
}

const endings: ReadonlySet<string> = new Set(readableEndings);

/**
 * The files that some paths mean: a file itself, a folder's text files and those of its folders, by name, but for what is
 * hidden. Links to folders are not followed, so that a loop of links does no harm.
 * @throws LoamError for a path that is not there and a folder without text files.
 */
export async function findSourceFiles(paths: readonly string[]): Promise<readonly SourceFile[]> {
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
        what: 'This is neither a file nor a folder.',
        remedy: 'Name a file that holds text.',
      });
    found.push(
      ...(entry.isDirectory()
        ? await listFolder(path)
        : [{ path: resolve(path), name: basename(path), inFolder: false }]),
    );
  }
  return found;
}

async function listFolder(folder: string): Promise<readonly SourceFile[]> {
  const files = (await listFiles(folder)).toSorted();
  if (files.length === 0)
    throw new LoamError({
      kind: 'input',
      where: folder,
      what: `The folder has no files of text (${[...endings].join(', ')}).`,
      remedy: 'Name the files themselves to import files with other endings.',
    });
  return files.map((path) => ({
    path: resolve(path),
    name: `${basename(resolve(folder))}/${relative(folder, path).split(sep).join('/')}`,
    inFolder: true,
  }));
}

/** The text files of a folder and of those below it. What is hidden is somebody else's: version control, settings. */
async function listFiles(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined; next = folders.pop())
    for (const entry of await readdir(next, { withFileTypes: true })) {
      if (entry.name.startsWith('.')) continue;
      const path = join(next, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile() && endings.has(extname(entry.name).toLowerCase())) files.push(path);
    }
  return files;
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
  return ending === '' || readableEndings.every((each) => each !== ending.toLowerCase()) || isText(ending)
    ? `${name} (${count})`
    : `${name.slice(0, -ending.length)} (${count})${ending}`;
}

function isText(ending: string): boolean {
  return ['.txt', '.md', '.markdown', '.text'].includes(ending.toLowerCase());
}
