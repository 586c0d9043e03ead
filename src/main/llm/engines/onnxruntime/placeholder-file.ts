import { open } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { makeTemporaryFolder } from '../../files/owned-files.ts';

/**
 * Makes a file of zeros for as long as `body` runs. A model's initialisers must be whole before AddInitializer replaces
 * them with memory: all of them name this file, which is sparse (no disk blocks) and never read.
 * @param body gets the file's folder and its name there
 */
export async function withPlaceholderFile<Result>(
  bytes: number,
  body: (folder: string, file: string) => Promise<Result>,
): Promise<Result> {
  const { folder, remove } = makeTemporaryFolder('loam-weights-');
  const name = 'placeholder';
  try {
    const file = await open(join(folder, name), 'w');
    try {
      await file.truncate(bytes);
    } finally {
      await file.close();
    }
    return await body(folder, name);
  } finally {
    await remove().catch((error: unknown) => {
      // Windows does not remove a file that is still mapped; its temporary folder is cleaned by the system.
      if (process.platform !== 'win32') throw error;
    });
  }
}
