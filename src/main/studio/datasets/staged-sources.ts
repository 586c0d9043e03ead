import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, open, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ColumnMapping } from '../../../shared/datasets/columns.ts';
import { LoamError } from '../../../shared/errors.ts';
import { inspectTextFile, requireTextBeginning } from '../../llm/data/file-inspection.ts';
import { digestFile } from '../../llm/files/file-digest.ts';
import { fileError } from '../../llm/files/file-errors.ts';
import { moveOwned } from '../../llm/files/owned-files.ts';
import { mapConcurrently } from '../durable-files.ts';
import { copyPrivately } from '../file-permissions.ts';
import type { Project } from '../projects/projects.ts';
import type { DatasetSourceRow } from '../store/datasets.ts';
import { explainSystemError } from '../system-errors.ts';
import type { ReadingChoices } from './file-reading.ts';
import { settleReading, type SettledReading } from './settle-reading.ts';
import type { SourceFile } from './source-files.ts';

/** Many small files spend their time waiting for the disk; several at once wait together. */
const filesAtOnce = 8;
/** Larger files are copied in pieces, so that one can see how far it is and stop it. */
const copiedWhole = 8 * 2 ** 20;

export interface ImportProgress {
  readonly stage: 'copying' | 'reading' | 'indexing';
  /** The file that was finished last. */
  readonly file: string;
  /** Files. */
  readonly done: number;
  readonly total: number;
  readonly bytes: number;
  readonly totalBytes: number;
}

/** How files are looked at and taken in. */
export interface StageOptions {
  /** Leaves the files where they are. */
  readonly keepInPlace?: boolean;
  /** Roles of columns, kept as the first step of the recipe, at which undo stops. */
  readonly columns?: ColumnMapping;
  readonly leaveOutBadRecords?: boolean;
  /** What is said of how files are read. Default: as each looks. */
  readonly choices?: ReadingChoices;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Told of each file of a folder that is left out because it holds no text; a file that was named is refused instead. */
  readonly onLeftOut?: (file: { readonly name: string; readonly reason: string }) => void;
  readonly signal?: AbortSignal;
}

/** A file that was looked at and lies where it can be taken from. */
export interface StagedSource {
  readonly row: DatasetSourceRow;
  /** Where it lies now; absent when it is kept where it is. */
  readonly staged: string | undefined;
  readonly settled: SettledReading;
}

/** Looks at files one by one and copies them beside the project's sources, unless they are to be kept where they are. */
export async function stageFiles(
  files: readonly SourceFile[],
  folder: string,
  {
    onProgress,
    onLeftOut,
    signal,
    keepInPlace = false,
    leaveOutBadRecords = false,
    columns,
    choices,
  }: StageOptions,
): Promise<readonly StagedSource[]> {
  // What vanishes or cannot be read is told of when its turn comes.
  const sizes = await mapConcurrently(files, filesAtOnce, ({ path }) =>
    stat(path).then(
      (entry) => entry.size,
      () => 0,
    ),
  );
  const size = sizes.reduce((sum, each) => sum + each, 0);
  if (!keepInPlace) await requireRoom(folder, size);
  // Each byte is copied once, looked at once for its encoding, and read once as what it is.
  const passes = keepInPlace ? 2 : 3;
  const totalBytes = passes * size;
  let bytes = 0;
  let done = 0;
  let last = '';
  const tell = (): void =>
    onProgress?.({
      stage: 'copying',
      file: last,
      done,
      total: files.length,
      bytes: Math.min(bytes, totalBytes),
      totalBytes,
    });
  const reading = {
    ...(signal === undefined ? {} : { signal }),
    onBytes: (read: number): void => {
      bytes += read;
      tell();
    },
  };

  const stage = async (file: SourceFile, number: number): Promise<StagedSource> => {
    signal?.throwIfAborted();
    await requireTextBeginning(file.path, file.name, choices?.encoding);
    const copy = join(folder, String(number));
    if (!keepInPlace)
      await copyInto(file.path, copy, reading).catch((error: unknown) => {
        // The system names the file that is copied; it is the project's disk that is full.
        throw isNoSpace(error) ? (explainSystemError(error, folder) ?? error) : error;
      });
    const place = keepInPlace ? file.path : copy;
    const {
      encoding,
      bytes: length,
      sha256,
    } = await inspectTextFile(place, file.name, {
      ...reading,
      encoding: choices?.encoding,
    });
    const settled = await settleReading(
      { path: place, name: file.name, encoding },
      {
        ...reading,
        leaveOutBadRecords,
        ...(columns === undefined ? {} : { columns }),
        ...(choices === undefined ? {} : { choices }),
      },
    );
    done += 1;
    last = file.name;
    tell();
    return {
      row: {
        name: file.name,
        hash: sha256,
        bytes: length,
        encoding,
        reading: settled.reading,
        ...(keepInPlace ? { keptAt: file.path } : {}),
      },
      staged: keepInPlace ? undefined : copy,
      settled,
    };
  };

  const staged = await mapConcurrently(
    [...files.entries()],
    filesAtOnce,
    async ([number, file]): Promise<StagedSource | LoamError> => {
      try {
        return await stage(file, number);
      } catch (error) {
        // Nobody should have to clear a folder of everything that is no text. A record that is broken is told all the same.
        const refusal = file.inFolder ? refusalOf(error, file) : undefined;
        if (refusal !== undefined) return refusal;
        throw error;
      }
    },
  );
  const kept = staged.filter((each): each is StagedSource => !(each instanceof LoamError));
  const [firstRefusal] = staged.filter((each) => each instanceof LoamError);
  if (kept.length === 0 && firstRefusal !== undefined) throw firstRefusal;
  for (const [number, each] of staged.entries())
    if (each instanceof LoamError) onLeftOut?.({ name: files[number]?.name ?? '', reason: each.what });
  return kept;
}

/** Why a file as a whole cannot be taken; undefined where it is not the file that is to blame, or a record in it. */
function refusalOf(error: unknown, { name, path }: SourceFile): LoamError | undefined {
  if (error instanceof LoamError && (error.where === name || error.where === path)) {
    if (error.kind === 'input') return error;
    return isRefusedRead(error.cause) ? error : undefined;
  }
  return isRefusedRead(error) && 'path' in error && error.path === path ? fileError(error, name) : undefined;
}

/** What the system says of a file that may not or cannot be read, or has vanished. */
const refusedReads = ['EACCES', 'EPERM', 'ENOENT', 'ELOOP', 'EIO', 'ESTALE'];

function isRefusedRead(error: unknown): error is Error {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    refusedReads.includes(error.code)
  );
}

/** @throws LoamError when the files cannot fit onto the project's disk, before the first is copied. */
async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (bytes <= free) return;
  const inMegabytes = (count: number): string => `${Math.ceil(count / 1e6).toLocaleString('en')} MB`;
  throw new LoamError({
    kind: 'environment',
    where: folder,
    what: `The files take ${inMegabytes(bytes)}, but the project's disk has ${inMegabytes(free)} of space left.`,
    remedy: 'Make room on it, or keep the files where they are instead of copying them into the project.',
  });
}

function isNoSpace(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

/** Copies a file, telling how far it is. */
async function copyInto(
  source: string,
  target: string,
  { onBytes, signal }: { readonly onBytes: (bytes: number) => void; readonly signal?: AbortSignal },
): Promise<void> {
  const { size } = await stat(source);
  if (size <= copiedWhole) {
    await copyPrivately(source, target);
    onBytes(size);
    return;
  }
  const measure = new Transform({
    transform(chunk: Uint8Array, _encoding, pass) {
      onBytes(chunk.byteLength);
      pass(null, chunk);
    },
  });
  await pipeline(
    createReadStream(source, { highWaterMark: 2 ** 20 }),
    measure,
    createWriteStream(target, { highWaterMark: 2 ** 20 }),
    signal === undefined ? {} : { signal },
  ).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw error;
  });
}

/** Returns when the bytes of staged files are on the disk. */
export async function flushSources(staged: readonly StagedSource[]): Promise<void> {
  await mapConcurrently(staged, filesAtOnce, flush);
}

async function flush({ staged }: StagedSource): Promise<void> {
  if (staged === undefined) return;
  const handle = await open(staged, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Gives a staged file its place by content, unless that content is there already; a damaged copy is replaced. */
export async function moveToPlace(
  project: Project,
  { row, staged }: StagedSource,
  moved: string[],
): Promise<void> {
  if (staged === undefined) return;
  const target = project.paths.source(row.hash);
  if (existsSync(target) && (await digestFile(target)).sha256 === row.hash) return;
  await mkdir(dirname(target), { recursive: true });
  moved.push(row.hash);
  moveOwned(project.ownFiles, staged, target);
}
