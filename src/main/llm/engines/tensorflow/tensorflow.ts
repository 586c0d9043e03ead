import type { Tensor } from '@tensorflow/tfjs-core';
import type { LoamError } from '../../../../shared/errors.ts';
import type { DataType, TensorData } from '../../graph/types.ts';
import { outOfMemory } from '../out-of-memory.ts';
import { elementCount } from '../tensor-types.ts';

/** Element types that a tensor has inside of TensorFlow.js. */
export type DeviceType = 'float32' | 'int32' | 'bool';

/**
 * How Loam's element types lie in TensorFlow.js, which knows neither 64-bit integers nor bytes nor half precision: integers
 * of all widths as int32, float16 as float32 that was rounded.
 */
export const deviceTypes: Readonly<Record<DataType, DeviceType>> = {
  float32: 'float32',
  float16: 'float32',
  int64: 'int32',
  int32: 'int32',
  uint8: 'int32',
  bool: 'bool',
};

/** An attribute of one of TensorFlow's operations; those that follow from the inputs are left to TensorFlow. */
export interface OperationAttribute {
  readonly name: string;
  /** TF_AttrType of TensorFlow's C API. */
  readonly type: number;
  readonly value: boolean | number | string | readonly number[] | readonly string[];
}

/** The part of tfjs-node's native binding that is used; ids are those of tensors in the binding's table. */
export interface NativeBinding {
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_BOOL: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
  readonly TF_Version: string;
  isUsingGpuDevice(): boolean;
  getNumOfTensors(): number;
}

/** The part of tfjs-node's backend that is used: it runs one of TensorFlow's kernels on tensors. */
export interface KernelBackend {
  executeMultipleOutputs(
    operation: string,
    attributes: readonly OperationAttribute[],
    inputs: readonly Tensor[],
    outputs: number,
  ): Tensor[];
}

/** What is used of TensorFlow.js's core. */
export interface TensorFlowCore {
  tensor(values: Float32Array | Int32Array | Uint8Array, shape: number[], dtype: DeviceType): Tensor;
  memory(): { readonly numTensors: number; readonly numBytes: number };
}

/** TensorFlow as kernels see it. Whoever gets a tensor disposes of it. */
export class TensorFlow {
  readonly version: string;
  readonly usesGpu: boolean;
  readonly #core: TensorFlowCore;
  readonly #backend: KernelBackend;
  readonly #binding: NativeBinding;
  /** What was made since `clean` began; undefined outside of it. */
  #made: Tensor[] | undefined;

  constructor(core: TensorFlowCore, backend: KernelBackend, binding: NativeBinding) {
    this.#core = core;
    this.#backend = backend;
    this.#binding = binding;
    this.version = binding.TF_Version;
    this.usesGpu = binding.isUsingGpuDevice();
  }

  /**
   * Runs an operation with one output.
   * @throws LoamError of kind 'environment' when there is not enough memory; Error with TensorFlow's message otherwise
   */
  run(operation: string, inputs: readonly Tensor[], attributes: readonly OperationAttribute[] = []): Tensor {
    return this.runAll(operation, inputs, attributes, 1)[0]!;
  }

  /** Runs an operation with several outputs, or none. @throws as `run` */
  runAll(
    operation: string,
    inputs: readonly Tensor[],
    attributes: readonly OperationAttribute[],
    outputs: number,
  ): readonly Tensor[] {
    let results: readonly Tensor[];
    try {
      results = this.#backend.executeMultipleOutputs(operation, attributes, inputs, outputs);
    } catch (error) {
      throw error instanceof Error ? (memoryFault(error) ?? error) : error;
    }
    for (const result of results) this.#note(result);
    return results;
  }

  /** Does something that makes tensors; when it fails, those that it had made are given back. */
  clean<Result>(work: () => Result): Result {
    const outer = this.#made;
    const made: Tensor[] = [];
    this.#made = made;
    try {
      const result = work();
      outer?.push(...made.filter(({ isDisposed }) => !isDisposed));
      return result;
    } catch (error) {
      for (const tensor of made) if (!tensor.isDisposed) tensor.dispose();
      throw error;
    } finally {
      this.#made = outer;
    }
  }

  #note(tensor: Tensor): Tensor {
    this.#made?.push(tensor);
    return tensor;
  }

  #tensor(values: Float32Array | Int32Array | Uint8Array, shape: number[], dtype: DeviceType): Tensor {
    return this.#note(this.#core.tensor(values, shape, dtype));
  }

  boolean(name: string, value: boolean): OperationAttribute {
    return { name, type: this.#binding.TF_ATTR_BOOL, value };
  }

  integer(name: string, value: number): OperationAttribute {
    return { name, type: this.#binding.TF_ATTR_INT, value };
  }

  text(name: string, value: string): OperationAttribute {
    return { name, type: this.#binding.TF_ATTR_STRING, value };
  }

  /** A list of texts, which only the binding that Loam changes passes on (`studio/engines/binding-source.ts`). */
  texts(name: string, value: readonly string[]): OperationAttribute {
    return { name, type: this.#binding.TF_ATTR_STRING, value };
  }

  type(name: string, dtype: DeviceType): OperationAttribute {
    const { TF_FLOAT, TF_INT32, TF_BOOL } = this.#binding;
    const value = { float32: TF_FLOAT, int32: TF_INT32, bool: TF_BOOL }[dtype];
    return { name, type: this.#binding.TF_ATTR_TYPE, value };
  }

  shape(name: string, value: readonly number[]): OperationAttribute {
    return { name, type: this.#binding.TF_ATTR_SHAPE, value };
  }

  /** A small tensor of integers: shapes, axes, bounds. */
  integers(values: readonly number[] | number): Tensor {
    return typeof values === 'number'
      ? this.#tensor(Int32Array.of(values), [], 'int32')
      : this.#tensor(Int32Array.from(values), [values.length], 'int32');
  }

  number(value: number): Tensor {
    return this.#tensor(Float32Array.of(value), [], 'float32');
  }

  /** A tensor with the elements of a host array, which is copied. */
  upload(dtype: DataType, shape: readonly number[], data: TensorData): Tensor {
    return this.#tensor(toDevice(dtype, data), [...shape], deviceTypes[dtype]);
  }

  /** A tensor of zeros. */
  zeros(dtype: DataType, shape: readonly number[]): Tensor {
    const type = deviceTypes[dtype];
    return this.clean(() => {
      const extents = this.integers(shape);
      const zero = this.#tensor(
        type === 'float32' ? new Float32Array(1) : type === 'int32' ? new Int32Array(1) : new Uint8Array(1),
        [],
        type,
      );
      const zeros = this.run('Fill', [extents, zero]);
      extents.dispose();
      zero.dispose();
      return zeros;
    });
  }

  /** The elements of a tensor, as the host holds its element type. */
  read(dtype: DataType, tensor: Tensor): TensorData {
    return toHost(dtype, tensor.dataSync());
  }

  /** What TensorFlow.js holds now. */
  memory(): { readonly tensors: number; readonly bytes: number; readonly native: number } {
    const { numTensors, numBytes } = this.#core.memory();
    return { tensors: numTensors, bytes: numBytes, native: this.#binding.getNumOfTensors() };
  }
}

/** TF_RESOURCE_EXHAUSTED of TensorFlow's C API, and the tensor that did not fit where it is named. */
function memoryFault(error: Error): LoamError | undefined {
  if (!/^Invalid TF_Status: 8\b/.test(error.message)) return undefined;
  const [, extents, type] =
    /allocating tensor with shape\[([\d,]*)\] and type (\w+)/.exec(error.message) ?? [];
  const bytes = bytesOfTypes[type ?? ''];
  if (extents === undefined || bytes === undefined) return outOfMemory(undefined, error);
  return outOfMemory(bytes * elementCount(extents.split(',').filter(Boolean).map(Number)), error);
}

/** Bytes of an element, by TensorFlow's names. */
const bytesOfTypes: Readonly<Record<string, number>> = { float: 4, int32: 4, int64: 8, bool: 1 };

function toDevice(dtype: DataType, data: TensorData): Float32Array | Int32Array | Uint8Array {
  switch (dtype) {
    case 'float32':
      return (data as Float32Array).slice();
    case 'float16':
      return Float32Array.from(new Float16Array(data.buffer, data.byteOffset, data.length));
    case 'int64':
      return Int32Array.from(data as BigInt64Array, narrow);
    case 'int32':
      return (data as Int32Array).slice();
    case 'uint8':
      return Int32Array.from(data as Uint8Array);
    case 'bool':
      return (data as Uint8Array).slice();
  }
}

/** @throws RangeError for an integer that TensorFlow.js cannot hold */
function narrow(value: bigint): number {
  const narrowed = Number(BigInt.asIntN(32, value));
  if (BigInt(narrowed) !== value)
    throw new RangeError(`TensorFlow.js holds integers of 32 bits, and ${value} is larger.`);
  return narrowed;
}

function toHost(dtype: DataType, data: Float32Array | Int32Array | Uint8Array): TensorData {
  switch (dtype) {
    // A copy: TensorFlow.js may hand out the array that it holds itself.
    case 'float32':
    case 'int32':
    case 'bool':
      return data.slice();
    case 'float16':
      return new Uint16Array(Float16Array.from(data).buffer);
    case 'int64':
      return BigInt64Array.from(data as Int32Array, BigInt);
    case 'uint8':
      return Uint8Array.from(data);
  }
}
