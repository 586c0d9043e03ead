import { z } from 'zod';
import { artefactNameSchema, contentHashSchema } from '../../../shared/names.ts';
import type { OwnedRoot } from '../../llm/files/owned-files.ts';
import { isUnfinishedName } from '../../llm/files/unfinished-names.ts';

const isHash = (name: string): boolean => contentHashSchema.safeParse(name).success;
const isUuid = (name: string): boolean => z.uuid().safeParse(name).success;
const isArtefactName = (name: string): boolean => artefactNameSchema.safeParse(name).success;
const isCheckpointName = (name: string): boolean => /^step-\d{8,}$/.test(name);
const isLockFile = (name: string): boolean => /\.lock(\.holder\.json)?$/.test(name);

/**
 * The folders that a project keeps for itself, and the names that Loam gives to what it makes in each. Whatever else lies
 * there is the person's and is never removed. An export's folder must bear the export's mark besides (`export-place.ts`).
 */
const ownNames = {
  backups: (name) => /^loam-version-\d+-[\dTZ-]+\.sqlite$/.test(name),
  documents: (name) => isHash(name.replace(/\.sqlite(-wal|-shm|-journal)?$/, '')) && name.includes('.sqlite'),
  exports: (name) => !name.startsWith('.'),
  locks: (name) => isLockFile(name) || /^texts-\d+$/.test(name),
  logs: (name) => /^loam\.jsonl(\.\d+)?$/.test(name),
  models: isArtefactName,
  runs: isArtefactName,
  sources: isHash,
  staging: isUuid,
  tokenizers: isArtefactName,
  tokens: isHash,
  uploads: isUuid,
} as const satisfies Readonly<Record<string, (name: string) => boolean>>;

/** A folder that a project keeps for itself. */
export type ReservedFolder = keyof typeof ownNames;

export const reservedFolders = Object.keys(ownNames) as readonly ReservedFolder[];

export function isReservedFolder(name: string): name is ReservedFolder {
  return Object.hasOwn(ownNames, name);
}

/** The store's file and what SQLite and Loam keep beside it. */
export const storeFiles = [
  'loam.sqlite',
  'loam.sqlite-wal',
  'loam.sqlite-shm',
  'loam.sqlite-journal',
  'loam.sqlite-mark',
] as const;

/** Whether Loam gives such a name to what it makes in a reserved folder. */
export function isOwnName(folder: ReservedFolder, name: string): boolean {
  return ownNames[folder](name) || isUnfinishedName(name);
}

/** What of a project's folder is Loam's to remove and replace. */
export function ownFilesOf(folder: string): OwnedRoot {
  return {
    folder,
    owns: ([first = '', name, ...below]) => {
      if (name === undefined) return storeFiles.some((file) => file === first) || isUnfinishedName(first);
      if (!isReservedFolder(first)) return false;
      if (below.length === 0) return isOwnName(first, name);
      const [file = '', step = ''] = below;
      return (
        isUnfinishedName(name) ||
        (first === 'runs' &&
          isArtefactName(name) &&
          file === 'checkpoints' &&
          below.length === 2 &&
          isCheckpointName(step)) ||
        // A damaged store that a backup took the place of.
        (first === 'backups' &&
          /^replaced-[\dTZ-]+$/.test(name) &&
          below.length === 1 &&
          storeFiles.some((each) => each === file)) ||
        // What an import has under way.
        (first === 'staging' && isUuid(name)) ||
        (first === 'locks' && /^texts-\d+$/.test(name) && below.length === 1 && isLockFile(file))
      );
    },
  };
}

/** The own files of a project's subfolder, for a worker that knows no more than a file in it. */
export function ownFilesIn(reserved: ReservedFolder, folder: string): OwnedRoot {
  return { folder, owns: ([name = '', ...below]) => isOwnName(reserved, name) && below.length === 0 };
}
