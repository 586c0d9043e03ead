import { execFile } from 'node:child_process';
import { copyFile, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { LoamError } from '../../../shared/errors.ts';
import { makeTemporaryFolder } from '../../llm/files/owned-files.ts';
import { writeBindingSource } from './binding-source.ts';

/** Where a release keeps the binding that was built for it (scripts/build-tensorflow-binding.ts), below its own folder. */
export const releasedBinding = join(
  'resources',
  'tensorflow-binding',
  `${process.platform}-${process.arch}.node`,
);

/**
 * The release's binding. A build puts the module that asks elsewhere, so Loam's own folder is sought from it upwards; what
 * lies above that, or in a program that is not Loam, is somebody else's and is never loaded.
 */
export async function findReleased(
  from = dirname(fileURLToPath(import.meta.url)),
): Promise<string | undefined> {
  const own = await findPackageFolder(from);
  if (own === undefined) return undefined;
  const path = join(own, releasedBinding);
  return (await exists(path)) ? path : undefined;
}

/** The first folder upwards whose package.json names Loam. */
async function findPackageFolder(from: string): Promise<string | undefined> {
  const name = await readFile(join(from, 'package.json'), 'utf8')
    .then(nameOfPackage)
    .catch(() => undefined);
  if (name === 'loam') return from;
  const above = dirname(from);
  return above === from ? undefined : findPackageFolder(above);
}

function nameOfPackage(text: string): unknown {
  const parsed: unknown = JSON.parse(text);
  return typeof parsed === 'object' && parsed !== null && 'name' in parsed ? parsed.name : undefined;
}

/** Compilers that understand the same words, in the order in which they are tried. */
const compilers = ['c++', 'g++', 'clang++'];

/** How the binding's two files are compiled. It names no library: TensorFlow's functions are found when it is loaded. */
export function compilerArguments(parameters: {
  /** With the headers of Node-API beside them. */
  readonly sources: string;
  readonly tensorflowHeaders: string;
  readonly output: string;
}): readonly string[] {
  const { sources, tensorflowHeaders, output } = parameters;
  return [
    '-shared',
    '-fPIC',
    '-O2',
    '-std=c++17',
    '-DNAPI_VERSION=8',
    ...(process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : []),
    `-I${sources}`,
    `-I${tensorflowHeaders}`,
    join(sources, 'tfjs_backend.cc'),
    join(sources, 'tfjs_binding.cc'),
    '-o',
    output,
  ];
}

/**
 * Puts tfjs-node's binding into a pack: the one that came with the release, else one compiled from tfjs-node's sources.
 * @param tensorflowHeaders the folder that holds `tensorflow/c/c_api.h`
 * @returns how it was got
 * @throws LoamError when none came along and none can be compiled
 */
export async function placeBinding(
  output: string,
  tensorflowHeaders: string,
  signal?: AbortSignal,
): Promise<'released' | 'compiled'> {
  const released = await findReleased();
  if (released !== undefined) {
    await copyFile(released, output);
    return 'released';
  }
  await compileBinding(output, tensorflowHeaders, signal);
  return 'compiled';
}

/** Compiles tfjs-node's binding. @throws LoamError when there is no compiler, or it fails */
export async function compileBinding(
  output: string,
  tensorflowHeaders: string,
  signal?: AbortSignal,
): Promise<void> {
  const { folder: sources, remove } = makeTemporaryFolder('loam-binding-');
  try {
    await writeBindingSource(sources);
    await compile(sources, output, tensorflowHeaders, signal);
  } finally {
    await remove();
  }
}

/** Compiles with the first compiler that there is. */
async function compile(
  sources: string,
  output: string,
  tensorflowHeaders: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const parameters = compilerArguments({ sources, tensorflowHeaders, output });
  for (const compiler of compilers) {
    try {
      await promisify(execFile)(compiler, parameters, signal === undefined ? {} : { signal });
      return;
    } catch (error) {
      signal?.throwIfAborted();
      if (codeOf(error) === 'ENOENT') continue;
      throw new LoamError(
        {
          kind: 'environment',
          what: `The binding to TensorFlow could not be compiled with ${compiler}: ${firstFault(error)}.`,
          remedy: 'Use a release of Loam, which brings the binding along, or the ONNX Runtime engine.',
        },
        { cause: error },
      );
    }
  }
  throw new LoamError({
    kind: 'environment',
    what: `The binding to TensorFlow must be compiled here, and there is no C++ compiler (tried: ${compilers.join(', ')}).`,
    remedy:
      'Install one (on Debian: apt install g++), or use a release of Loam, which brings the binding along, or the ONNX Runtime engine.',
  });
}

/** The first error that a compiler wrote, else how it ended. */
function firstFault(error: unknown): string {
  const { stderr, signal, code } = error as { stderr?: unknown; signal?: unknown; code?: unknown };
  const text = typeof stderr === 'string' ? stderr.trim() : '';
  if (text !== '')
    return (text.split('\n').find((line) => line.includes('error')) ?? text.slice(0, 300)).replace(/\.$/, '');
  if (typeof signal === 'string') return `it was ended by the signal ${signal}`;
  return typeof code === 'number' ? `it ended with exit code ${code}` : `it cannot be run (${String(code)})`;
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
