import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join, relative, resolve, sep } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';

/** A file to import and the name that the dataset keeps for it. */
export interface SourceFile {
  readonly path: string;
  readonly name: string;
  /** Whether it was found in a folder, rather than named itself. */
  readonly inFolder: boolean;
}

/** What is taken from a folder. A file that is named itself is taken whatever its ending. */
const textEndings: ReadonlySet<string> = new Set(['.txt', '.md', '.markdown', '.text', '.jsonl', '.ndjson']);

/**
 * The files that some paths mean: a file itself, a folder's text files and those of its folders, by name. Links to
 * folders are not followed, so that a loop of links does no harm.
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
    found.push(
      ...(entry.isDirectory()
        ? await listFolder(path)
        : [{ path: resolve(path), name: basename(path), inFolder: false }]),
    );
  }
  return distinctNames(found);
}

async function listFolder(folder: string): Promise<readonly SourceFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter(
      (entry) =>
        entry.isFile() && !entry.name.startsWith('.') && textEndings.has(extname(entry.name).toLowerCase()),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (files.length === 0)
    throw new LoamError({
      kind: 'input',
      where: folder,
      what: `The folder has no text files (${[...textEndings].join(', ')}).`,
      remedy: 'Name the files themselves to import files with other endings.',
    });
  return files.map((path) => ({
    path: resolve(path),
    name: `${basename(resolve(folder))}/${relative(folder, path).split(sep).join('/')}`,
    inFolder: true,
  }));
}

/** Files of one name, from different folders, are told apart by a number. */
function distinctNames(files: readonly SourceFile[]): readonly SourceFile[] {
  const seen = new Map<string, number>();
  return files.map(({ name, ...file }) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return { ...file, name: count === 1 ? name : `${name} (${count})` };
  });
}
