import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { lstat, readdir, statfs } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { LoamError } from '../../../shared/errors.ts';
import type { Upload } from '../../../shared/uploads/upload.ts';
import { makeFolder } from '../../llm/files/make-folder.ts';
import { removeOwned } from '../../llm/files/owned-files.ts';
import { isOwnName } from '../projects/own-files.ts';
import type { Project } from '../projects/projects.ts';
import { explainSystemError } from '../system-errors.ts';
import { parseUploadName } from './upload-names.ts';

/** The largest file that is taken unless a host says otherwise, in bytes. */
export const largestUpload = 20 * 2 ** 30;
/** What an upload leaves free on the disk, in bytes: the store and a checkpoint must still fit. */
const spaceKept = 256 * 2 ** 20;
/** How much is taken before the free space is measured again, in bytes. */
const measuredEvery = 64 * 2 ** 20;
/** How long a file waits to be imported, in milliseconds. */
const longestWait = 24 * 60 * 60 * 1000;

export interface UploadRequest {
  /** As it was given: a file's name, with the folders that it was dropped with. */
  readonly name: string;
  /** What the sender says that it will send, in bytes; undefined when it does not say. */
  readonly size: number | undefined;
  readonly content: AsyncIterable<Uint8Array>;
  /** In bytes. */
  readonly limit?: number;
  /** Bytes that are free where a folder lies; the system's figure unless a test gives another. */
  readonly freeSpace?: (folder: string) => Promise<number>;
}

/**
 * Streams a file into the project, where it waits to be imported. What was written of one that does not arrive whole is
 * removed.
 * @throws LoamError for a name that cannot be, a file that is too large for the limit or the disk, one that broke off.
 */
export async function receiveUpload(project: Project, request: UploadRequest): Promise<Upload> {
  const { name, size, content, limit = largestUpload, freeSpace = freeBytes } = request;
  const parts = parseUploadName(name);
  const id = randomUUID();
  const folder = uploadFolder(project, id);
  const file = join(folder, ...parts);
  const expected: Expected = { id, bytes: size ?? 0 };
  const tooLarge = (): LoamError =>
    new LoamError({
      kind: 'input',
      where: name,
      what: `The file is larger than ${Math.floor(limit / 2 ** 20).toLocaleString('en')} MB, the most that is taken through a browser.`,
      remedy:
        'Cut it into parts, or import it by its path where Loam runs: in its desktop window, or at a terminal.',
    });
  if (size !== undefined && size > limit) throw tooLarge();
  // Several at once may not be promised the same bytes: each leaves room for what those before it have still to write.
  arriving.add(expected);
  try {
    await makeFolder(dirname(file));
    const measureRoom = async (): Promise<number> =>
      (await freeSpace(folder)) - spaceKept - bytesExpectedBefore(expected);
    const noRoom = (): LoamError =>
      new LoamError({
        kind: 'environment',
        where: name,
        what: `The disk of the project has no room for this file${size === undefined ? '' : ` of ${Math.ceil(size / 2 ** 20).toLocaleString('en')} MB`}.`,
        remedy:
          'Make room on it, or delete models or datasets that you no longer need, then add the file again.',
      });
    if ((size ?? 0) > (await measureRoom())) throw noRoom();
    let received = 0;
    let mayReceive = 0;
    const measure = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        received += chunk.byteLength;
        expected.bytes = Math.max(0, expected.bytes - chunk.byteLength);
        if (received > limit) throw tooLarge();
        // The disk is not this upload's alone: it is looked at again and again.
        if (received > mayReceive) {
          const room = await measureRoom();
          if (chunk.byteLength > room) throw noRoom();
          mayReceive = received - chunk.byteLength + Math.min(room, measuredEvery);
        }
        yield chunk;
      }
    };
    await pipeline(content, measure, createWriteStream(file, { flags: 'wx' }));
    if (size !== undefined && received !== size) throw brokeOff(name);
    return { id };
  } catch (error) {
    await removeOwned(project.ownFiles, folder).catch(() => undefined);
    if (isBrokenConnection(error)) throw brokeOff(name, error);
    throw explainSystemError(error, name) ?? error;
  } finally {
    arriving.delete(expected);
  }
}

/** A file under way, and what is still to come of it. */
interface Expected {
  readonly id: string;
  bytes: number;
}

/** The files under way, in the order in which they began. They may go to different disks, which only keeps more room. */
const arriving = new Set<Expected>();

function bytesExpectedBefore(one: Expected): number {
  let bytes = 0;
  for (const other of arriving) {
    if (other === one) break;
    bytes += other.bytes;
  }
  return bytes;
}

/** An uploaded file as the import finds it. */
export interface UploadedFile {
  readonly path: string;
  /** The name that it was given, with forward slashes. */
  readonly name: string;
}

/** @throws LoamError when it is not there: it was imported already, or waited too long. */
export async function findUpload(project: Project, id: string): Promise<UploadedFile> {
  const entries = z.uuid().safeParse(id).success
    ? await readdir(uploadFolder(project, id), { recursive: true, withFileTypes: true }).catch(() => [])
    : [];
  const file = entries.find((entry) => entry.isFile());
  if (file === undefined)
    throw new LoamError({
      kind: 'input',
      where: `upload ${id.slice(0, 40)}`,
      what: 'The file that was added is no longer there.',
      remedy: 'Add it again; a file that was not imported within a day is removed.',
    });
  const path = join(file.parentPath, file.name);
  return { path, name: relative(uploadFolder(project, id), path).split(sep).join('/') };
}

/** Removes what was uploaded, after its import or when it is no longer wanted. */
export async function removeUpload(project: Project, id: string): Promise<void> {
  if (z.uuid().safeParse(id).success) await removeOwned(project.ownFiles, uploadFolder(project, id));
}

/** How often forgotten uploads are looked for, in milliseconds. */
const lookedEvery = 60 * 60 * 1000;

/** Removes forgotten uploads now and every hour. @returns what ends that. */
export function keepRemovingForgottenUploads(project: Project): () => void {
  const remove = (): void =>
    void removeForgottenUploads(project).catch((error: unknown) => project.log.error(error));
  remove();
  const timer = setInterval(remove, lookedEvery).unref();
  return () => clearInterval(timer);
}

/** Removes files that were uploaded and not imported within a day. */
export async function removeForgottenUploads(project: Project): Promise<void> {
  const oldest = project.clock().getTime() - longestWait;
  const underWay = new Set([...arriving].map(({ id }) => id));
  for (const id of await readdir(project.paths.uploads).catch(() => [])) {
    if (underWay.has(id) || !isOwnName('uploads', id)) continue;
    const entry = await lstat(uploadFolder(project, id)).catch(() => undefined);
    if (entry?.isDirectory() === true && entry.mtimeMs < oldest)
      await removeOwned(project.ownFiles, uploadFolder(project, id)).catch((error: unknown) =>
        project.log.error(error),
      );
  }
}

function uploadFolder(project: Project, id: string): string {
  return join(project.paths.uploads, id);
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

function brokeOff(name: string, cause?: unknown): LoamError {
  return new LoamError(
    { kind: 'interrupted', where: name, what: 'The file did not arrive whole.', remedy: 'Add it again.' },
    { cause },
  );
}

function isBrokenConnection(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ERR_STREAM_PREMATURE_CLOSE' || error.code === 'ECONNRESET')
  );
}
