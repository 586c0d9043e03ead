import type { Tensor } from '@tensorflow/tfjs-core';
import type { DataType, TensorData } from '../../graph/types.ts';
import type { DeviceTensor } from '../engine.ts';
import { checkElements, describeType, elementCount } from '../tensor-types.ts';
import { deviceTypes, type TensorFlow } from './tensorflow.ts';

/**
 * A tensor of the engine's interface: a place that holds one of TensorFlow's tensors, which never change. What is written to
 * it takes the place of what was there. Nothing is held before the first write: it stands for zeros.
 */
export class TensorFlowTensor implements DeviceTensor {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  readonly #tensorflow: TensorFlow;
  readonly #onDispose: (tensor: TensorFlowTensor) => void;
  #held: Tensor | undefined;
  #disposed = false;

  constructor(
    tensorflow: TensorFlow,
    dtype: DataType,
    shape: readonly number[],
    onDispose: (tensor: TensorFlowTensor) => void = () => undefined,
  ) {
    elementCount(shape);
    this.#tensorflow = tensorflow;
    this.dtype = dtype;
    this.shape = Object.freeze([...shape]);
    this.#onDispose = onDispose;
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  /** What is held now, which stays the holder's. */
  borrow(): Tensor {
    this.#requireAlive();
    return (this.#held ??= this.#tensorflow.zeros(this.dtype, this.shape));
  }

  /** A tensor of the elements as they are now, in memory of its own. */
  copy(): Tensor {
    return this.#tensorflow.run('DeepCopy', [this.borrow()]);
  }

  /** What is held now, for a reader that disposes of it; nothing is left. */
  take(): Tensor {
    const tensor = this.borrow();
    this.#held = undefined;
    return tensor;
  }

  /** Holds a tensor from now on, whose owner is the holder then. */
  put(tensor: Tensor): void {
    this.#requireAlive();
    this.#held?.dispose();
    this.#held = tensor;
  }

  /** Lets go of what is held: the tensor is zeros again. */
  clear(): void {
    this.#held?.dispose();
    this.#held = undefined;
  }

  /** Copies elements in. @throws TypeError or RangeError when they are of another type or number */
  write(data: TensorData): void {
    this.#requireAlive();
    checkElements(this.dtype, this.shape, data);
    this.put(this.#tensorflow.upload(this.dtype, this.shape, data));
  }

  read(): TensorData {
    return this.#tensorflow.read(this.dtype, this.borrow());
  }

  dispose(): void {
    if (this.#disposed) return;
    this.clear();
    this.#disposed = true;
    this.#onDispose(this);
  }

  #requireAlive(): void {
    if (this.#disposed)
      throw new Error(`This ${describeType(this.dtype, this.shape)} tensor was already disposed of.`);
  }
}

/** Whether a tensor of TensorFlow's is of a type of Loam's. */
export function isOfType(tensor: Tensor, dtype: DataType, shape: readonly number[]): boolean {
  return (
    tensor.dtype === deviceTypes[dtype] &&
    tensor.shape.length === shape.length &&
    tensor.shape.every((extent, axis) => extent === shape[axis])
  );
}

/** A tensor of a parameter set that is updated in place: one of TensorFlow's variables. */
export class TensorFlowVariable implements DeviceTensor {
  readonly dtype = 'float32';
  readonly shape: readonly number[];
  readonly #tensorflow: TensorFlow;
  readonly handle: Tensor;
  readonly #readAttributes;

  constructor(tensorflow: TensorFlow, shape: readonly number[]) {
    this.#tensorflow = tensorflow;
    this.shape = Object.freeze([...shape]);
    const typeAttribute = tensorflow.type('dtype', 'float32');
    this.#readAttributes = [typeAttribute];
    this.handle = tensorflow.clean(() => {
      const handle = tensorflow.run(
        'VarHandleOp',
        [],
        [
          tensorflow.text('container', ''),
          // A name of TensorFlow's that is no name: each such variable is its own.
          tensorflow.text('shared_name', anonymousName),
          typeAttribute,
          tensorflow.shape('shape', shape),
        ],
      );
      const zeros = tensorflow.zeros('float32', shape);
      this.#assignTo(handle, zeros);
      zeros.dispose();
      return handle;
    });
  }

  get disposed(): boolean {
    return this.handle.isDisposed;
  }

  /** The elements as they are now, over the variable's own memory: dispose of it before the next update. */
  view(): Tensor {
    return this.#tensorflow.run('ReadVariableOp', [this.handle], this.#readAttributes);
  }

  /** A tensor of the elements as they are now, in memory of its own. */
  copy(): Tensor {
    const view = this.view();
    try {
      return this.#tensorflow.run('DeepCopy', [view]);
    } finally {
      view.dispose();
    }
  }

  /** Makes the tensor's memory the variable's; the caller disposes of the tensor. */
  assign(tensor: Tensor): void {
    this.#assignTo(this.handle, tensor);
  }

  #assignTo(handle: Tensor, tensor: Tensor): void {
    this.#tensorflow.runAll('AssignVariableOp', [handle, tensor], this.#readAttributes, 0);
  }

  write(data: TensorData): void {
    checkElements(this.dtype, this.shape, data);
    const tensor = this.#tensorflow.upload(this.dtype, this.shape, data);
    this.assign(tensor);
    tensor.dispose();
  }

  read(): TensorData {
    const view = this.view();
    const data = this.#tensorflow.read(this.dtype, view);
    view.dispose();
    return data;
  }

  /** A variable belongs to its set, which disposes of it. */
  dispose(): void {
    // Nothing here: see disposeWithSet.
  }

  disposeWithSet(): void {
    this.#tensorflow.runAll(
      'DestroyResourceOp',
      [this.handle],
      [this.#tensorflow.boolean('ignore_lookup_error', true)],
      0,
    );
    this.handle.dispose();
  }
}

/** ResourceHandle::ANONYMOUS_NAME of TensorFlow: variables of this name are told apart by their handles. */
const anonymousName = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347';

/** The engine's own tensor behind an interface's. @throws TypeError when it belongs to another engine */
export function ownTensor(tensor: DeviceTensor, what: string): TensorFlowTensor | TensorFlowVariable {
  if (!(tensor instanceof TensorFlowVariable || tensor instanceof TensorFlowTensor))
    throw new TypeError(`${what} is no tensor of the TensorFlow engine.`);
  if (tensor.disposed) throw new Error(`${what} was already disposed of.`);
  return tensor;
}
