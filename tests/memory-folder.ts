import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';

/** Where Linux keeps files in memory. */
const memoryFiles = '/dev/shm';

/** What a whole run of the tests may write at once, in bytes, with room to spare. */
const roomNeeded = 6 * 2 ** 30;

/**
 * A temporary folder in memory, removed when this process ends: what tests write is gone afterwards anyway, and on a disk
 * they would spend a third of their time waiting for flushes. Undefined where memory has no file system, or too little room.
 */
export function makeMemoryFolder(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const { bavail, bsize } = statfsSync(memoryFiles);
    if (bavail * bsize < roomNeeded) return undefined;
    const folder = mkdtempSync(`${memoryFiles}/loam-tests-`);
    // Tests that act as another user go through it, as they go through /tmp.
    chmodSync(folder, 0o711);
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    return folder;
  } catch {
    return undefined;
  }
}
