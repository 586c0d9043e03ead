import { join } from 'node:path';
import { cachedBuild } from '../../cached-build.ts';

/** What the built pages depend on. */
const sources = ['src/renderer', 'src/shared', 'electron.vite.config.ts', 'package-lock.json'];

/** `studio`: the application's pages; `kit`: a page of its components alone. */
export type Pages = 'studio' | 'kit';

/** The folder of the pages, built from the sources as they are now; several processes that ask at once build once. */
export async function builtPages(pages: Pages = 'studio'): Promise<string> {
  const folder = await cachedBuild({
    name: pages,
    sources: pages === 'kit' ? [...sources, 'tests/browser/kit'] : sources,
    configuration: join(import.meta.dirname, `${pages}.vite.config.ts`),
    environment: { NODE_ENV: 'production' },
  });
  return join(folder, 'renderer');
}
