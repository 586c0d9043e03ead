import { findPack, packFolder, requirePack } from '../../../../src/main/studio/engines/pack.ts';
import type { TensorFlowLibraries } from '../../../../src/main/llm/engines/tensorflow/library.ts';

// Tests give each process a home of its own; the pack is where the person, or the one who runs the tests, has it.
const folder = process.env['LOAM_TENSORFLOW_PACK'] ?? packFolder();

/** Where the pack of the TensorFlow engine lies, for tests that compute with it; undefined where there is none. */
export const installedPackFolder: string | undefined =
  (await findPack(folder)).state === 'installed' ? folder : undefined;

/** The native files of that pack. */
export const installedPack: TensorFlowLibraries | undefined =
  installedPackFolder === undefined ? undefined : await requirePack(installedPackFolder);

/** How tests are called that need the pack: the name says why they do not run. */
export const tensorFlowTitle =
  installedPackFolder === undefined
    ? 'The TensorFlow engine (not run: no pack is installed here; loam engine install tensorflow)'
    : 'The TensorFlow engine';
