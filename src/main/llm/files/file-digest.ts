import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { fileError } from './file-errors.ts';

/** What a file holds, in short. */
export interface FileDigest {
  readonly bytes: number;
  /** SHA-256 (FIPS 180-4), 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

export interface ReadingFiles {
  /** Told of bytes as they are read. */
  readonly onBytes?: (bytes: number) => void;
  readonly signal?: AbortSignal;
}

/** Bytes read at once: large enough that the disk sets the pace, small enough that others get their turn. */
const piece = 4 * 2 ** 20;

/**
 * Reads a file to its end and hashes it; while one piece is hashed, the next is being read.
 * @throws LoamError when it cannot be read; the signal's reason when that aborts.
 */
export async function digestFile(path: string, { onBytes, signal }: ReadingFiles = {}): Promise<FileDigest> {
  try {
    await using file = await open(path, 'r');
    const hash = createHash('sha256');
    // Of small files there may be many thousands.
    const length = Math.min(piece, (await file.stat()).size + 1);
    let buffers = [Buffer.allocUnsafe(length), Buffer.allocUnsafe(length)] as const;
    let bytes = 0;
    let reading = file.read(buffers[0], 0, length, 0);
    for (;;) {
      const { bytesRead } = await reading;
      if (bytesRead === 0) break;
      signal?.throwIfAborted();
      const [full, free] = buffers;
      bytes += bytesRead;
      reading = file.read(free, 0, length, bytes);
      // Looked at when its turn comes; until then a failure must not count as unhandled.
      reading.catch(() => undefined);
      hash.update(full.subarray(0, bytesRead));
      onBytes?.(bytesRead);
      buffers = [free, full];
    }
    return { bytes, sha256: hash.digest('hex') };
  } catch (error) {
    signal?.throwIfAborted();
    throw fileError(error, path);
  }
}
