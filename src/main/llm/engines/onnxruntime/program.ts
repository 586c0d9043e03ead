import type { Graph } from '../../graph/types.ts';
import { checkBindings, checkFrozen } from '../bindings.ts';
import type { DeviceTensor, Program } from '../engine.ts';
import { interrupted } from '../interruption.ts';
import { onnxRuntimeApi } from './c-api.ts';
import { OnnxRuntimeTensor, ownTensor } from './device-tensor.ts';
import { Handle } from './handle.ts';
import { createSession, type SessionSurroundings } from './session.ts';
import { planSession, type PlannedOutput, type SessionPlan } from './session-plan.ts';

/** A name of the session, with its bytes for C and the tensor that was bound to it last. */
interface BoundName {
  readonly name: string;
  readonly text: Uint8Array;
  bound: OnnxRuntimeTensor | undefined;
}

function boundName(name: string): BoundName {
  return { name, text: Buffer.from(`${name}\0`), bound: undefined };
}

/** A graph as a session of ONNX Runtime. Bindings are kept between runs: only what changed is bound again. */
export class OnnxRuntimeProgram implements Program {
  readonly #plan: SessionPlan;
  readonly #session: Handle;
  readonly #binding: Handle;
  readonly #runOptions: Handle;
  readonly #frozen: ReadonlyMap<string, OnnxRuntimeTensor>;
  readonly #surroundings: SessionSurroundings;
  readonly #inputs: ReadonlyMap<string, BoundName>;
  readonly #outputs: ReadonlyMap<string, readonly BoundName[]>;
  /** Where aliased outputs are computed that ONNX Runtime cannot compute in place, by output name. */
  readonly #elsewhere = new Map<string, OnnxRuntimeTensor>();
  readonly #onDispose: (program: OnnxRuntimeProgram) => void;
  #running: Promise<unknown> | undefined;
  #disposal: Promise<void> | undefined;

  private constructor(
    plan: SessionPlan,
    session: Handle,
    frozen: ReadonlyMap<string, OnnxRuntimeTensor>,
    surroundings: SessionSurroundings,
    onDispose: (program: OnnxRuntimeProgram) => void,
  ) {
    const api = onnxRuntimeApi();
    this.#plan = plan;
    this.#session = session;
    this.#frozen = frozen;
    this.#surroundings = surroundings;
    this.#onDispose = onDispose;
    this.#binding = Handle.create((out) => api.CreateIoBinding(session.pointer, out), api.ReleaseIoBinding);
    this.#runOptions = Handle.create(api.CreateRunOptions, api.ReleaseRunOptions);
    this.#inputs = new Map(plan.inputs.map(({ name }) => [name, boundName(name)]));
    this.#outputs = new Map(
      plan.outputs.map((output) => [
        output.name,
        output.kind === 'computed' ? output.sessionNames.map(boundName) : [],
      ]),
    );
  }

  /** Compiles a graph. @param frozen tensors that live at least as long as the program, by input name */
  static async compile(
    graph: Graph,
    frozen: Readonly<Record<string, DeviceTensor>>,
    surroundings: SessionSurroundings,
    onDispose: (program: OnnxRuntimeProgram) => void,
  ): Promise<OnnxRuntimeProgram> {
    const weights = checkFrozen(graph, frozen, ownTensor);
    const plan = planSession(graph, new Set(weights.keys()));
    for (const tensor of weights.values()) tensor.beginUse();
    if (weights.size > 0) surroundings.frozenWeights.acquire();
    let session: Handle | undefined;
    try {
      session = await createSession(plan.graph, weights, surroundings);
      return new OnnxRuntimeProgram(plan, session, weights, surroundings, onDispose);
    } catch (error) {
      session?.[Symbol.dispose]();
      thaw(weights, surroundings);
      throw error;
    }
  }

  /** A program over a session that was made elsewhere, which it releases in the end. */
  static ofSession(
    plan: SessionPlan,
    session: Handle,
    surroundings: SessionSurroundings,
  ): OnnxRuntimeProgram {
    return new OnnxRuntimeProgram(plan, session, new Map(), surroundings, () => undefined);
  }

  async run(bindings: Readonly<Record<string, DeviceTensor>>, signal?: AbortSignal): Promise<void> {
    const { name } = this.#plan.graph;
    if (this.#disposal !== undefined) throw new Error(`Graph ${name}: the program was already disposed of.`);
    if (this.#running !== undefined)
      throw new Error(`Graph ${name}: a run is under way; runs of one program do not overlap.`);
    if (signal?.aborted) throw interrupted(name);
    const tensors = checkBindings(this.#plan.original, this.#frozen, bindings, ownTensor);
    const targets = this.#bind(tensors);
    const used = [...new Set([...tensors.values(), ...this.#elsewhere.values()])];
    for (const tensor of used) tensor.beginUse();
    const run = this.#runSession(signal);
    this.#running = run;
    try {
      await run;
      if (signal?.aborted) throw interrupted(name);
      this.#copyOutputs(tensors, targets);
    } catch (error) {
      throw signal?.aborted ? interrupted(name, error) : error;
    } finally {
      this.#running = undefined;
      for (const tensor of used) tensor.endUse();
    }
  }

  dispose(): Promise<void> {
    this.#disposal ??= this.#dispose();
    return this.#disposal;
  }

  async #dispose(): Promise<void> {
    if (this.#running !== undefined) {
      onnxRuntimeApi().RunOptionsSetTerminate(this.#runOptions.pointer);
      await this.#running.catch(() => undefined);
    }
    this.#binding[Symbol.dispose]();
    this.#runOptions[Symbol.dispose]();
    this.#session[Symbol.dispose]();
    for (const tensor of this.#elsewhere.values()) tensor.dispose();
    thaw(this.#frozen, this.#surroundings);
    this.#onDispose(this);
  }

  async #runSession(signal: AbortSignal | undefined): Promise<void> {
    const api = onnxRuntimeApi();
    const terminate = (): void => api.RunOptionsSetTerminate(this.#runOptions.pointer);
    api.RunOptionsUnsetTerminate(this.#runOptions.pointer);
    signal?.addEventListener('abort', terminate, { once: true });
    try {
      await api.async.RunWithBinding(this.#session.pointer, this.#runOptions.pointer, this.#binding.pointer);
    } finally {
      signal?.removeEventListener('abort', terminate);
    }
  }

  /** Binds what changed since the last run; says into which tensor each output is computed. */
  #bind(tensors: ReadonlyMap<string, OnnxRuntimeTensor>): ReadonlyMap<string, OnnxRuntimeTensor> {
    const api = onnxRuntimeApi();
    const bind = (call: typeof api.BindInput, name: BoundName, tensor: OnnxRuntimeTensor): void => {
      if (name.bound === tensor) return;
      call(this.#binding.pointer, name.text, tensor.valuePointer);
      name.bound = tensor;
    };
    for (const [name, input] of this.#inputs) bind(api.BindInput, input, tensorOf(tensors, name));
    const targets = new Map<string, OnnxRuntimeTensor>();
    for (const output of this.#plan.outputs) {
      const target = this.#target(output, tensors);
      targets.set(output.name, target);
      for (const name of this.#outputs.get(output.name) ?? []) bind(api.BindOutput, name, target);
    }
    return targets;
  }

  /** The tensor that an output is computed into: the bound one, unless that would overwrite an input still needed. */
  #target(output: PlannedOutput, tensors: ReadonlyMap<string, OnnxRuntimeTensor>): OnnxRuntimeTensor {
    const tensor = tensorOf(tensors, output.name);
    if (
      output.kind === 'copied' ||
      output.alias === undefined ||
      output.alias.inPlace ||
      tensors.get(output.alias.input) !== tensor
    )
      return tensor;
    const earlier = this.#elsewhere.get(output.name);
    if (earlier !== undefined && earlier.shape.every((extent, axis) => extent === tensor.shape[axis]))
      return earlier;
    earlier?.dispose();
    const elsewhere = OnnxRuntimeTensor.allocate(tensor.dtype, tensor.shape);
    this.#elsewhere.set(output.name, elsewhere);
    return elsewhere;
  }

  #copyOutputs(
    tensors: ReadonlyMap<string, OnnxRuntimeTensor>,
    targets: ReadonlyMap<string, OnnxRuntimeTensor>,
  ): void {
    for (const output of this.#plan.outputs) {
      const tensor = tensorOf(tensors, output.name);
      const target = targets.get(output.name);
      if (output.kind === 'computed') {
        if (target !== undefined && target !== tensor) tensor.copyElements(target.elements);
      } else if ('constant' in output.from) {
        tensor.copyElements(output.from.constant.data);
      } else {
        const source = tensors.get(output.from.binding) ?? tensorOf(this.#frozen, output.from.binding);
        if (source !== tensor) tensor.copyElements(source.elements);
      }
    }
  }
}

/** Checks the frozen weights against the graph's inputs. */
function thaw(weights: ReadonlyMap<string, OnnxRuntimeTensor>, surroundings: SessionSurroundings): void {
  if (weights.size === 0) return;
  for (const tensor of weights.values()) tensor.endUse();
  surroundings.frozenWeights.release();
}

function tensorOf(tensors: ReadonlyMap<string, OnnxRuntimeTensor>, name: string): OnnxRuntimeTensor {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw new Error(`No tensor is bound to '${name}'.`);
  return tensor;
}
