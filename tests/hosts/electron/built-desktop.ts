import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cachedBuild } from '../../cached-build.ts';

export interface BuiltDesktop {
  readonly folder: string;
  readonly main: string;
  readonly preload: string;
}

/** The main process, its workers and the preload script as they are now, with small pages beside them; built once. */
export async function buildDesktop(): Promise<BuiltDesktop> {
  const folder = await cachedBuild({
    name: 'desktop',
    sources: [
      'src/main',
      'src/preload',
      'src/shared',
      'resources',
      'electron.vite.config.ts',
      'package.json',
      'package-lock.json',
      'tests/hosts/electron/desktop.vite.config.ts',
    ],
    configuration: join(import.meta.dirname, 'desktop.vite.config.ts'),
    complete: writePages,
  });
  return {
    folder,
    main: join(folder, 'main', 'index.js'),
    preload: join(folder, 'preload', 'index.cjs'),
  };
}

async function writePages(folder: string): Promise<void> {
  const assets = join(folder, 'renderer', 'assets');
  await mkdir(assets, { recursive: true });
  await writeFile(join(folder, 'renderer', 'index.html'), '<!doctype html><title>Loam</title>');
  await writeFile(join(assets, 'index-1a2b3c.js'), 'console.log("loam");');
}
