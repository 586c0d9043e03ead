import koffi from 'koffi';
import { elementArrays, onnxDataTypes } from '../../graph/data-types.ts';
import type { DataType, TensorData } from '../../graph/types.ts';
import type { DeviceTensor } from '../engine.ts';
import { onnxRuntimeApi } from './c-api.ts';
import { checkElements, describeType, elementCount } from '../tensor-types.ts';
import { Handle } from './handle.ts';
import { allocateHostMemory, type HostMemory } from './host-memory.ts';

/**
 * A tensor in host memory that ONNX Runtime reads and writes where it lies. Its OrtValue is made once, when it is
 * first bound. A tensor that is disposed of while a run uses it lives until that run ends.
 */
export class OnnxRuntimeTensor implements DeviceTensor {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  readonly #memory: HostMemory;
  readonly #onFree: (tensor: OnnxRuntimeTensor) => void;
  #value: Handle | undefined;
  #uses = 0;
  #disposed = false;
  #belongsToSet = false;

  /** @param memory exactly the bytes of the tensor's elements */
  constructor(
    dtype: DataType,
    shape: readonly number[],
    memory: HostMemory,
    onFree: (tensor: OnnxRuntimeTensor) => void = () => undefined,
  ) {
    const bytes = elementCount(shape) * elementArrays[dtype].BYTES_PER_ELEMENT;
    if (memory.bytes.byteLength !== bytes)
      throw new RangeError(
        `${describeType(dtype, shape)} needs ${bytes} bytes, not ${memory.bytes.byteLength}.`,
      );
    this.dtype = dtype;
    this.shape = Object.freeze([...shape]);
    this.#memory = memory;
    this.#onFree = onFree;
  }

  /** A tensor in memory of its own, filled with zeros. */
  static allocate(
    dtype: DataType,
    shape: readonly number[],
    onFree?: (tensor: OnnxRuntimeTensor) => void,
  ): OnnxRuntimeTensor {
    const memory = allocateHostMemory(elementCount(shape) * elementArrays[dtype].BYTES_PER_ELEMENT, (bytes) =>
      koffi.address(bytes),
    );
    return new OnnxRuntimeTensor(dtype, shape, memory, onFree);
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  /** A float32 tensor in the memory of a parameter set, which disposes of it by `disposeWithSet`. */
  static ofSet(shape: readonly number[], bytes: Uint8Array): OnnxRuntimeTensor {
    const tensor = new OnnxRuntimeTensor('float32', shape, { bytes, free: () => undefined });
    tensor.#belongsToSet = true;
    return tensor;
  }

  /** The elements where they lie: valid until the tensor is disposed of. */
  get elements(): TensorData {
    this.#requireAlive();
    const ElementArray = elementArrays[this.dtype];
    const view = this.#memory.bytes;
    return new ElementArray(view.buffer, view.byteOffset, view.byteLength / ElementArray.BYTES_PER_ELEMENT);
  }

  /**
   * Copies elements in.
   * @throws TypeError or RangeError when they are of another type or number; Error while a run or a program's frozen
   * weights use the tensor
   */
  write(data: TensorData): void {
    if (this.#uses > 0)
      throw new Error(
        `This ${describeType(this.dtype, this.shape)} tensor is in use: by a run under way or as a program's frozen weight.`,
      );
    this.copyElements(data);
  }

  /** As `write`, for the program that uses the tensor. */
  copyElements(data: TensorData): void {
    const elements = this.elements;
    checkElements(this.dtype, this.shape, data);
    (elements as { set(source: TensorData): void }).set(data);
  }

  /** The address of the tensor's OrtValue for a binding. */
  get valuePointer(): bigint {
    this.#requireAlive();
    this.#value ??= this.#createValue();
    return this.#value.pointer;
  }

  /** Keeps the tensor alive until `endUse`, whatever happens meanwhile. */
  beginUse(): void {
    this.#requireAlive();
    this.#uses++;
  }

  endUse(): void {
    this.#uses--;
    if (this.#disposed && this.#uses === 0) this.#free();
  }

  dispose(): void {
    if (!this.#belongsToSet) this.disposeWithSet();
  }

  disposeWithSet(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    if (this.#uses === 0) this.#free();
  }

  #free(): void {
    this.#value?.[Symbol.dispose]();
    this.#memory.free();
    this.#onFree(this);
  }

  #requireAlive(): void {
    if (this.#disposed)
      throw new Error(`This ${describeType(this.dtype, this.shape)} tensor was already disposed of.`);
  }

  #createValue(): Handle {
    const api = onnxRuntimeApi();
    const { bytes } = this.#memory;
    const shape = BigInt64Array.from(this.shape, BigInt);
    using memoryInfo = Handle.create((out) => api.CreateCpuMemoryInfo(0, 0, out), api.ReleaseMemoryInfo);
    return Handle.create(
      (out) =>
        api.CreateTensorWithDataAsOrtValue(
          memoryInfo.pointer,
          koffi.address(bytes),
          bytes.byteLength,
          shape,
          shape.length,
          onnxDataTypes[this.dtype], // ONNXTensorElementDataType has the same numbers
          out,
        ),
      api.ReleaseValue,
    );
  }
}

/** The engine's own tensor behind an interface's. @throws TypeError when it belongs to another engine */
export function ownTensor(tensor: DeviceTensor, what: string): OnnxRuntimeTensor {
  if (!(tensor instanceof OnnxRuntimeTensor))
    throw new TypeError(`${what} is no tensor of the ONNX Runtime engine.`);
  if (tensor.disposed) throw new Error(`${what} was already disposed of.`);
  return tensor;
}
