import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import yauzl from 'yauzl';
import { notAnArchive } from './archive-faults.ts';
import type { Unpacking } from './unpacking.ts';

/**
 * Takes files out of a zip archive (Python's wheels are such), one after another: an archive of some hundred megabytes is
 * never in memory. Each file is held against the checksum that the archive gives it.
 * @returns the places of the files that were taken
 * @throws LoamError when it is no whole archive, or has more in it than there is room for
 */
export async function extractZip(
  path: string,
  unpacking: Unpacking,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  let archive: yauzl.ZipFile;
  try {
    archive = await yauzl.openPromise(path);
  } catch (error) {
    throw notAnArchive(path, error);
  }
  const taken: string[] = [];
  try {
    for await (const entry of archive.eachEntry()) {
      signal?.throwIfAborted();
      unpacking.pass(entry.uncompressedSize);
      const place = unpacking.placeOf(entry.fileName);
      if (place === undefined || entry.fileName.endsWith('/')) continue;
      unpacking.take(place, entry.uncompressedSize);
      const target = join(unpacking.folder, place);
      await mkdir(dirname(target), { recursive: true });
      let checksum = 0;
      await pipeline(
        await archive.openReadStreamPromise(entry),
        async function* (chunks: AsyncIterable<Buffer>) {
          for await (const chunk of chunks) {
            checksum = crc32(chunk, checksum);
            yield chunk;
          }
        },
        createWriteStream(target),
        signal === undefined ? {} : { signal },
      );
      if (checksum !== entry.crc32) throw new Error(`its file ${entry.fileName} has another checksum`);
      taken.push(place);
    }
  } catch (error) {
    throw notAnArchive(path, error);
  } finally {
    archive.close();
  }
  return taken;
}
