import { statfs } from 'node:fs/promises';
import { LoamError } from '../../../shared/errors.ts';

/** More than any pack takes: that of CUDA's libraries takes some 6 GB. Bytes. */
const largestPack = 20e9;
/** More files than any archive has: TensorFlow's wheel has some fifteen thousand. */
const mostEntries = 200_000;
/** How much larger than itself an archive may say its files are; those of libraries are some four times as large. */
const largestRatio = 100;
/** What any archive may unpack to, however small it is. Bytes. */
const smallPack = 64e6;
/** What unpacking leaves free for others, such as a run that saves its checkpoint. Bytes. */
const leftFree = 1e9;

/** What an archive is unpacked into: a folder, with as much room as there is on its disk. */
export class Unpacking {
  readonly folder: string;
  readonly #free: number;
  readonly #placeOf: (name: string) => string | undefined;
  /** Of what is taken, from all archives. */
  #bytes = 0;
  #places = new Set<string>();
  #archive = { bytes: 0, entries: 0, contentBytes: 0 };

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

  /** Begins another archive, of so many bytes, which may have files of the same names. */
  beginArchive(bytes: number): void {
    this.#places = new Set();
    this.#archive = { bytes, entries: 0, contentBytes: 0 };
  }

  /**
   * To be called for each entry of an archive, taken or not, with the bytes that the archive says it has, before it is read.
   * @throws Error when the archive has more entries, or more in them, than any that there is
   */
  pass(bytes: number): void {
    const archive = this.#archive;
    archive.entries += 1;
    archive.contentBytes += bytes;
    if (archive.entries > mostEntries)
      throw new Error(`it has more than ${mostEntries.toLocaleString('en')} entries`);
    if (archive.contentBytes > Math.min(largestPack, Math.max(smallPack, largestRatio * archive.bytes)))
      throw new Error(
        `it says of ${archive.bytes.toLocaleString('en')} bytes that ${archive.contentBytes.toLocaleString('en')} are in them`,
      );
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
