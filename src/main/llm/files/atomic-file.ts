import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FileDigest } from './file-digest.ts';
import { fileError } from './file-errors.ts';
import { unfinishedIn } from './leftovers.ts';
import { removeOwned, removeOwnedSync, replaceFile } from './owned-files.ts';
import { finished, partialPath } from './unfinished-names.ts';

/** Bytes handed to the operating system at once; Node refuses single writes and reads of 2 GiB and more. */
const PIECE = 64 * 2 ** 20;

/** Writes all bytes at the file's end. A single `write` may stop short when the disk is slow or full. */
export async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let offset = 0; offset < bytes.byteLength;) {
    const { bytesWritten } = await file.write(bytes, offset, Math.min(PIECE, bytes.byteLength - offset));
    offset += bytesWritten;
  }
}

/** Reads exactly `target.byteLength` bytes from `position`, or returns how many there were. */
export async function readAll(file: FileHandle, target: Uint8Array, position: number): Promise<number> {
  let offset = 0;
  while (offset < target.byteLength) {
    const length = Math.min(PIECE, target.byteLength - offset);
    const { bytesRead } = await file.read(target, offset, length, position + offset);
    if (bytesRead === 0) break;
    offset += bytesRead;
  }
  return offset;
}

/** Makes the names in a folder durable. Windows keeps them so by itself and cannot open a folder as a file. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A file while it is written, from its beginning to its end. */
export interface FileInProgress {
  /** Adds bytes at the end; they may be changed again once the promise is fulfilled. */
  write(bytes: Uint8Array): Promise<void>;
}

/** Bytes that are written and hashed at once. */
const HASHED_PIECE = 4 * 2 ** 20;

/** Writes and hashes: the disk takes one piece while the processor hashes it, so that hashing costs little time. */
function createFileInProgress(file: FileHandle): FileInProgress & { digest(): FileDigest } {
  const hash = createHash('sha256');
  let written = 0;
  return {
    write: async (bytes) => {
      for (let offset = 0; offset < bytes.byteLength; offset += HASHED_PIECE) {
        const piece = bytes.subarray(offset, offset + HASHED_PIECE);
        const writing = writeAll(file, piece);
        hash.update(piece);
        await writing;
        written += piece.byteLength;
      }
    },
    digest: () => ({ bytes: written, sha256: hash.digest('hex') }),
  };
}

/**
 * Writes a file that appears whole or not at all: into a temporary file beside it, flushed to the disk, then renamed
 * over the name, and the folder flushed. Whatever goes wrong, an older file of that name stays as it was.
 * @returns size and hash of what was given to be written, which tell later whether the file still holds it.
 * @throws LoamError when the disk is full, the folder cannot be written, something else than a file is there and the like.
 */
export async function writeFileAtomically(
  path: string,
  write: (file: FileInProgress) => Promise<void>,
): Promise<FileDigest> {
  const temporary = partialPath(path);
  const own = unfinishedIn(dirname(path));
  try {
    const file = await open(temporary, 'wx');
    let digest: FileDigest;
    try {
      const inProgress = createFileInProgress(file);
      await write(inProgress);
      await file.sync();
      digest = inProgress.digest();
    } finally {
      await file.close();
    }
    replaceFile(own, temporary, path);
    await syncFolder(dirname(path));
    return digest;
  } catch (error) {
    await removeOwned(own, temporary).catch(() => undefined);
    throw fileError(error, path);
  } finally {
    finished(temporary);
  }
}

/** Writes a value as indented JSON, atomically. */
export function writeJsonAtomically(path: string, value: unknown): Promise<FileDigest> {
  const bytes = new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
  return writeFileAtomically(path, (file) => file.write(bytes));
}

/** Writes a small text whole or not at all, for where nothing can be awaited. @throws the system's error, or LoamError */
export function writeFileAtomicallySync(path: string, text: string): void {
  const temporary = partialPath(path);
  const own = unfinishedIn(dirname(path));
  try {
    writeFileSync(temporary, text, { flag: 'wx', flush: true });
    replaceFile(own, temporary, path);
    syncFolderNow(dirname(path));
  } finally {
    removeOwnedSync(own, temporary);
    finished(temporary);
  }
}

/** The same as `syncFolder`, for where nothing can be awaited. */
function syncFolderNow(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
