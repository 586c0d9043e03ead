import type { DataType, Graph, TensorData } from '../../graph/types.ts';
import type {
  CompileOptions,
  DeviceTensor,
  Engine,
  EngineDescription,
  ParameterSet,
  ParameterSpecification,
  Program,
} from '../engine.ts';
import { ownTensor, TensorFlowTensor } from './device-tensor.ts';
import type { FusedProducts } from './fused-products.ts';
import { loadTensorFlow, type LoadedTensorFlow, type TensorFlowLibraries } from './library.ts';
import { TensorFlowParameterSet } from './parameter-set.ts';
import { TensorFlowProgram } from './program.ts';
import type { TensorFlow } from './tensorflow.ts';

export interface TensorFlowEngineOptions {
  /** Threads that compute. The first engine of a process decides. */
  readonly threads: number;
  /** The pack: TensorFlow's libraries and the binding to them. */
  readonly libraries: TensorFlowLibraries;
}

/**
 * The engine over TensorFlow.js's native kernels.
 * @throws LoamError of kind 'environment' when the libraries are missing or cannot be loaded
 */
export async function createTensorFlowEngine(options: TensorFlowEngineOptions): Promise<Engine> {
  if (!Number.isInteger(options.threads) || options.threads < 1)
    throw new RangeError(`The number of threads is a whole number from 1, not ${options.threads}.`);
  return new TensorFlowEngine(loadTensorFlow(options.libraries, options.threads));
}

class TensorFlowEngine implements Engine {
  readonly description: EngineDescription;
  readonly #tensorflow: TensorFlow;
  readonly #fusedProducts: FusedProducts;
  readonly #tensors = new Set<TensorFlowTensor>();
  readonly #programs = new Set<TensorFlowProgram>();
  readonly #sets = new Set<TensorFlowParameterSet>();
  #disposed = false;

  constructor({ tensorflow, fusedProducts, description }: LoadedTensorFlow) {
    this.#tensorflow = tensorflow;
    this.#fusedProducts = fusedProducts;
    this.description = description;
  }

  allocate(dtype: DataType, shape: readonly number[]): DeviceTensor {
    this.#requireAlive();
    const tensor = new TensorFlowTensor(this.#tensorflow, dtype, shape, () => this.#tensors.delete(tensor));
    this.#tensors.add(tensor);
    return tensor;
  }

  async write(tensor: DeviceTensor, data: TensorData): Promise<void> {
    ownTensor(tensor, 'What is to be written to').write(data);
  }

  async read(tensor: DeviceTensor): Promise<TensorData> {
    return ownTensor(tensor, 'What is to be read').read();
  }

  async compile(graph: Graph, options: CompileOptions = {}): Promise<Program> {
    this.#requireAlive();
    const program: TensorFlowProgram = new TensorFlowProgram(
      graph,
      options.frozen ?? {},
      this.#tensorflow,
      this.#fusedProducts,
      () => this.#programs.delete(program),
    );
    this.#programs.add(program);
    return program;
  }

  async createParameterSet(specifications: readonly ParameterSpecification[]): Promise<ParameterSet> {
    this.#requireAlive();
    const set: TensorFlowParameterSet = new TensorFlowParameterSet(specifications, this.#tensorflow, () =>
      this.#sets.delete(set),
    );
    this.#sets.add(set);
    return set;
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await Promise.all([...this.#programs].map((program) => program.dispose()));
    await Promise.all([...this.#sets].map((set) => set.dispose()));
    for (const tensor of this.#tensors) tensor.dispose();
  }

  #requireAlive(): void {
    if (this.#disposed) throw new Error('The engine was already disposed of.');
  }
}
