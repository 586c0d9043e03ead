import { open } from 'node:fs/promises';
import { writeFileAtomically } from './atomic-file.ts';
import type { FileDigest, ReadingFiles } from './file-digest.ts';
import { fileError } from './file-errors.ts';

const piece = 4 * 2 ** 20;

/**
 * Copies a file, which appears whole or not at all, and hashes it by the way.
 * @returns the digest of what was copied.
 * @throws LoamError that names the file which cannot be read or written; the signal's reason when that aborts.
 */
export async function copyFileAtomically(
  source: string,
  target: string,
  { onBytes, signal }: ReadingFiles = {},
): Promise<FileDigest> {
  await using file = await open(source, 'r').catch((error: unknown) => {
    throw fileError(error, source);
  });
  const buffer = Buffer.allocUnsafe(piece);
  // Awaited here: the source stays open until the copy is whole.
  return await writeFileAtomically(target, async (copy) => {
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(buffer, 0, piece, null).catch((error: unknown) => {
        throw fileError(error, source);
      });
      if (bytesRead === 0) return;
      await copy.write(buffer.subarray(0, bytesRead));
      onBytes?.(bytesRead);
    }
  });
}
