import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/** Where a home keeps its settings. */
export const settingsOf = (home: string): string => join(home, 'settings.json');

/**
 * Has whatever computes with a home's settings use one core. Test files run beside each other: threads that wait for each
 * other on cores which others use take several times as long as one thread does.
 * @param home what LOAM_HOME names
 */
export async function useOneCore(home: string): Promise<void> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  await writeFile(settingsOf(home), JSON.stringify({ freeCores: availableParallelism() - 1 }), {
    mode: 0o600,
  });
}
