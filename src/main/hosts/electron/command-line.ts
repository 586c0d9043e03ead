import { existsSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { projectPaths } from '../../studio/projects/paths.ts';

/**
 * The project that a start of the application names: by `--project FOLDER`, or by a folder or the `loam.sqlite` in it
 * alone, as a file manager does.
 * @param here the folder that relative paths start from
 */
export function projectOfCommandLine(argumentsGiven: readonly string[], here: string): string | undefined {
  const option = argumentsGiven.indexOf('--project');
  const named = option === -1 ? undefined : argumentsGiven[option + 1];
  if (named !== undefined) return resolve(here, named);
  for (const word of argumentsGiven.slice(1)) {
    if (word.startsWith('-')) continue;
    const path = isAbsolute(word) ? word : resolve(here, word);
    const folder = path === projectPaths(dirname(path)).store ? dirname(path) : path;
    if (existsSync(projectPaths(folder).store)) return folder;
  }
  return undefined;
}
