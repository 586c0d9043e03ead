import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { acquireLock } from '../../../src/main/studio/processes/process-lock.ts';

const root = resolve(import.meta.dirname, '../../..');
/** Builds of earlier sources are kept here until the packages are installed anew; each is some megabytes. */
const cache = join(root, 'node_modules', '.cache', 'loam-pages');
const builder = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
/** How long a build is kept after it was last asked for. */
const keptMilliseconds = 2 * 3_600_000;

/** What the built pages depend on. */
const sources = ['src/renderer', 'src/shared', 'electron.vite.config.ts', 'package-lock.json'];

/** `studio`: the application's pages; `kit`: a page of its components alone. */
export type Pages = 'studio' | 'kit';

/** Names the state of the sources. */
async function hashSources(pages: Pages): Promise<string> {
  const hash = createHash('sha256');
  for (const source of pages === 'kit' ? [...sources, 'tests/browser/kit'] : sources) {
    const path = join(root, source);
    const files = source.includes('.')
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
  return `${pages}-${hash.digest('hex').slice(0, 16)}`;
}

async function build(pages: Pages, folder: string): Promise<void> {
  const configuration = join(import.meta.dirname, `${pages}.vite.config.ts`);
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await new Promise<void>((resolved, rejected) => {
    execFile(
      process.execPath,
      [builder, 'build', '--config', configuration, '--outDir', unfinished],
      { cwd: root, env: { ...process.env, NODE_ENV: 'production' } },
      (failure, stdout, stderr) =>
        failure === null
          ? resolved()
          : rejected(new Error(`The pages could not be built:\n${stdout}\n${stderr}`)),
    );
  });
  await rename(join(unfinished, 'renderer'), folder);
  await rm(unfinished, { recursive: true, force: true });
}

/** Removes builds that nobody has asked for lately; one that is being served must stay. */
async function forgetOldBuilds(): Promise<void> {
  for (const entry of await readdir(cache, { withFileTypes: true })) {
    const build = join(cache, entry.name);
    if (entry.isDirectory() && Date.now() - (await stat(build)).mtimeMs > keptMilliseconds)
      await rm(build, { recursive: true, force: true });
  }
}

/** The folder of the pages, built from the sources as they are now; several processes that ask at once build once. */
export async function builtPages(pages: Pages = 'studio'): Promise<string> {
  const name = await hashSources(pages);
  const folder = join(cache, name);
  if (existsSync(folder)) {
    const now = new Date();
    await utimes(folder, now, now);
    return folder;
  }
  await mkdir(cache, { recursive: true });
  for (;;) {
    const lock = acquireLock(join(cache, 'build.lock'), 'building the pages');
    if (lock === undefined) {
      await wait(100);
      continue;
    }
    try {
      if (!existsSync(folder)) {
        await forgetOldBuilds();
        await build(pages, folder);
      }
      return folder;
    } finally {
      lock.release();
    }
  }
}
