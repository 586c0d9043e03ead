import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';
import koffi, { type LibraryHandle } from 'koffi';
import { LoamError } from '../../../../shared/errors.ts';
import type { EngineDescription } from '../engine.ts';
import { describeProcessor } from '../processor-description.ts';
import { prepareEnvironment } from './environment.ts';
import { createFusedProducts, type FusedProducts } from './fused-products.ts';
import { TensorFlow, type KernelBackend, type NativeBinding, type TensorFlowCore } from './tensorflow.ts';

/** The native files of an engine pack. */
export interface TensorFlowLibraries {
  /** TensorFlow's shared libraries, each after those that it needs. */
  readonly libraries: readonly string[];
  /** tfjs-node's binding, which calls TensorFlow's C API. */
  readonly binding: string;
}

/** TensorFlow in this process. */
export interface LoadedTensorFlow {
  readonly tensorflow: TensorFlow;
  readonly fusedProducts: FusedProducts;
  readonly description: EngineDescription;
}

let loaded: (LoadedTensorFlow & { readonly handles: readonly LibraryHandle[] }) | undefined;

/**
 * Loads TensorFlow and TensorFlow.js, once for each process. The binding names no library: it finds TensorFlow's functions
 * among those that the process has, so that one binding serves every release of the libraries, for the processor or for a
 * card.
 * @throws LoamError of kind 'environment' when a file is missing or cannot be loaded
 */
export function loadTensorFlow(
  { libraries, binding }: TensorFlowLibraries,
  threads: number,
): LoadedTensorFlow {
  if (loaded !== undefined) return loaded;
  for (const file of [...libraries, binding])
    if (!existsSync(file)) throw unusable(file, 'The file is missing.');
  prepareEnvironment(threads);
  giveMemoryBack();
  const handles = libraries.map((file) => {
    try {
      return koffi.load(file, { global: true, lazy: true });
    } catch (error) {
      throw unusable(file, `TensorFlow cannot be loaded: ${messageOf(error)}.`, error);
    }
  });
  const require = createRequire(import.meta.url);
  // tfjs-node asks for a function that Node no longer has.
  const util = require('node:util') as { isNullOrUndefined?: (value: unknown) => boolean };
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  let native: NativeBinding;
  try {
    native = require(binding) as NativeBinding;
  } catch (error) {
    throw unusable(binding, `TensorFlow's binding cannot be loaded: ${messageOf(error)}.`, error);
  }
  const core = require('@tensorflow/tfjs-core') as TensorFlowCore & {
    registerBackend(name: string, factory: () => unknown, priority: number): boolean;
    setBackend(name: string): unknown;
  };
  const { NodeJSKernelBackend } = require('@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js') as {
    NodeJSKernelBackend: new (binding: NativeBinding, packageName: string) => KernelBackend;
  };
  const backend = new NodeJSKernelBackend(native, '@tensorflow/tfjs-node-gpu');
  core.registerBackend('tensorflow', () => backend, 3);
  core.setBackend('tensorflow');
  const tensorflow = new TensorFlow(core, backend, native);
  const { version } = require('@tensorflow/tfjs-node-gpu/package.json') as { version: string };
  loaded = {
    tensorflow,
    fusedProducts: createFusedProducts(tensorflow),
    handles,
    description: {
      name: 'tensorflow',
      versions: { tensorflow: native.TF_Version, 'tfjs-node-gpu': version, node: process.versions.node },
      device: tensorflow.usesGpu ? 'GPU' : describeProcessor(),
      deviceKind: tensorflow.usesGpu ? 'gpu' : 'cpu',
      threads,
    },
  };
  return loaded;
}

/**
 * Has the C library give large blocks back to the operating system when they are freed, instead of keeping them for later:
 * what a run begins with on the host would stay beside it.
 */
function giveMemoryBack(): void {
  if (process.platform !== 'linux') return;
  try {
    // M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of glibc's malloc.h.
    const mallopt = koffi.load('libc.so.6').func('int mallopt(int, int)');
    mallopt(-1, largeBlock);
    mallopt(-3, largeBlock);
  } catch {
    // Another C library, which has no such choice.
  }
}

const largeBlock = 2 ** 20;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function unusable(file: string, what: string, cause?: unknown): LoamError {
  return new LoamError(
    {
      kind: 'environment',
      what,
      where: file,
      remedy: 'Install the TensorFlow engine anew, or use the ONNX Runtime engine.',
    },
    { cause },
  );
}
