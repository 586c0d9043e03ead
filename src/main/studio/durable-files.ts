import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Makes a folder's entries durable, where the system can (Windows cannot open folders, and does so by itself). */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A sibling of `path` for work that is not finished: hidden, of a name that nobody else has. */
export function partialPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.partial-${randomUUID()}`);
}

/** Writes a file whole or not at all, and returns when it is on the disk. */
export async function writeFileDurably(file: string, content: string | Uint8Array): Promise<void> {
  const partial = partialPath(file);
  try {
    const handle = await open(partial, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  await syncFolder(dirname(file));
}

/** Copies a file whole or not at all, and returns when the copy is on the disk. */
export async function copyFileDurably(source: string, target: string): Promise<void> {
  const partial = partialPath(target);
  try {
    await copyFile(source, partial);
    const handle = await open(partial, 'r+');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  await syncFolder(dirname(target));
}

/** Fills a folder by `fill`, which gets a hidden sibling, and gives it its name by one rename. */
export async function createFolderDurably(
  folder: string,
  fill: (partial: string) => Promise<void>,
): Promise<void> {
  const partial = partialPath(folder);
  await mkdir(partial, { recursive: true });
  try {
    await fill(partial);
    await syncFolder(partial);
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
  await syncFolder(dirname(folder));
}

/** Bytes of all files in a folder and below; 0 when there is none. */
export async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        stat(join(entry.parentPath, entry.name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
