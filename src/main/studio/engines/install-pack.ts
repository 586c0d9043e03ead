import { mkdir, stat, statfs, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { JobProgress } from '../../../shared/jobs/job.ts';
import { LoamError } from '../../../shared/errors.ts';
import { unfinishedIn } from '../../llm/files/leftovers.ts';
import { removeOwned } from '../../llm/files/owned-files.ts';
import { finished, partialPath } from '../../llm/files/unfinished-names.ts';
import { listGraphicsProcessors } from '../hardware/graphics-processors.ts';
import { availableThreads } from '../hardware/hardware.ts';
import type { Launcher } from '../processes/launcher.ts';
import { startWorker } from '../processes/worker-client.ts';
import { explainSystemError } from '../system-errors.ts';
import { download } from './download.ts';
import { explainSelfTest, nameOfCard, requireCard, requireOnCard } from './engine-faults.ts';
import type { EngineProcedures } from './engine-protocol.ts';
import { placeBinding } from './native-binding.ts';
import type { PackDevice, PackOffer } from './pack-offers.ts';
import { changePack, replacePack } from './pack-place.ts';
import { requireUnused } from './pack-use.ts';
import { hashFile, packFolder, type PackFile, type PackManifest } from './pack.ts';
import { fetchWheels } from './pip-wheels.ts';
import { copyKnownArchives, unpackLibraries } from './unpack-libraries.ts';
import { noteVerified, stampFile, type VerifiedFiles } from '../../llm/files/verified-files.ts';

/** Where a pack comes from. */
export type PackOrigin =
  | { readonly kind: 'offer'; readonly offer: PackOffer; readonly python?: string | undefined }
  /**
   * Files carried here by hand, or a folder of them. Where a page asks, only archives whose checksum Loam has are taken:
   * what is installed is run, and who may use the studio may not therefore run a program of her choice.
   */
  | { readonly kind: 'files'; readonly paths: readonly string[]; readonly onlyKnown: boolean };

export interface InstallPackOptions {
  readonly origin: PackOrigin;
  readonly launcher: Launcher;
  readonly signal: AbortSignal;
  readonly report: (progress: JobProgress) => void;
  readonly clock: () => Date;
  readonly folder?: string;
}

/**
 * Installs the pack of the TensorFlow engine: gets the files, unpacks them, gets the binding, and computes with it in a
 * process of its own. Only then does it take its place, instead of an earlier one; whatever fails leaves that as it was.
 * @throws LoamError that says what is missing or wrong, or that another process installs or removes one now
 */
export function installPack(options: InstallPackOptions): Promise<PackManifest> {
  const { folder = packFolder() } = options;
  return changePack(folder, 'installing the engine', () => install(options, folder));
}

async function install(options: InstallPackOptions, folder: string): Promise<PackManifest> {
  const { origin, launcher, signal, report, clock } = options;
  // Before anything is fetched; somebody may begin to use it until it is replaced.
  requireUnused(folder);
  const staging = await makeStaging(folder);
  try {
    const paths = await archivesOf(origin, staging, signal, report);
    report({ stage: 'Unpacking' });
    const unpacked = await unpackLibraries(paths, staging, signal);
    const cards = unpacked.device === 'gpu' ? await listGraphicsProcessors() : [];
    if (unpacked.device === 'gpu') requireCard(cards);
    const own = unfinishedIn(dirname(folder));
    for (const fetched of ['wheels', 'pip']) await removeOwned(own, join(staging, fetched));

    const bindingPath = `lib/${unpacked.binding ?? 'tfjs_binding.node'}`;
    if (unpacked.binding === undefined) {
      report({ stage: 'Making the binding' });
      await placeBinding(join(staging, bindingPath), join(staging, 'include'), signal);
    }
    await removeOwned(own, join(staging, 'include'));

    report({ stage: 'Testing' });
    const libraries = unpacked.libraries.map((name) => `lib/${name}`);
    const tested = await testPack(
      staging,
      { libraries, binding: bindingPath, device: unpacked.device },
      launcher,
      signal,
    );
    if (unpacked.device === 'gpu') requireOnCard(tested.device);
    report({ stage: 'Noting what was installed' });
    const manifest: PackManifest = {
      format: 1,
      engine: 'tensorflow',
      version: tested.version,
      device: tested.device,
      deviceName: tested.device === 'gpu' ? nameOfCard(cards) : tested.deviceName,
      platform: process.platform,
      architecture: process.arch,
      source: unpacked.source,
      ...(unpacked.unknown.length === 0 ? {} : { unknownFiles: unpacked.unknown }),
      installedAt: clock().toISOString(),
      libraries: await Promise.all(libraries.map((path) => describeFile(staging, path, signal))),
      binding: await describeFile(staging, bindingPath, signal),
    };
    await writeFile(join(staging, 'pack.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    await noteVerified(staging, await stampFiles(staging, [...manifest.libraries, manifest.binding]));
    signal.throwIfAborted();
    await replacePack(staging, folder);
    return manifest;
  } catch (error) {
    signal.throwIfAborted();
    throw explainSystemError(error, staging) ?? error;
  } finally {
    await removeOwned(unfinishedIn(dirname(folder)), staging);
    finished(staging);
  }
}

function archivesOf(
  origin: PackOrigin,
  staging: string,
  signal: AbortSignal,
  report: (progress: JobProgress) => void,
): Promise<readonly string[]> | readonly string[] {
  if (origin.kind === 'offer') return fetchOffer(origin, staging, signal, report);
  return origin.onlyKnown ? copyKnownArchives(origin.paths, join(staging, 'wheels')) : origin.paths;
}

/** A folder beside the pack's, in which it is made. */
async function makeStaging(folder: string): Promise<string> {
  const staging = partialPath(folder);
  try {
    await mkdir(staging, { recursive: true });
    return staging;
  } catch (error) {
    throw explainSystemError(error, dirname(folder)) ?? error;
  }
}

async function fetchOffer(
  { offer, python }: Extract<PackOrigin, { kind: 'offer' }>,
  staging: string,
  signal: AbortSignal,
  report: (progress: JobProgress) => void,
): Promise<readonly string[]> {
  if (offer.device === 'gpu') requireCard(await listGraphicsProcessors(), offer.oldestDriver);
  if (offer.way === 'pip') {
    const total = offer.wheels.reduce((sum, { bytes }) => sum + bytes, 0);
    await requireRoom(staging, total + offer.unpackedBytes);
    return fetchWheels(offer, staging, {
      signal,
      python,
      onProgress: (bytes) => report({ stage: 'Fetching', done: Math.min(bytes, total), total }),
    });
  }
  const folder = join(staging, 'wheels');
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  for (const url of offer.urls) {
    const path = join(folder, basename(new URL(url).pathname));
    await download(url, path, {
      signal,
      onProgress: (done, total) =>
        report({ stage: 'Fetching', done, ...(total === undefined ? {} : { total }) }),
    });
    paths.push(path);
  }
  return paths;
}

/** Computes with a pack in a process of its own. @throws LoamError that says why it does not work here */
async function testPack(
  folder: string,
  {
    libraries,
    binding,
    device,
  }: { readonly libraries: readonly string[]; readonly binding: string; readonly device: PackDevice },
  launcher: Launcher,
  signal: AbortSignal,
): Promise<EngineProcedures['testTensorFlow']['result']> {
  const worker = startWorker<EngineProcedures>(launcher('engine'), 'test of the engine');
  const stop = (): void => worker.kill();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await worker.call('testTensorFlow', {
      libraries: {
        libraries: libraries.map((path) => join(folder, path)),
        binding: join(folder, binding),
      },
      threads: await availableThreads(),
    });
  } catch (error) {
    signal.throwIfAborted();
    throw explainSelfTest(error, device);
  } finally {
    signal.removeEventListener('abort', stop);
    await worker.close();
  }
}

async function describeFile(folder: string, path: string, signal: AbortSignal): Promise<PackFile> {
  const { size } = await stat(join(folder, path));
  return { path, bytes: size, sha256: await hashFile(join(folder, path), signal) };
}

/** What was read to the last byte a moment ago need not be read again when it is first used. */
async function stampFiles(folder: string, files: readonly PackFile[]): Promise<VerifiedFiles> {
  return Object.fromEntries(
    await Promise.all(
      files.map(async ({ path, sha256 }) => [path, await stampFile(join(folder, path), sha256)] as const),
    ),
  );
}

/** @throws LoamError when the disk has no room for that many bytes */
async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  const gigabytes = (count: number): string => (count / 1e9).toFixed(1);
  throw new LoamError({
    kind: 'environment',
    where: dirname(folder),
    what: `The engine needs ${gigabytes(bytes)} GB while it is installed, and ${gigabytes(bavail * bsize)} GB are free.`,
    remedy: 'Free some room on this disk, and try again.',
  });
}
