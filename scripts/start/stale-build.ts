import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What the pages and the desktop bundles are made from. */
const sources = ['src/**/*.*', 'resources/**/*.*', 'electron.vite.config.ts', 'package-lock.json'];

export type BuildState = 'missing' | 'old' | 'current';

/** Whether the studio was built from the sources as they are now. */
export function buildState(root: string): BuildState {
  const built = statSync(join(root, 'out', 'renderer', 'index.html'), { throwIfNoEntry: false });
  if (built === undefined) return 'missing';
  const isNewer = (file: string): boolean =>
    (statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0) > built.mtimeMs;
  return globSync(sources, { cwd: root }).some(isNewer) ? 'old' : 'current';
}
