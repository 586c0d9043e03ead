import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { acquireLock } from '../src/main/studio/processes/process-lock.ts';

const root = resolve(import.meta.dirname, '..');
/** Builds of earlier sources are kept here until the packages are installed anew; each is some megabytes. */
const cache = join(root, 'node_modules', '.cache', 'loam-builds');
const builder = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
/** How long a build is kept after it was last asked for. */
const keptMilliseconds = 2 * 3_600_000;

/** Something that tests have built from the sources. */
export interface Build {
  readonly name: string;
  /** What it depends on: files and folders, from the project's root. */
  readonly sources: readonly string[];
  /** The configuration of electron-vite that builds it. */
  readonly configuration: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** Puts what else belongs to it into the folder, once it is built. */
  readonly complete?: (folder: string) => Promise<void>;
}

/** Names the state of the sources. */
async function hashSources({ name, sources }: Build): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources) {
    const path = join(root, source);
    const files = (await stat(path)).isFile()
      ? [path]
      : (await readdir(path, { recursive: true, withFileTypes: true }))
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
          .sort();
    for (const file of files)
      hash
        .update(file.slice(root.length))
        .update('\0')
        .update(await readFile(file));
  }
  return `${name}-${hash.digest('hex').slice(0, 16)}`;
}

async function build({ name, configuration, environment, complete }: Build, folder: string): Promise<void> {
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await new Promise<void>((resolved, rejected) => {
    execFile(
      process.execPath,
      [builder, 'build', '--config', configuration, '--outDir', unfinished, '--logLevel', 'warn'],
      { cwd: root, env: { ...process.env, ...environment } },
      (failure, stdout, stderr) =>
        failure === null
          ? resolved()
          : rejected(new Error(`'${name}' could not be built:\n${stdout}\n${stderr}`, { cause: failure })),
    );
  });
  await complete?.(unfinished);
  await rename(unfinished, folder);
}

/** Removes builds that nobody has asked for lately; one that is being served must stay. */
async function forgetOldBuilds(): Promise<void> {
  for (const entry of await readdir(cache, { withFileTypes: true })) {
    const old = join(cache, entry.name);
    if (entry.isDirectory() && Date.now() - (await stat(old)).mtimeMs > keptMilliseconds)
      await rm(old, { recursive: true, force: true });
  }
}

/**
 * The folder of a build of the sources as they are now; several processes that ask at once build once. It lies inside the
 * project, so that bundles find the packages that they leave outside, and is for reading only.
 */
export async function cachedBuild(wanted: Build): Promise<string> {
  const folder = join(cache, await hashSources(wanted));
  if (existsSync(folder)) {
    const now = new Date();
    await utimes(folder, now, now);
    return folder;
  }
  await mkdir(cache, { recursive: true });
  for (;;) {
    const lock = acquireLock(join(cache, `${wanted.name}.lock`), `building '${wanted.name}'`);
    if (lock === undefined) {
      await wait(100);
      continue;
    }
    try {
      if (!existsSync(folder)) {
        await forgetOldBuilds();
        await build(wanted, folder);
      }
      return folder;
    } finally {
      lock.release();
    }
  }
}
