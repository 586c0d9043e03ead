import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import process from 'node:process';
import koffi, { type LibraryHandle } from 'koffi';
import { LoamError } from '../../../../shared/errors.ts';
import { onnxRuntimeVersion } from './version.ts';

/** The lowest version of the C API that has every function used here; entries of the table never move afterwards. */
const apiVersion = 23;

/** ONNX Runtime's shared library, loaded, and the table of its C API. */
export interface OnnxRuntimeLibrary {
  readonly path: string;
  readonly version: string;
  /** Address of the `OrtApi` table: function i is the pointer at byte offset 8·i. */
  readonly table: bigint;
  /** Keeps the library mapped: function pointers do not. */
  readonly handle: LibraryHandle;
}

/** File names of the shared library inside onnxruntime-node, by `platform-arch`. */
const libraryFiles: Readonly<Record<string, string>> = {
  'linux-x64': 'libonnxruntime.so.1',
  'linux-arm64': 'libonnxruntime.so.1',
  'darwin-arm64': 'libonnxruntime.1.27.0.dylib',
  'win32-x64': 'onnxruntime.dll',
  'win32-arm64': 'onnxruntime.dll',
};

/**
 * Where onnxruntime-node 1.27.0 keeps its shared library for a platform. Inside an Electron archive the operating
 * system cannot open it, so the copy that the packager unpacked beside the archive is named instead.
 * @param packageFolder the folder of the package onnxruntime-node
 * @throws LoamError of kind 'environment' when the package has no library for the platform
 */
export function onnxRuntimeLibraryPath(packageFolder: string, platform: string, arch: string): string {
  const file = libraryFiles[`${platform}-${arch}`];
  if (file === undefined) {
    throw new LoamError({
      kind: 'environment',
      what: `ONNX Runtime has no library for ${platform} on ${arch}.`,
      remedy: `Use one of: ${Object.keys(libraryFiles).join(', ')}.`,
    });
  }
  const folder = packageFolder.replace(`app.asar${sep}`, `app.asar.unpacked${sep}`);
  return join(folder, 'bin', 'napi-v6', platform, arch, file);
}

let loaded: OnnxRuntimeLibrary | undefined;

/**
 * Loads ONNX Runtime's shared library, once for each process. The only place that may: it switches telemetry off
 * first (1.27.0 has none on Linux and macOS; the variable is for the day that this version is raised).
 * @throws LoamError of kind 'environment' when the package is missing, of another version, or cannot be loaded
 */
export function loadOnnxRuntimeLibrary(): OnnxRuntimeLibrary {
  if (loaded !== undefined) return loaded;
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  const { folder, version } = findPackage();
  const path = onnxRuntimeLibraryPath(folder, process.platform, process.arch);
  if (version !== onnxRuntimeVersion || !existsSync(path)) {
    throw new LoamError({
      kind: 'environment',
      what:
        version === onnxRuntimeVersion
          ? 'The library of onnxruntime-node is missing.'
          : `onnxruntime-node is version ${version}, not ${onnxRuntimeVersion}.`,
      where: path,
      remedy: 'Run npm ci in the project folder.',
    });
  }
  reserveStacks();
  let handle: LibraryHandle;
  try {
    handle = koffi.load(path);
  } catch (error) {
    throw new LoamError(
      {
        kind: 'environment',
        what: `ONNX Runtime cannot be loaded: ${error instanceof Error ? error.message : String(error)}.`,
        where: path,
        remedy: 'Run npm ci in the project folder; on Windows install the Visual C++ runtime.',
      },
      { cause: error },
    );
  }
  const base: unknown = handle.func('OrtGetApiBase', 'void*', [])();
  const getApi = koffi.decode(koffi.decode(base, 0, 'void*'), koffi.proto('void*', ['uint32_t'])) as (
    version: number,
  ) => bigint | null;
  const getVersion = koffi.decode(
    koffi.decode(base, 8, 'void*'),
    koffi.proto('const char*', []),
  ) as () => string;
  const table = getApi(apiVersion);
  const libraryVersion = getVersion();
  if (table === null || libraryVersion !== onnxRuntimeVersion) {
    throw new LoamError({
      kind: 'environment',
      what: `The library says that it is ONNX Runtime ${libraryVersion}, not ${onnxRuntimeVersion}.`,
      where: path,
      remedy: 'Run npm ci in the project folder.',
    });
  }
  loaded = { path, version: libraryVersion, table, handle };
  return loaded;
}

/** The folder and version of the installed onnxruntime-node; its JavaScript is never run. */
function findPackage(): { folder: string; version: string } {
  const require = createRequire(import.meta.url);
  try {
    const manifest = require.resolve('onnxruntime-node/package.json');
    return { folder: dirname(manifest), version: (require(manifest) as { version: string }).version };
  } catch (error) {
    throw new LoamError(
      {
        kind: 'environment',
        what: 'The package onnxruntime-node is not installed.',
        remedy: 'Run npm ci in the project folder.',
      },
      { cause: error },
    );
  }
}

/** C code runs on stacks that koffi reserves. Its 128 KiB for asynchronous calls was enough so far: this is the margin. */
function reserveStacks(): void {
  const wanted = 2 << 20;
  if ((koffi.config().async_stack_size ?? 0) >= wanted) return;
  try {
    koffi.config({ async_stack_size: wanted });
  } catch {
    // Another module loaded a library before us, after which the sizes are fixed. The defaults work too.
  }
}
