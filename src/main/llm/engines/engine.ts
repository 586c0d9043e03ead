import type { EngineName } from '../../../shared/engines/engine.ts';
import type { DataType, Graph, TensorData } from '../graph/types.ts';

export type { EngineName } from '../../../shared/engines/engine.ts';

/** A block of memory that an engine owns: parameters, gradients, caches, a program's inputs and outputs. */
export interface DeviceTensor {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  /** Gives the memory back. Tensors that belong to a parameter set are given back with the set. */
  dispose(): void;
}

/** A graph made ready to run on an engine. */
export interface Program {
  /**
   * Runs the graph once. `bindings` names a tensor for every input and output of the graph; results are written into the
   * tensors bound to outputs. A tensor may be bound to an input and an output at once only where the graph declares
   * them aliases. Runs of one program do not overlap.
   * @throws LoamError of kind 'interrupted' when `signal` aborts; the outputs' contents are then undefined.
   */
  run(bindings: Readonly<Record<string, DeviceTensor>>, signal?: AbortSignal): Promise<void>;
  /** Frees the program. No run may be under way. */
  dispose(): Promise<void>;
}

/** How a program is compiled. */
export interface CompileOptions {
  /**
   * Weights that never change while the program lives (chat, evaluation of a finished checkpoint), by input name: the
   * engine may repack them for speed and share the packed copy between programs. They are not bound in `run`.
   */
  readonly frozen?: Readonly<Record<string, DeviceTensor>>;
}

/** One trainable parameter: name and shape as Hugging Face gives them, and whether weight decay applies to it. */
export interface ParameterSpecification {
  readonly name: string;
  readonly shape: readonly number[];
  readonly weightDecay: boolean;
}

/** One AdamW update (Loshchilov & Hutter, "Decoupled Weight Decay Regularization", ICLR 2019, algorithm 2). */
export interface AdamWStep {
  /** Counts from 1: the bias corrections use it. */
  readonly step: number;
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  /** Every gradient is multiplied by this before use: global-norm clipping. */
  readonly gradientScale: number;
}

/** The tensors of a parameter set, by purpose. */
export type ParameterBuffer = 'parameters' | 'gradients' | 'firstMoments' | 'secondMoments';

/** Parameters in training, with their gradients and optimizer state, in the engine's own memory. */
export interface ParameterSet {
  readonly specifications: readonly ParameterSpecification[];
  /** The tensors of one buffer by parameter name, for binding to programs and for reading and writing. */
  buffer(buffer: ParameterBuffer): Readonly<Record<string, DeviceTensor>>;
  zeroGradients(): Promise<void>;
  /** Global L2 norm of all gradients; deterministic for a number of threads. NaN or infinite when a gradient is. */
  gradientNorm(): Promise<number>;
  /** Updates every parameter from its gradient. */
  adamW(update: AdamWStep): Promise<void>;
  dispose(): Promise<void>;
}

/** What an engine is and runs on; recorded with each run. */
export interface EngineDescription {
  readonly name: EngineName;
  readonly versions: Readonly<Record<string, string>>;
  readonly device: string;
  /** Whether that is the processor or a graphics card. */
  readonly deviceKind: 'cpu' | 'gpu';
  readonly threads: number;
}

/** Runs graphs. An engine lives in a worker process of its own and is the only thing there that touches its library. */
export interface Engine {
  readonly description: EngineDescription;
  /** Memory for one tensor, filled with zeros. */
  allocate(dtype: DataType, shape: readonly number[]): DeviceTensor;
  /** Copies elements from the host, in row-major order; `data` has exactly the tensor's number of elements. */
  write(tensor: DeviceTensor, data: TensorData): Promise<void>;
  /** Copies a tensor's elements to the host. */
  read(tensor: DeviceTensor): Promise<TensorData>;
  compile(graph: Graph, options?: CompileOptions): Promise<Program>;
  createParameterSet(specifications: readonly ParameterSpecification[]): Promise<ParameterSet>;
  /** Frees everything that the engine still holds. */
  dispose(): Promise<void>;
}
