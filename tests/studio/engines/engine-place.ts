import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LoamError } from '../../../src/shared/errors.ts';

/** A temporary folder for a test of the engine pack. */
export interface EnginePlace {
  readonly folder: string;
  /** @returns a path in the folder. */
  readonly path: (...names: string[]) => string;
  /** Writes a file, and the folders that it needs. @returns its path. */
  readonly write: (name: string, content: string | Uint8Array) => Promise<string>;
  /** Writes a shell script that can be run. @returns its path. */
  readonly script: (name: string, ...lines: string[]) => Promise<string>;
  readonly remove: () => Promise<void>;
}

export async function makeEnginePlace(): Promise<EnginePlace> {
  const folder = await mkdtemp(join(tmpdir(), 'loam-engine-'));
  const path = (...names: string[]): string => join(folder, ...names);
  const write = async (name: string, content: string | Uint8Array): Promise<string> => {
    await mkdir(dirname(path(name)), { recursive: true });
    await writeFile(path(name), content);
    return path(name);
  };
  return {
    folder,
    path,
    write,
    script: async (name, ...lines) => {
      const file = await write(name, ['#!/bin/sh', ...lines, ''].join('\n'));
      await chmod(file, 0o755);
      return file;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The error for a person that something fails with; fails itself where that is none, or a whole sentence is missing. */
export async function accountOf(work: Promise<unknown>): Promise<LoamError> {
  const error = await work.then(
    () => new Error('It did not fail.'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof LoamError)) throw error;
  if (!/[.?)]$/.test(error.what) || error.what.endsWith('..') || error.where === '')
    throw new Error(`This is no clear paragraph: ${error.message}`, { cause: error });
  return error;
}

/** Waits until something holds. */
export async function until(holds: () => boolean | Promise<boolean>, seconds = 10): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('It did not come to hold.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
