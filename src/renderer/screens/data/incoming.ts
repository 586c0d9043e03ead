import { readableEndings } from '../../../shared/datasets/dataset.ts';

/** A file that the page was given, and the name under which it is sent: with the folders that it was dropped with. */
export interface GivenFile {
  readonly file: File;
  readonly name: string;
}

/** What a person wants to import, before anything was looked at. */
export type Incoming =
  | { readonly kind: 'files'; readonly files: readonly GivenFile[]; readonly leftOut: readonly string[] }
  /** In the desktop application: where they lie on this machine. */
  | { readonly kind: 'paths'; readonly paths: readonly string[] }
  | { readonly kind: 'sample' };

/** Deeper folders are not gone into: a link may lead back up. */
const deepest = 40;

/** The files, or in the desktop application their paths, of something that was dropped. */
export async function incomingOfDrop(transfer: DataTransfer): Promise<Incoming> {
  const bridge = window.loam;
  if (bridge !== undefined)
    return {
      kind: 'paths',
      paths: [...transfer.files].map((file) => bridge.pathOf(file)).filter((path) => path !== ''),
    };
  // What a drop holds is gone after the first turn of the event loop: the entries are taken all at once.
  const entries = [...transfer.items]
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null);
  const files: GivenFile[] = [];
  const leftOut: string[] = [];
  for (const entry of entries) {
    if (entry.isDirectory) await readFolder(entry as FileSystemDirectoryEntry, '', 0, files, leftOut);
    else files.push({ file: await fileOf(entry as FileSystemFileEntry), name: entry.name });
  }
  return { kind: 'files', files, leftOut };
}

/** The files that were chosen in the browser's own window; those of a folder come with their paths in it. */
export function incomingOfChoice(chosen: FileList): Incoming {
  const files: GivenFile[] = [];
  const leftOut: string[] = [];
  for (const file of chosen) {
    const name = file.webkitRelativePath === '' ? file.name : file.webkitRelativePath;
    if (file.webkitRelativePath === '' || isTaken(name)) files.push({ file, name });
    else if (!isHidden(name)) leftOut.push(name);
  }
  return { kind: 'files', files, leftOut };
}

function isHidden(name: string): boolean {
  return name.split('/').some((part) => part.startsWith('.'));
}

/** Of a folder. A file that is given by itself is sent whatever its ending; the studio says what it is. */
function isTaken(name: string): boolean {
  return !isHidden(name) && readableEndings.some((ending) => name.toLowerCase().endsWith(ending));
}

async function readFolder(
  folder: FileSystemDirectoryEntry,
  path: string,
  depth: number,
  files: GivenFile[],
  leftOut: string[],
): Promise<void> {
  const here = `${path}${folder.name}/`;
  for (const entry of await entriesOf(folder)) {
    const name = `${here}${entry.name}`;
    if (entry.isDirectory) {
      if (depth < deepest && !entry.name.startsWith('.'))
        await readFolder(entry as FileSystemDirectoryEntry, here, depth + 1, files, leftOut);
    } else if (isTaken(name)) files.push({ file: await fileOf(entry as FileSystemFileEntry), name });
    else if (!isHidden(name)) leftOut.push(name);
  }
}

/** All entries of a folder: the browser gives a hundred at a time. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<readonly FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) return all.toSorted((a, b) => a.name.localeCompare(b.name));
    all.push(...some);
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    entry.file(resolve, reject);
  });
}
