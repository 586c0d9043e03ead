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
import { describeProcessor } from '../processor-description.ts';
import { onnxRuntimeApi } from './c-api.ts';
import { OnnxRuntimeTensor, ownTensor } from './device-tensor.ts';
import { FrozenWeights } from './frozen-weights.ts';
import { Handle } from './handle.ts';
import { loadOnnxRuntimeLibrary } from './library.ts';
import { OnnxRuntimeParameterSet } from './parameter-set.ts';
import { OnnxRuntimeProgram } from './program.ts';
import { SharedArena } from './shared-arena.ts';
import { logFatalErrors, type SessionSurroundings } from './session.ts';

export interface OnnxRuntimeEngineOptions {
  /** Threads that compute: ONNX Runtime's and, between its runs, the update kernels'. */
  readonly threads: number;
  /**
   * Folder for ONNX Runtime's profiles: one JSON file in Chrome's trace format for each program, written when it is
   * disposed of, with every operator's time. Measuring takes time itself. Default: none.
   */
  readonly profileFolder?: string;
}

/**
 * The engine over ONNX Runtime's CPU provider, called through its C API.
 * @throws LoamError of kind 'environment' when the library is missing or cannot be loaded
 */
export async function createOnnxRuntimeEngine({
  threads,
  profileFolder,
}: OnnxRuntimeEngineOptions): Promise<Engine> {
  if (!Number.isInteger(threads) || threads < 1)
    throw new RangeError(`The number of threads is a whole number from 1, not ${threads}.`);
  return new OnnxRuntimeEngine(threads, profileFolder);
}

class OnnxRuntimeEngine implements Engine {
  readonly description: EngineDescription;
  readonly #surroundings: SessionSurroundings;
  readonly #arena: SharedArena;
  readonly #tensors = new Set<OnnxRuntimeTensor>();
  readonly #compilations = new Set<Promise<OnnxRuntimeProgram>>();
  readonly #programs = new Set<OnnxRuntimeProgram>();
  readonly #sets = new Set<OnnxRuntimeParameterSet>();
  #disposed = false;

  constructor(threads: number, profileFolder: string | undefined) {
    const { version } = loadOnnxRuntimeLibrary();
    const api = onnxRuntimeApi();
    const environment = Handle.create((out) => api.CreateEnv(logFatalErrors, 'loam', out), api.ReleaseEnv);
    api.DisableTelemetryEvents(environment.pointer);
    this.#arena = new SharedArena(environment);
    this.#surroundings = { environment, threads, frozenWeights: new FrozenWeights(), profileFolder };
    this.description = {
      name: 'onnxruntime',
      versions: { onnxruntime: version, node: process.versions.node, v8: process.versions.v8 },
      device: describeProcessor(),
      deviceKind: 'cpu',
      threads,
    };
  }

  allocate(dtype: DataType, shape: readonly number[]): DeviceTensor {
    this.#requireAlive();
    const tensor = OnnxRuntimeTensor.allocate(dtype, shape, () => this.#tensors.delete(tensor));
    this.#tensors.add(tensor);
    return tensor;
  }

  async write(tensor: DeviceTensor, data: TensorData): Promise<void> {
    ownTensor(tensor, 'What is to be written to').write(data);
  }

  async read(tensor: DeviceTensor): Promise<TensorData> {
    return ownTensor(tensor, 'What is to be read').elements.slice();
  }

  async compile(graph: Graph, options: CompileOptions = {}): Promise<Program> {
    this.#requireAlive();
    const compilation = OnnxRuntimeProgram.compile(
      graph,
      options.frozen ?? {},
      this.#surroundings,
      (program) => {
        this.#programs.delete(program);
        this.#arena.trim();
      },
    );
    this.#compilations.add(compilation);
    try {
      const program = await compilation;
      this.#programs.add(program);
      return program;
    } finally {
      this.#compilations.delete(compilation);
    }
  }

  async createParameterSet(specifications: readonly ParameterSpecification[]): Promise<ParameterSet> {
    this.#requireAlive();
    const set = new OnnxRuntimeParameterSet(specifications, this.#surroundings.threads, () =>
      this.#sets.delete(set),
    );
    this.#sets.add(set);
    return set;
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await Promise.allSettled(this.#compilations);
    await Promise.all([...this.#programs].map((program) => program.dispose()));
    await Promise.all([...this.#sets].map((set) => set.dispose()));
    for (const tensor of this.#tensors) tensor.dispose();
    this.#arena[Symbol.dispose]();
    this.#surroundings.environment[Symbol.dispose]();
  }

  #requireAlive(): void {
    if (this.#disposed) throw new Error('The engine was already disposed of.');
  }
}
