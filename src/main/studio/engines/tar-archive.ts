import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { notAnArchive } from './archive-faults.ts';
import type { Unpacking } from './unpacking.ts';

/**
 * Takes files out of a .tar.gz archive. Libraries are often there under several names, of which all but one are links: each
 * link that is wanted becomes a link's target under its own name, in `links`.
 * @throws LoamError when it is no whole archive, or has more in it than there is room for
 */
export async function extractTar(
  path: string,
  unpacking: Unpacking,
  signal?: AbortSignal,
): Promise<{ readonly taken: readonly string[]; readonly links: ReadonlyMap<string, string> }> {
  const taken: string[] = [];
  const links = new Map<string, string>();
  const entries = extract();
  const reading = pipeline(
    createReadStream(path),
    createGunzip(),
    entries,
    signal === undefined ? {} : { signal },
  );
  // A broken archive fails in reading alone: whoever waits for more of a file in it would wait for ever.
  const broken = new AbortController();
  reading.catch((error: unknown) => broken.abort(error));
  const takeFiles = async (): Promise<void> => {
    for await (const entry of entries) {
      const { name, type, linkname, size } = entry.header;
      unpacking.pass(size);
      const place = unpacking.placeOf(name.replace(/^\.\//, ''));
      if (place === undefined || type === 'directory') {
        entry.resume();
        continue;
      }
      if (type === 'symlink' || type === 'link') {
        links.set(basename(place), basename(linkname ?? ''));
        entry.resume();
        continue;
      }
      const target = join(unpacking.folder, place);
      if (relative(unpacking.folder, target).startsWith('..'))
        throw new Error(`its file ${name} leads out of it`);
      unpacking.take(place, size);
      await mkdir(dirname(target), { recursive: true });
      await pipeline(entry, createWriteStream(target), { signal: broken.signal });
      taken.push(place);
    }
  };
  try {
    await Promise.all([reading, takeFiles()]);
  } catch (error) {
    throw notAnArchive(path, error);
  }
  return { taken, links };
}
