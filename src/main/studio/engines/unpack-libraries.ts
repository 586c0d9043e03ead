import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { LoamError } from '../../../shared/errors.ts';
import { moveOwned, type OwnedRoot } from '../../llm/files/owned-files.ts';
import type { OfferedFile, PackDevice } from './pack-offers.ts';
import { knownWheel } from './pack-offers.ts';
import { hashFile } from './pack.ts';
import { requireOwnPlatform } from './library-platform.ts';
import { extractTar } from './tar-archive.ts';
import { Unpacking } from './unpacking.ts';
import { extractZip } from './wheel-archive.ts';

/** TensorFlow's libraries, taken out of what holds them. */
export interface UnpackedLibraries {
  /** Names below `lib`, in the order in which they must be loaded. */
  readonly libraries: readonly string[];
  /** A binding that came along (Windows), below `lib`. */
  readonly binding: string | undefined;
  readonly device: PackDevice;
  /** What they were taken from, in words. */
  readonly source: string;
  /** Names of the archives that could not be held against a checksum of Loam's own. */
  readonly unknown: readonly string[];
}

/** TensorFlow's own libraries, then those of CUDA: each rank needs only those before it. */
const ranks: readonly RegExp[] = [
  /cudart/,
  /nvrtc/,
  /nvJitLink/i,
  /cublasLt/,
  /cublas/,
  /cusparse/,
  /cusolver/,
  /cufft/,
  /curand/,
  /cudnn_ops_infer/,
  /cudnn_ops_train/,
  /cudnn_cnn_infer/,
  /cudnn_cnn_train/,
  /cudnn_adv_infer/,
  /cudnn_adv_train/,
  /cudnn/,
  /nccl/,
  /cupti/,
  /tensorflow_framework/,
  /tensorflow/,
];
const rankOf = (name: string): number => {
  const rank = ranks.findIndex((pattern) => pattern.test(name));
  return rank === -1 ? ranks.length : rank;
};

/** Libraries of CUDA's packages that TensorFlow does not call by itself. */
const unneeded = /alt|nvrtc-builtins\.alt|cusolverMg|nvblas|cufftw|checkpoint|pcsamplingutil|nvperf/;

/**
 * Unpacks what a person gave, or what was fetched: wheels of TensorFlow and CUDA, an archive of libtensorflow, or a folder
 * of these, into `folder/lib` and `folder/include`.
 * @throws LoamError when something is no whole archive, is for another platform, or has no TensorFlow in it
 */
export async function unpackLibraries(
  paths: readonly string[],
  folder: string,
  signal?: AbortSignal,
): Promise<UnpackedLibraries> {
  const archives = (await Promise.all(paths.map(archivesIn))).flat();
  const taken: string[] = [];
  const ofTensorFlow: string[] = [];
  const unpacking = await Unpacking.into(folder, placeInPack);
  for (const archive of archives) {
    const places = await unpack(archive, unpacking, signal);
    taken.push(...places);
    if (places.some((place) => place.startsWith('lib/') && mainLibrary.test(place.slice(4))))
      ofTensorFlow.push(basename(archive));
  }
  if (ofTensorFlow.length > 1)
    throw new LoamError({
      kind: 'input',
      where: ofTensorFlow.join(', '),
      what: 'Each of these holds a TensorFlow, and one can be installed.',
      remedy: 'Name the file that you want, or a folder with one of them.',
    });
  const source = archives.map((path) => basename(path)).join(', ');
  const names = taken.filter((place) => place.startsWith('lib/')).map((place) => place.slice(4));
  const libraries = names
    .filter((name) => !name.endsWith('.node'))
    .toSorted((a, b) => rankOf(a) - rankOf(b) || a.localeCompare(b));
  const main = libraries.findLast((name) => mainLibrary.test(name));
  if (main === undefined)
    throw new LoamError({
      kind: 'input',
      where: source === '' ? paths.join(', ') : source,
      what: 'There is no library of TensorFlow in it.',
      remedy:
        'Give the wheel of tensorflow-cpu or tensorflow (2.13 or newer), or TensorFlow.js’s archive of libtensorflow.',
    });
  await requireOwnPlatform(join(folder, 'lib', main), source);
  const device = /gpu/i.test(source) || names.some((name) => name.includes('cudart')) ? 'gpu' : 'cpu';
  return {
    libraries,
    binding: names.find((name) => name.endsWith('.node')),
    device,
    source,
    unknown: archives.map((path) => basename(path)).filter((name) => knownWheel(name) === undefined),
  };
}

/**
 * Copies archives that Loam knows by name and size into a folder, where `unpackLibraries` compares their checksums: the copy
 * that is compared is the one that is unpacked, whatever becomes of the file meanwhile.
 * @returns the copies
 * @throws LoamError for an archive that Loam has no checksum for
 */
export async function copyKnownArchives(
  paths: readonly string[],
  folder: string,
): Promise<readonly string[]> {
  const archives = (await Promise.all(paths.map(archivesIn))).flat();
  for (const archive of archives) {
    const known = knownWheel(basename(archive));
    if (known === undefined)
      throw new LoamError({
        kind: 'input',
        where: archive,
        what: 'Loam has no checksum of this file, and takes such a one only from a command.',
        remedy: `If you know where it comes from: \`loam engine install tensorflow --from "${archive}"\` at a terminal.`,
      });
    const { size } = await stat(archive);
    if (size !== known.bytes) throw notTheKnown(archive, size, known);
  }
  await mkdir(folder, { recursive: true });
  return Promise.all(
    archives.map(async (archive) => {
      const copy = join(folder, basename(archive));
      await copyFile(archive, copy, constants.COPYFILE_EXCL);
      return copy;
    }),
  );
}

/** TensorFlow itself, beside which there is its framework. */
const mainLibrary = /^(lib)?tensorflow(_cc)?\./;

/** Names of archives that may hold what belongs in a pack: TensorFlow's and NVIDIA's wheels, libtensorflow, its binding. */
const packArchive =
  /^((lib)?tensorflow|nvidia)[-_.].*\.(whl|zip|tar\.gz|tgz)$|^(lib)?tensorflow\.(whl|zip|tar\.gz|tgz)$|^[CG]PU-windows-.*\.zip$/i;

/** The archives that a path stands for: itself, or those in the folder that are for a pack. Folders hold much else. */
async function archivesIn(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined)
    throw new LoamError({
      kind: 'input',
      where: path,
      what: 'There is no such file.',
      remedy: 'Name the wheel of TensorFlow, an archive of libtensorflow, or a folder of them.',
    });
  if (!found.isDirectory()) return [path];
  const names = await readdir(path);
  return names
    .filter((name) => packArchive.test(name))
    .toSorted()
    .map((name) => join(path, name));
}

async function unpack(
  archive: string,
  unpacking: Unpacking,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  await requireKnownContent(archive, signal);
  await mkdir(join(unpacking.folder, 'lib'), { recursive: true });
  unpacking.beginArchive((await stat(archive)).size);
  switch (extname(archive)) {
    case '.whl':
    case '.zip':
      return extractZip(archive, unpacking, signal);
    case '.gz':
    case '.tgz': {
      const { taken, links } = await extractTar(archive, unpacking, signal);
      return renameToSoname(unpacking.folder, taken, links);
    }
    default:
      throw new LoamError({
        kind: 'input',
        where: archive,
        what: 'This is neither a wheel (.whl) nor an archive of libtensorflow (.tar.gz, .zip).',
        remedy: 'Give the file as it was downloaded, under its own name.',
      });
  }
}

/** A wheel whose name Loam knows must be that wheel. @throws LoamError when it is another */
async function requireKnownContent(archive: string, signal: AbortSignal | undefined): Promise<void> {
  const known = knownWheel(basename(archive));
  if (known === undefined) return;
  const { size } = await stat(archive);
  if (size === known.bytes && (await hashFile(archive, signal)) === known.sha256) return;
  throw notTheKnown(archive, size, known);
}

function notTheKnown(archive: string, size: number, known: OfferedFile): LoamError {
  return new LoamError({
    kind: 'input',
    where: archive,
    what:
      size < known.bytes
        ? `The file is not whole: ${size.toLocaleString('en')} of ${known.bytes.toLocaleString('en')} bytes.`
        : 'The file is not the one that its name says: its SHA-256 is another.',
    remedy: 'Download it again.',
  });
}

/** Where a file of an archive goes in a pack; undefined for what is not needed. */
export function placeInPack(name: string): string | undefined {
  const base = basename(name);
  // TensorFlow's C headers, for compiling the binding.
  const header = /(?:^|\/)include\/((?:tensorflow|tsl|xla)\/.*\.h)$/.exec(name);
  if (header !== null)
    return /^(tensorflow\/(c|core\/platform|tsl\/(c|platform))|tsl\/(c|platform)|xla\/tsl\/(c|platform))\//.test(
      header[1]!,
    )
      ? `include/${header[1]}`
      : undefined;
  if (
    /^libtensorflow(_framework|_cc)?\.(so(\.\d+)*|(\d+\.)*dylib)$/.test(base) &&
    !name.includes('/include/')
  )
    return `lib/${base}`;
  if (/^nvidia\/[^/]+\/lib\/[^/]+\.so/.test(name)) return unneeded.test(base) ? undefined : `lib/${base}`;
  if (base === 'tensorflow.dll' || base === 'tfjs_binding.node') return `lib/${base}`;
  return undefined;
}

/** The folder is one that is being made: the libraries in it are what was just unpacked. */
const unpackedIn = (folder: string): OwnedRoot => ({ folder, owns: ([first]) => first === 'lib' });

/**
 * Gives each library the name by which others ask for it. In libtensorflow's archives that is a link
 * (`libtensorflow.so.2`) to the file with the whole version.
 */
async function renameToSoname(
  folder: string,
  taken: readonly string[],
  links: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const soname = (name: string): string => {
    for (const [link, target] of links)
      if (target === name && /\.so\.\d+$|\.\d+\.dylib$/.test(link)) return link;
    return name;
  };
  return Promise.all(
    taken.map(async (place) => {
      if (!place.startsWith('lib/')) return place;
      const renamed = `lib/${soname(place.slice(4))}`;
      if (renamed !== place) moveOwned(unpackedIn(folder), join(folder, place), join(folder, renamed));
      return renamed;
    }),
  );
}
