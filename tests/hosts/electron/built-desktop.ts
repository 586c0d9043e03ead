import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '../../..');
const builder = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
/** Inside the project, so that the bundles find the packages that they leave outside. */
const cache = join(root, 'node_modules', '.cache');

export interface BuiltDesktop {
  readonly folder: string;
  readonly main: string;
  readonly preload: string;
  remove(): Promise<void>;
}

/** Builds the main process, its workers and the preload script, with small pages beside them. */
export async function buildDesktop(): Promise<BuiltDesktop> {
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'loam-desktop-'));
  const configuration = join(import.meta.dirname, 'desktop.vite.config.ts');
  await promisify(execFile)(
    process.execPath,
    [builder, 'build', '--config', configuration, '--outDir', folder, '--logLevel', 'warn'],
    { cwd: root },
  );
  const assets = join(folder, 'renderer', 'assets');
  await mkdir(assets, { recursive: true });
  await writeFile(join(folder, 'renderer', 'index.html'), '<!doctype html><title>Loam</title>');
  await writeFile(join(assets, 'index-1a2b3c.js'), 'console.log("loam");');
  return {
    folder,
    main: join(folder, 'main', 'index.js'),
    preload: join(folder, 'preload', 'index.cjs'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
