import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import type { Launcher } from '../processes/launcher.ts';
import { openTextGenerator, type TextGenerator } from './text-generator.ts';

/** Models that stay loaded between two texts, so that the second begins at once. */
export interface ModelCache {
  /**
   * Does something with a model folder's generator, which is loaded unless it is already.
   * @throws LoamError when it cannot be loaded, or what `work` throws
   */
  use<Result>(
    folder: string,
    work: (generator: TextGenerator) => Promise<Result>,
    options?: { readonly signal?: AbortSignal; readonly threads?: number },
  ): Promise<Result>;
  /** Whether somebody is using a folder's generator now. */
  busy(folder: string): boolean;
  /** Lets go of a folder's model at once. */
  unload(folder: string): Promise<void>;
  close(): Promise<void>;
}

export interface ModelCacheOptions {
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

interface CachedModel {
  readonly folder: string;
  readonly version: string;
  readonly generator: Promise<TextGenerator>;
  users: number;
  usedAt: number;
}

/** Two: side by side. */
const usualMost = 2;
const usualIdle = 5 * 60_000;
const usualInterval = 2000;

export function createModelCache(options: ModelCacheOptions): ModelCache {
  const { launcher, trains, idle = usualIdle, most = usualMost, clock = () => performance.now() } = options;
  const models = new Set<CachedModel>();
  let timer: NodeJS.Timeout | undefined;

  const release = async (cached: CachedModel): Promise<void> => {
    models.delete(cached);
    if (models.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
    await cached.generator.then(
      (generator) => generator.close(),
      () => undefined,
    );
  };

  const tidy = (): void => {
    const waiting = [...models].filter(({ users }) => users === 0).toSorted((a, b) => a.usedAt - b.usedAt);
    const surplus = new Set(waiting.slice(0, Math.max(0, models.size - most)));
    const training = waiting.length > 0 && trains();
    for (const cached of waiting)
      if (surplus.has(cached) || training || clock() - cached.usedAt > idle) void release(cached);
  };

  const obtain = (folder: string, version: string, threads: number | undefined): CachedModel => {
    for (const cached of models) {
      if (cached.folder !== folder) continue;
      if (cached.version === version) return cached;
      // The folder holds another model now.
      if (cached.users === 0) void release(cached);
    }
    const cached: CachedModel = {
      folder,
      version,
      generator: openTextGenerator({ folder }, { launcher, ...(threads === undefined ? {} : { threads }) }),
      users: 0,
      usedAt: clock(),
    };
    models.add(cached);
    timer ??= setInterval(tidy, options.interval ?? usualInterval).unref();
    return cached;
  };

  return {
    use: async (folder, work, { signal, threads } = {}) => {
      const cached = obtain(folder, await versionOf(folder), threads);
      cached.users += 1;
      // A model that did not load is of no use to the next text.
      cached.generator.catch(() => void release(cached));
      try {
        const generator = await untilAborted(cached.generator, signal);
        return await work(generator);
      } catch (error) {
        // Nor is a process that ended.
        if (!(error instanceof LoamError) || error.kind === 'environment') void release(cached);
        throw error;
      } finally {
        cached.users -= 1;
        cached.usedAt = clock();
        tidy();
      }
    },
    busy: (folder) => [...models].some((cached) => cached.folder === folder && cached.users > 0),
    unload: async (folder) => {
      await Promise.all([...models].filter((cached) => cached.folder === folder).map(release));
    },
    close: async () => {
      await Promise.all([...models].map(release));
    },
  };
}

/** Differs when a folder's weights were written anew. */
async function versionOf(folder: string): Promise<string> {
  const files = await Promise.all(
    ['config.json', 'model.safetensors', 'model.gguf', 'tokenizer.json'].map((name) =>
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
