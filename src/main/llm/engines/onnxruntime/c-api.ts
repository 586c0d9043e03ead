import koffi from 'koffi';
import type { LoamError } from '../../../../shared/errors.ts';
import { outOfMemory } from '../out-of-memory.ts';
import { loadOnnxRuntimeLibrary } from './library.ts';

/**
 * The functions of ONNX Runtime's C API that Loam calls, with their place in `OrtApi` and their C prototype, from the
 * public header onnxruntime_c_api.h of release 1.27. Pointers cross as BigInt. Functions that return an `OrtStatus*`
 * are declared by `status` and throw when it is not null.
 */

/** An error that ONNX Runtime reported, with its own message and code (OrtErrorCode). */
export class OnnxRuntimeError extends Error {
  readonly code: number;
  /** The C function that failed. */
  readonly call: string;

  constructor(call: string, code: number, message: string) {
    super(`ONNX Runtime: ${message} (${call}, error ${code})`);
    this.name = 'OnnxRuntimeError';
    this.call = call;
    this.code = code;
  }
}

/**
 * The error for a person when ONNX Runtime ran out of memory, which has no code of its own: its arena says how much it
 * asked the system for, the C++ library says `bad_alloc` (`bad allocation` on Windows).
 */
function memoryShortage(error: OnnxRuntimeError): LoamError | undefined {
  const bytes = /Failed to allocate memory for requested buffer of size (\d+)/.exec(error.message)?.[1];
  if (bytes !== undefined) return outOfMemory(Number(bytes), error);
  return /bad[_ ]alloc/.test(error.message) ? outOfMemory(undefined, error) : undefined;
}

/** Where a C function leaves a pointer or a number: an array with one element. */
export type Out<Type> = [Type];
type OutPointer = Out<bigint | null>;
/** An address, or a buffer whose address is meant. */
type Data = bigint | ArrayBufferView;

interface Declaration<Arguments extends readonly unknown[], Result> {
  readonly index: number;
  readonly result: string;
  readonly parameters: readonly string[];
  readonly call?: (...values: Arguments) => Result;
}

/** A function that returns a status. */
function status<Arguments extends readonly unknown[]>(
  index: number,
  ...parameters: string[]
): Declaration<Arguments, void> {
  return { index, result: 'OrtStatus*', parameters };
}

/** A function that cannot fail. */
function release(index: number): Declaration<[handle: bigint], void> {
  return { index, result: 'void', parameters: ['void*'] };
}

/** Out-parameters as koffi writes them. */
const outPointer = 'void** out';
/** ORTCHAR_T*: file names are wide characters on Windows. */
const filePath = process.platform === 'win32' ? 'str16' : 'str';

const declarations = {
  CreateEnv: status<[level: number, name: string, out: OutPointer]>(3, 'int', 'const char*', outPointer),
  DisableTelemetryEvents: status<[environment: bigint]>(6, 'void*'),
  ReleaseEnv: release(92),

  CreateSessionOptions: status<[out: OutPointer]>(10, outPointer),
  EnableProfiling: status<[options: bigint, prefix: string]>(14, 'void*', filePath),
  DisableMemPattern: status<[options: bigint]>(17, 'void*'),
  SetSessionLogSeverityLevel: status<[options: bigint, level: number]>(22, 'void*', 'int'),
  SetSessionGraphOptimizationLevel: status<[options: bigint, level: number]>(23, 'void*', 'int'),
  SetIntraOpNumThreads: status<[options: bigint, threads: number]>(24, 'void*', 'int'),
  AddSessionConfigEntry: status<[options: bigint, key: string, value: string]>(
    130,
    'void*',
    'const char*',
    'const char*',
  ),
  AddInitializer: status<[options: bigint, name: string, value: bigint]>(
    150,
    'void*',
    'const char*',
    'void*',
  ),
  ReleaseSessionOptions: release(100),

  CreateArenaCfgV2: status<[keys: readonly string[], values: BigUint64Array, count: number, out: OutPointer]>(
    164,
    'const char**',
    'size_t*',
    'size_t',
    outPointer,
  ),
  ReleaseArenaCfg: release(157),
  CreateAndRegisterAllocator: status<[environment: bigint, memory: bigint, configuration: bigint]>(
    144,
    'void*',
    'void*',
    'void*',
  ),

  CreateSessionFromArray: status<
    [environment: bigint, model: Data, bytes: number, options: bigint, out: OutPointer]
  >(8, 'void*', 'void*', 'size_t', 'void*', outPointer),
  CreatePrepackedWeightsContainer: status<[out: OutPointer]>(166, outPointer),
  ReleasePrepackedWeightsContainer: release(167),
  CreateSessionFromArrayWithPrepackedWeightsContainer: status<
    [environment: bigint, model: Data, bytes: number, options: bigint, container: bigint, out: OutPointer]
  >(169, 'void*', 'void*', 'size_t', 'void*', 'void*', outPointer),
  ReleaseSession: release(95),

  CreateRunOptions: status<[out: OutPointer]>(39, outPointer),
  AddRunConfigEntry: status<[options: bigint, key: string, value: string]>(
    165,
    'void*',
    'const char*',
    'const char*',
  ),
  RunOptionsSetTerminate: status<[options: bigint]>(46, 'void*'),
  RunOptionsUnsetTerminate: status<[options: bigint]>(47, 'void*'),
  ReleaseRunOptions: release(97),

  RunWithBinding: status<[session: bigint, options: bigint, binding: bigint]>(133, 'void*', 'void*', 'void*'),
  CreateIoBinding: status<[session: bigint, out: OutPointer]>(134, 'void*', outPointer),
  BindInput: status<[binding: bigint, name: Data, value: bigint]>(136, 'void*', 'void*', 'void*'),
  BindOutput: status<[binding: bigint, name: Data, value: bigint]>(137, 'void*', 'void*', 'void*'),
  ReleaseIoBinding: release(135),

  CreateCpuMemoryInfo: status<[allocator: number, memory: number, out: OutPointer]>(
    69,
    'int',
    'int',
    outPointer,
  ),
  ReleaseMemoryInfo: release(94),
  CreateTensorWithDataAsOrtValue: status<
    [
      memory: bigint,
      data: Data,
      bytes: number,
      shape: BigInt64Array,
      rank: number,
      type: number,
      out: OutPointer,
    ]
  >(49, 'void*', 'void*', 'size_t', 'int64_t*', 'size_t', 'int', outPointer),
  ReleaseValue: release(96),
} as const;

type CallOf<Type> =
  Type extends Declaration<infer Arguments, infer Result> ? (...values: Arguments) => Result : never;
type AsyncCallOf<Type> =
  Type extends Declaration<infer Arguments, unknown> ? (...values: Arguments) => Promise<void> : never;

type Declarations = typeof declarations;
/** The functions that may run on another thread, so that the event loop goes on meanwhile. */
type AsynchronousName =
  'RunWithBinding' | 'CreateSessionFromArray' | 'CreateSessionFromArrayWithPrepackedWeightsContainer';

/** ONNX Runtime's C API as functions that throw: a LoamError where memory ran out, else an OnnxRuntimeError. */
export type OnnxRuntimeApi = { readonly [Name in keyof Declarations]: CallOf<Declarations[Name]> } & {
  /** The same functions on one of libuv's threads. What is passed must stay alive until the promise settles. */
  readonly async: { readonly [Name in AsynchronousName]: AsyncCallOf<Declarations[Name]> };
};

let api: OnnxRuntimeApi | undefined;

/** The C API of the loaded library; loads it first if need be. */
export function onnxRuntimeApi(): OnnxRuntimeApi {
  api ??= bindApi(loadOnnxRuntimeLibrary().table);
  return api;
}

function bindApi(table: bigint): OnnxRuntimeApi {
  const getErrorCode = decodeFunction(table, 1, 'int', ['void*']) as unknown as (status: bigint) => number;
  const getErrorMessage = decodeFunction(table, 2, 'const char*', ['void*']) as unknown as (
    status: bigint,
  ) => string;
  const releaseStatus = decodeFunction(table, 93, 'void', ['void*']) as unknown as (status: bigint) => void;
  /** Turns a status into an exception and releases it. */
  const check = (call: string, status: bigint | null): void => {
    if (status === null) return;
    const error = new OnnxRuntimeError(call, getErrorCode(status), getErrorMessage(status));
    releaseStatus(status);
    throw memoryShortage(error) ?? error;
  };
  const calls: Record<string, unknown> = {};
  const asynchronous: Record<string, unknown> = {};
  for (const [name, { index, result, parameters }] of Object.entries(declarations)) {
    const native = decodeFunction(table, index, result === 'OrtStatus*' ? 'void*' : result, parameters);
    if (result === 'OrtStatus*') {
      calls[name] = (...values: unknown[]) => check(name, native(...values) as bigint | null);
      asynchronous[name] = (...values: unknown[]) =>
        new Promise<void>((resolve, reject) => {
          native.async(...values, (error: Error | null, status: bigint | null) => {
            if (error !== null) return reject(error);
            try {
              check(name, status);
              resolve();
            } catch (problem) {
              reject(problem);
            }
          });
        });
    } else {
      calls[name] = native;
    }
  }
  return { ...calls, async: asynchronous } as unknown as OnnxRuntimeApi;
}

type NativeFunction = ((...values: unknown[]) => unknown) & { async(...values: unknown[]): void };

/** Makes entry `index` of the table callable. */
function decodeFunction(
  table: bigint,
  index: number,
  result: string,
  parameters: readonly string[],
): NativeFunction {
  const types = parameters.map((type) => (type.endsWith(' out') ? koffi.out(type.slice(0, -4)) : type));
  return koffi.decode(koffi.decode(table, 8 * index, 'void*'), koffi.proto(result, types)) as NativeFunction;
}
