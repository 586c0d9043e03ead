// Builds tfjs-node's binding to TensorFlow for this platform, for a release to bring along:
// resources/tensorflow-binding/<platform>-<arch>.node. It needs a C++ compiler and TensorFlow's C headers, which are taken
// from a wheel of TensorFlow or an archive of libtensorflow. It names no library, so that it serves every TensorFlow from
// 2.13 on, for the processor and for cards.
//
//   npm run build:tensorflow-binding -- tensorflow_cpu-2.15.1-….whl
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { compileBinding, releasedBinding } from '../src/main/studio/engines/native-binding.ts';
import { unpackLibraries } from '../src/main/studio/engines/unpack-libraries.ts';
import { LoamError } from '../src/shared/errors.ts';

async function main(): Promise<void> {
  const [archive] = process.argv.slice(2);
  if (archive === undefined)
    throw new LoamError({
      kind: 'misuse',
      what: 'No file was named that holds TensorFlow’s C headers.',
      remedy: 'Name a wheel of TensorFlow or an archive of libtensorflow.',
    });
  const folder = await mkdtemp(join(tmpdir(), 'loam-binding-'));
  try {
    await unpackLibraries([resolve(archive)], folder);
    const made = join(folder, 'tfjs_binding.node');
    await compileBinding(made, join(folder, 'include'));
    const target = join(import.meta.dirname, '..', releasedBinding);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(made, target);
    process.stdout.write(`${target}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof LoamError ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
