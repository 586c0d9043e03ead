import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** A change of a file or folder, as recorded-writes.c writes it down. Paths are relative to the folder that is watched. */
export type Change =
  | { readonly kind: 'opened'; readonly opening: number; readonly path: string; readonly existed: boolean }
  | { readonly kind: 'written'; readonly opening: number; readonly place: number; readonly data: Uint8Array }
  | { readonly kind: 'truncated'; readonly opening: number; readonly length: number }
  | { readonly kind: 'flushed'; readonly opening: number }
  | { readonly kind: 'renamed'; readonly from: string; readonly to: string }
  | { readonly kind: 'removed'; readonly path: string }
  | { readonly kind: 'madeFolder'; readonly path: string }
  | { readonly kind: 'linked'; readonly from: string; readonly to: string };

/**
 * What a disk has kept of what was not flushed: `nothing` (a name only with its folder's flush, or a folder's own with the
 * first flush in it); `earlier names` (a journal: names in their order up to the last flush of anything); `names` (all of
 * them, before the contents). Contents that were not flushed are gone in each.
 */
export type PowerCut = 'nothing' | 'earlier names' | 'names';

const headBytes = 25;

export function readChanges(log: Buffer, root: string): readonly Change[] {
  const changes: Change[] = [];
  for (let at = 0; at < log.length;) {
    const kind = log.readUInt8(at);
    const opening = log.readUInt32LE(at + 1);
    const place = Number(log.readBigInt64LE(at + 5));
    const [one, other, length] = [
      log.readUInt32LE(at + 13),
      log.readUInt32LE(at + 17),
      log.readUInt32LE(at + 21),
    ];
    at += headBytes;
    const path = relative(root, log.toString('utf8', at, at + one));
    const second = relative(root, log.toString('utf8', at + one, at + one + other));
    const data = log.subarray(at + one + other, at + one + other + length);
    at += one + other + length;
    switch (kind) {
      case 1:
        changes.push({ kind: 'opened', opening, path, existed: place === 1 });
        break;
      case 2:
        changes.push({ kind: 'written', opening, place, data });
        break;
      case 3:
        changes.push({ kind: 'truncated', opening, length: place });
        break;
      case 4:
        changes.push({ kind: 'flushed', opening });
        break;
      case 5:
        changes.push({ kind: 'renamed', from: path, to: second });
        break;
      case 6:
        changes.push({ kind: 'removed', path });
        break;
      case 7:
        changes.push({ kind: 'madeFolder', path });
        break;
      case 8:
        changes.push({ kind: 'linked', from: path, to: second });
        break;
      default:
        throw new Error(`The recording has a change of kind ${kind}.`);
    }
  }
  return changes;
}

/** A file: as programs see it, and as it is on the disk. */
class File {
  content: Uint8Array = new Uint8Array();
  kept: Uint8Array = new Uint8Array();

  write(place: number, data: Uint8Array): void {
    if (place + data.length > this.content.length) this.resize(place + data.length);
    this.content.set(data, place);
  }

  resize(length: number): void {
    const resized = new Uint8Array(length);
    resized.set(this.content.subarray(0, length));
    this.content = resized;
  }

  flush(): void {
    this.kept = this.content.slice();
  }
}

class Folder {
  readonly names = new Map<string, File | Folder>();
  kept = new Map<string, File | Folder>();

  flush(): void {
    this.kept = new Map(this.names);
  }
}

/**
 * Writes what a power cut after some changes leaves into a folder.
 * @returns the marks that were set before it: names in the folder `marks`, which is not a part of the state.
 */
export function stateAfterPowerCut(
  changes: readonly Change[],
  cut: PowerCut,
  target: string,
): readonly string[] {
  const root = new Folder();
  const openings = new Map<number, File | Folder>();
  const marks: string[] = [];

  const folderAt = (path: string): Folder => {
    let folder = root;
    for (const name of path.split('/').filter((part) => part !== '' && part !== '.')) {
      const next = folder.names.get(name);
      if (!(next instanceof Folder))
        throw new Error(`The recording changes ${path}, where there is no folder.`);
      folder = next;
    }
    return folder;
  };
  const parentOf = (path: string): readonly [Folder, string] => [
    folderAt(dirname(path)),
    path.slice(path.lastIndexOf('/') + 1),
  ];
  const entryAt = (path: string): File | Folder | undefined => {
    if (path === '') return root;
    const [folder, name] = parentOf(path);
    return folder.names.get(name);
  };
  /** A flush in a folder keeps that folder's own name, and those above it. */
  const reach = (path: string): void => {
    for (let at = entryAt(path) instanceof Folder ? path : dirname(path); at !== '.'; at = dirname(at)) {
      const entry = entryAt(at);
      const [folder, name] = parentOf(at);
      if (entry instanceof Folder) folder.kept.set(name, entry);
    }
  };
  const keepNames = (folder: Folder): void => {
    folder.kept = new Map(folder.names);
    for (const entry of folder.names.values()) if (entry instanceof Folder) keepNames(entry);
  };
  const paths = new Map<number, string>();

  for (const change of changes) {
    switch (change.kind) {
      case 'opened': {
        const { path, opening } = change;
        if (path.startsWith('marks/')) {
          marks.push(path.slice('marks/'.length));
          break;
        }
        let entry = entryAt(path);
        if (entry === undefined) {
          entry = new File();
          const [folder, name] = parentOf(path);
          folder.names.set(name, entry);
        }
        openings.set(opening, entry);
        paths.set(opening, path);
        break;
      }
      case 'written': {
        const file = openings.get(change.opening);
        if (file instanceof File) file.write(change.place, change.data);
        break;
      }
      case 'truncated': {
        const file = openings.get(change.opening);
        if (file instanceof File) file.resize(change.length);
        break;
      }
      case 'flushed': {
        openings.get(change.opening)?.flush();
        reach(paths.get(change.opening) ?? '.');
        if (cut === 'earlier names') keepNames(root);
        break;
      }
      case 'renamed': {
        const entry = entryAt(change.from);
        if (entry === undefined) break;
        const [from, name] = parentOf(change.from);
        const [to, newName] = parentOf(change.to);
        from.names.delete(name);
        to.names.set(newName, entry);
        break;
      }
      case 'linked': {
        const entry = entryAt(change.from);
        const [to, name] = parentOf(change.to);
        if (entry !== undefined) to.names.set(name, entry);
        break;
      }
      case 'removed': {
        const [folder, name] = parentOf(change.path);
        folder.names.delete(name);
        break;
      }
      case 'madeFolder': {
        const [folder, name] = parentOf(change.path);
        folder.names.set(name, new Folder());
        break;
      }
      default:
        change satisfies never;
    }
  }

  const lay = (folder: Folder, place: string): void => {
    mkdirSync(place, { recursive: true });
    for (const [name, entry] of cut === 'names' ? folder.names : folder.kept)
      if (entry instanceof Folder) lay(entry, join(place, name));
      else writeFileSync(join(place, name), entry.kept);
  };
  lay(root, target);
  return marks;
}
