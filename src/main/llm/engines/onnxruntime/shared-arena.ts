import { serializeGraph } from '../../graph/serialize.ts';
import type { Value } from '../../graph/types.ts';
import { onnxRuntimeApi } from './c-api.ts';
import { OnnxRuntimeTensor } from './device-tensor.ts';
import { Handle } from './handle.ts';

/** OrtAllocatorType of an arena. */
const arenaAllocator = 1;
/** OrtMemType of ordinary memory. */
const defaultMemory = 0;

/**
 * The arena from which all sessions of an environment take the memory of values inside their graphs. Left to
 * themselves, two training sessions (one that overwrites gradients, one that adds to them) would each keep the memory
 * of a whole run for as long as they live; they never run at once, so one arena serves both.
 */
export class SharedArena implements Disposable {
  readonly #environment: Handle;
  #trimmer: Trimmer | undefined;

  constructor(environment: Handle) {
    this.#environment = environment;
    const api = onnxRuntimeApi();
    using memory = Handle.create(
      (out) => api.CreateCpuMemoryInfo(arenaAllocator, defaultMemory, out),
      api.ReleaseMemoryInfo,
    );
    using configuration = Handle.create(
      (out) => api.CreateArenaCfgV2([], new BigUint64Array(), 0, out),
      api.ReleaseArenaCfg,
    );
    api.CreateAndRegisterAllocator(environment.pointer, memory.pointer, configuration.pointer);
  }

  /** Gives the memory that no session uses at the moment back to the operating system. */
  trim(): void {
    this.#trimmer ??= new Trimmer(this.#environment);
    this.#trimmer.run();
  }

  [Symbol.dispose](): void {
    this.#trimmer?.[Symbol.dispose]();
    this.#trimmer = undefined;
  }
}

const scalar = (name: string): Value => ({ name, dtype: 'float32', shape: [] });

/** A session that does next to nothing, for what ONNX Runtime can do at the end of a run alone: shrink the arena. */
class Trimmer implements Disposable {
  readonly #session: Handle;
  readonly #binding: Handle;
  readonly #runOptions: Handle;
  readonly #tensors: readonly OnnxRuntimeTensor[];

  constructor(environment: Handle) {
    const api = onnxRuntimeApi();
    const [x, y] = [scalar('x'), scalar('y')];
    const model = serializeGraph({
      name: 'trim',
      inputs: [x],
      outputs: [{ name: 'y', value: y }],
      nodes: [{ name: 'negate', operator: 'Neg', domain: '', inputs: [x], outputs: [y], attributes: {} }],
      constants: new Map(),
      aliases: new Map(),
    });
    using options = Handle.create(api.CreateSessionOptions, api.ReleaseSessionOptions);
    api.SetIntraOpNumThreads(options.pointer, 1);
    api.AddSessionConfigEntry(options.pointer, 'session.use_env_allocators', '1');
    this.#session = Handle.create(
      (out) => api.CreateSessionFromArray(environment.pointer, model, model.byteLength, options.pointer, out),
      api.ReleaseSession,
    );
    this.#binding = Handle.create(
      (out) => api.CreateIoBinding(this.#session.pointer, out),
      api.ReleaseIoBinding,
    );
    this.#runOptions = Handle.create(api.CreateRunOptions, api.ReleaseRunOptions);
    api.AddRunConfigEntry(this.#runOptions.pointer, 'memory.enable_memory_arena_shrinkage', 'cpu:0');
    const [input, output] = [
      OnnxRuntimeTensor.allocate('float32', []),
      OnnxRuntimeTensor.allocate('float32', []),
    ];
    this.#tensors = [input, output];
    api.BindInput(this.#binding.pointer, Buffer.from('x\0'), input.valuePointer);
    api.BindOutput(this.#binding.pointer, Buffer.from('y\0'), output.valuePointer);
  }

  run(): void {
    onnxRuntimeApi().RunWithBinding(this.#session.pointer, this.#runOptions.pointer, this.#binding.pointer);
  }

  [Symbol.dispose](): void {
    this.#binding[Symbol.dispose]();
    this.#runOptions[Symbol.dispose]();
    this.#session[Symbol.dispose]();
    for (const tensor of this.#tensors) tensor.dispose();
  }
}
