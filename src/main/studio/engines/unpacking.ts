import { statfs } from 'node:fs/promises';
import { LoamError } from '../../../shared/errors.ts';

/** More than any pack takes: that of CUDA's libraries takes some 6 GB. Bytes. */
const largestPack = 20e9;
/** What unpacking leaves free for others, such as a run that saves its checkpoint. Bytes. */
const leftFree = 1e9;

/** What an archive is unpacked into: a folder, with as much room as there is on its disk. */
export class Unpacking {
  readonly folder: string;
  readonly #free: number;
  readonly #placeOf: (name: string) => string | undefined;
  #bytes = 0;
  #places = new Set<string>();

  /** @param placeOf where a file of an archive goes, below `folder`; undefined for what is not wanted */
  static async into(folder: string, placeOf: (name: string) => string | undefined): Promise<Unpacking> {
    const { bavail, bsize } = await statfs(folder);
    return new Unpacking(folder, bavail * bsize, placeOf);
  }

  constructor(folder: string, freeBytes: number, placeOf: (name: string) => string | undefined) {
    this.folder = folder;
    this.#free = freeBytes;
    this.#placeOf = placeOf;
  }

  /** Begins another archive, which may have files of the same names. */
  beginArchive(): void {
    this.#places = new Set();
  }

  placeOf(name: string): string | undefined {
    return this.#placeOf(name);
  }

  /**
   * To be called before a file is written, with the bytes that its archive says it has.
   * @throws LoamError when there is no room for it; Error when the archive has put another file in its place
   */
  take(place: string, bytes: number): void {
    if (this.#places.has(place)) throw new Error(`it has two files for ${place}`);
    this.#places.add(place);
    this.#bytes += bytes;
    const room = Math.min(largestPack, this.#free - leftFree);
    if (this.#bytes <= room) return;
    const gigabytes = (count: number): string => (Math.max(0, count) / 1e9).toFixed(1);
    throw new LoamError({
      kind: 'environment',
      where: this.folder,
      what: `What is in the archive takes more than ${gigabytes(this.#bytes)} GB, and ${gigabytes(room)} GB may be taken here.`,
      remedy: 'Free some room on this disk, or see that it is the archive that you want, and try again.',
    });
  }
}
