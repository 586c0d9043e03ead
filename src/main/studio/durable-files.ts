import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

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

/**
 * Bytes that a disk has free when a folder is gone. A file of several names (a branch shares its parent's files) takes its
 * room once, and frees it only with its last name.
 */
export async function bytesFreedBy(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let bytes = 0;
  /** The names that were seen here of each file that has several. */
  const namesOf = new Map<string, number>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const found = await stat(join(entry.parentPath, entry.name)).catch(() => undefined);
    if (found === undefined) continue;
    const file = `${found.dev}:${found.ino}`;
    const names = (namesOf.get(file) ?? 0) + 1;
    namesOf.set(file, names);
    if (names === found.nlink) bytes += found.size;
  }
  return bytes;
}

/**
 * Does the same work for each item, a few at a time, and gives the results in the items' order. After a failure no more is
 * begun, what is under way is waited for, and the failure is thrown.
 */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const remaining = items.entries();
  let failed = false;
  const worker = async (): Promise<void> => {
    // The iterator is shared: each entry goes to whoever asks next.
    for (const [index, item] of remaining) {
      if (failed) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  const failure = workers.find((result) => result.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return results;
}
