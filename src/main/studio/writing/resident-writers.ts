import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import type { Launcher } from '../processes/launcher.ts';
import { openWriter, type Writer } from './writer.ts';

/** Models that stay loaded between two texts, so that the second begins at once. */
export interface ResidentWriters {
  /**
   * Does something with a model folder's writer, which is loaded unless it is already.
   * @throws LoamError when it cannot be loaded, or what `work` throws
   */
  use<Result>(
    folder: string,
    work: (writer: Writer) => Promise<Result>,
    options?: { readonly signal?: AbortSignal; readonly threads?: number },
  ): Promise<Result>;
  /** Whether somebody is using a folder's writer now. */
  busy(folder: string): boolean;
  /** Lets go of a folder's model at once. */
  unload(folder: string): Promise<void>;
  close(): Promise<void>;
}

export interface ResidentWritersOptions {
  readonly launcher: Launcher;
  /** Whether a run trains, which needs memory and cores more than a model that waits. */
  readonly trains: () => boolean;
  /** How long an idle model stays loaded, in milliseconds. */
  readonly idle?: number;
  /** How often that is looked at, in milliseconds. */
  readonly interval?: number;
  /** Models loaded at once; more only while more are in use. */
  readonly most?: number;
  /** Milliseconds, monotonic. */
  readonly clock?: () => number;
}

interface Resident {
  readonly folder: string;
  readonly version: string;
  readonly writer: Promise<Writer>;
  users: number;
  usedAt: number;
}

/** Two: side by side. */
const usualMost = 2;
const usualIdle = 5 * 60_000;
const usualInterval = 2000;

export function createResidentWriters(options: ResidentWritersOptions): ResidentWriters {
  const { launcher, trains, idle = usualIdle, most = usualMost, clock = () => performance.now() } = options;
  const residents = new Set<Resident>();
  let timer: NodeJS.Timeout | undefined;

  const release = async (resident: Resident): Promise<void> => {
    residents.delete(resident);
    if (residents.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
    await resident.writer.then(
      (writer) => writer.close(),
      () => undefined,
    );
  };

  const tidy = (): void => {
    const waiting = [...residents].filter(({ users }) => users === 0).toSorted((a, b) => a.usedAt - b.usedAt);
    const surplus = new Set(waiting.slice(0, Math.max(0, residents.size - most)));
    const training = waiting.length > 0 && trains();
    for (const resident of waiting)
      if (surplus.has(resident) || training || clock() - resident.usedAt > idle) void release(resident);
  };

  const obtain = (folder: string, version: string, threads: number | undefined): Resident => {
    for (const resident of residents) {
      if (resident.folder !== folder) continue;
      if (resident.version === version) return resident;
      // The folder holds another model now.
      if (resident.users === 0) void release(resident);
    }
    const resident: Resident = {
      folder,
      version,
      writer: openWriter({ folder }, { launcher, ...(threads === undefined ? {} : { threads }) }),
      users: 0,
      usedAt: clock(),
    };
    residents.add(resident);
    timer ??= setInterval(tidy, options.interval ?? usualInterval).unref();
    return resident;
  };

  return {
    use: async (folder, work, { signal, threads } = {}) => {
      const resident = obtain(folder, await versionOf(folder), threads);
      resident.users += 1;
      // A model that did not load is of no use to the next text.
      resident.writer.catch(() => void release(resident));
      try {
        const writer = await untilAborted(resident.writer, signal);
        return await work(writer);
      } catch (error) {
        // Nor is a process that ended.
        if (!(error instanceof LoamError) || error.kind === 'environment') void release(resident);
        throw error;
      } finally {
        resident.users -= 1;
        resident.usedAt = clock();
        tidy();
      }
    },
    busy: (folder) => [...residents].some((resident) => resident.folder === folder && resident.users > 0),
    unload: async (folder) => {
      await Promise.all([...residents].filter((resident) => resident.folder === folder).map(release));
    },
    close: async () => {
      await Promise.all([...residents].map(release));
    },
  };
}

/** Differs when a folder's weights were written anew. */
async function versionOf(folder: string): Promise<string> {
  const files = await Promise.all(
    ['config.json', 'model.safetensors', 'tokenizer.json'].map((name) =>
      stat(join(folder, name)).then(
        ({ mtimeMs, size }) => `${mtimeMs}:${size}`,
        () => '-',
      ),
    ),
  );
  return files.join(' ');
}

function untilAborted<Result>(promise: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void =>
      reject(
        new LoamError({ kind: 'interrupted', what: 'The writing was stopped.', remedy: 'Start it again.' }),
      );
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
