import { join } from 'node:path';
import { removeLeftovers } from '../../llm/files/leftovers.ts';
import { reservedFolders } from './own-files.ts';
import type { Project } from './projects.ts';

/**
 * Clears away what killed processes left unfinished in a project's own folders, once it is old enough that nobody writes it
 * any more. What cannot be cleared away is noted in the log and stays.
 */
export async function removeLeftoversOfProject({ folder, log }: Project): Promise<void> {
  for (const name of reservedFolders)
    await removeLeftovers(join(folder, name)).catch((error: unknown) => log.error(error));
}
