import { findPack, packFolder, requirePack } from '../../../../src/main/studio/engines/pack.ts';
import type { TensorFlowLibraries } from '../../../../src/main/llm/engines/tensorflow/library.ts';

// Tests give each process a LOAM_HOME of its own; the pack is where the person, or the one who runs the tests, has it.
const folder = process.env['LOAM_TENSORFLOW_PACK'] ?? packFolder();

/** The installed pack of the TensorFlow engine, for tests that compute with it; undefined where there is none. */
export const installedPack: TensorFlowLibraries | undefined =
  (await findPack(folder)).state === 'installed' ? await requirePack(folder) : undefined;

/** How tests are called that need the pack: the name says why they do not run. */
export const tensorFlowTitle =
  installedPack === undefined
    ? 'The TensorFlow engine (not run: no pack is installed here; loam engine install tensorflow)'
    : 'The TensorFlow engine';
