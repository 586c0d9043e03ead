import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Tensor } from '@tensorflow/tfjs-core';
import { constantIntegers } from '../../graph/operators/declaration.ts';
import type { Graph } from '../../graph/types.ts';
import { checkBindings, checkFrozen } from '../bindings.ts';
import type { DeviceTensor, Program } from '../engine.ts';
import { interrupted } from '../interruption.ts';
import type { FusedProducts } from './fused-products.ts';
import { isOfType, ownTensor, TensorFlowVariable, type TensorFlowTensor } from './device-tensor.ts';
import type { Kernel } from './kernels/kernel.ts';
import { kernelFor } from './kernels/table.ts';
import { planLiveness, type LivenessPlan, type PlannedNode } from './liveness.ts';
import { rewriteForTensorFlow } from './rewrites.ts';
import type { TensorFlow } from './tensorflow.ts';

type OwnTensor = TensorFlowTensor | TensorFlowVariable;

/** How long a run keeps the process to itself before it looks whether it shall end, in milliseconds. */
const turnMilliseconds = 50;

/** A node with its kernel. */
interface Step extends PlannedNode {
  readonly kernel: Kernel;
}

/** A graph as a list of TensorFlow's kernels, with the tensors that each no longer needs. */
export class TensorFlowProgram implements Program {
  readonly #graph: Graph;
  readonly #plan: LivenessPlan;
  readonly #steps: readonly Step[];
  readonly #tensorflow: TensorFlow;
  /** Tensors that kernels keep, and constants. */
  readonly #kept: readonly Tensor[];
  readonly #constants: readonly (readonly [slot: number, tensor: Tensor])[];
  readonly #frozen: ReadonlyMap<string, OwnTensor>;
  readonly #onDispose: (program: TensorFlowProgram) => void;
  #running = false;
  #disposed = false;

  /**
   * @param frozen tensors that live at least as long as the program, by input name
   * @throws LoamError that names an operator for which there is no kernel
   */
  constructor(
    graph: Graph,
    frozen: Readonly<Record<string, DeviceTensor>>,
    tensorflow: TensorFlow,
    fusedProducts: FusedProducts,
    onDispose: (program: TensorFlowProgram) => void,
  ) {
    this.#tensorflow = tensorflow;
    this.#onDispose = onDispose;
    this.#frozen = checkFrozen(graph, frozen, ownTensor);
    this.#graph = graph;
    const rewritten = rewriteForTensorFlow(graph, fusedProducts.has);
    this.#plan = planLiveness(rewritten, (node) => kernelFor(node, graph));
    const kept: Tensor[] = [];
    const keep = (tensor: Tensor): Tensor => {
      kept.push(tensor);
      return tensor;
    };
    this.#steps = this.#plan.nodes.map((planned) => ({
      ...planned,
      kernel: planned.declaration.make({
        tensorflow,
        fusedProducts,
        node: planned.node,
        integers: (index) => {
          const value = planned.node.inputs[index];
          const constant = value === undefined ? undefined : rewritten.constants.get(value);
          return constantIntegers(
            planned.node.operator,
            value === undefined ? undefined : { ...value, ...(constant === undefined ? {} : { constant }) },
            `its input ${index + 1}`,
          );
        },
        keep,
      }),
    }));
    this.#constants = [...this.#plan.constants].map(([value, slot]) => {
      const { dtype, shape, data } = rewritten.constants.get(value)!;
      return [slot, keep(tensorflow.upload(dtype, shape, data))] as const;
    });
    this.#kept = kept;
  }

  async run(bindings: Readonly<Record<string, DeviceTensor>>, signal?: AbortSignal): Promise<void> {
    if (this.#disposed) throw new Error(`The program of graph ${this.#graph.name} was already disposed of.`);
    if (this.#running) throw new Error(`A run of graph ${this.#graph.name} is under way.`);
    const bound = checkBindings(this.#graph, this.#frozen, bindings, ownTensor);
    requireGoingOn(this.#graph, signal);
    this.#running = true;
    const slots = new Slots(this.#plan.slots);
    try {
      this.#fill(slots, bound);
      this.#makeRoom(bound);
      let turnEnds = performance.now() + turnMilliseconds;
      for (const step of this.#steps) {
        this.#compute(step, slots);
        if (performance.now() < turnEnds) continue;
        await nextTurn();
        requireGoingOn(this.#graph, signal);
        turnEnds = performance.now() + turnMilliseconds;
      }
      requireGoingOn(this.#graph, signal);
      this.#deliver(slots, bound);
    } finally {
      slots.disposeOwned();
      this.#running = false;
    }
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const tensor of this.#kept) tensor.dispose();
    this.#onDispose(this);
  }

  /** Puts what is bound to inputs, and constants, into their slots. */
  #fill(slots: Slots, bound: ReadonlyMap<string, OwnTensor>): void {
    for (const [slot, tensor] of this.#constants) slots.lend(slot, tensor);
    for (const [name, slot] of this.#plan.inputs) {
      const tensor = bound.get(name) ?? this.#frozen.get(name)!;
      const replaced = this.#isReplaced(name, bound);
      if (this.#plan.written.has(name) && !replaced) slots.give(slot, tensor.copy());
      else if (tensor instanceof TensorFlowVariable) slots.give(slot, tensor.view());
      else if (replaced) slots.give(slot, tensor.take());
      else slots.lend(slot, tensor.borrow());
    }
  }

  /** Lets go of what outputs held from an earlier run: it would lie beside what takes its place. */
  #makeRoom(bound: ReadonlyMap<string, OwnTensor>): void {
    const read = new Set(
      [...this.#plan.inputs.keys()].map((name) => bound.get(name) ?? this.#frozen.get(name)),
    );
    for (const { name } of this.#plan.outputs) {
      const target = bound.get(name)!;
      if (!(target instanceof TensorFlowVariable) && !read.has(target)) target.clear();
    }
  }

  /** Whether the tensor bound to an input is also bound to the output that may lie in its memory. */
  #isReplaced(input: string, bound: ReadonlyMap<string, OwnTensor>): boolean {
    for (const [output, alias] of this.#graph.aliases)
      if (alias === input && bound.get(output) === bound.get(input)) return true;
    return false;
  }

  #compute({ kernel, inputs, outputs, releases, copies }: Step, slots: Slots): void {
    const given = inputs.map((slot) => (slot === undefined ? undefined : slots.at(slot)));
    const results = this.#tensorflow.clean(() => {
      const made = copies.map((index) => {
        const copy = this.#tensorflow.run('DeepCopy', [given[index]!]);
        given[index] = copy;
        return copy;
      });
      const computed = kernel(given);
      for (const copy of made) copy.dispose();
      return computed;
    });
    let next = 0;
    for (const slot of outputs) if (slot !== undefined) slots.give(slot, results[next++]!);
    for (const slot of releases) slots.release(slot);
  }

  /** Puts results into the tensors that are bound to outputs: copies first, since what is copied may be handed over itself. */
  #deliver(slots: Slots, bound: ReadonlyMap<string, OwnTensor>): void {
    for (const { name, slot } of this.#plan.outputs) {
      const { dtype, shape } = bound.get(name)!;
      const result = slots.at(slot);
      if (!isOfType(result, dtype, shape))
        throw new Error(
          `Graph ${this.#graph.name}: its output '${name}' is [${result.shape.join(', ')}], and a tensor of [${shape.join(', ')}] is bound to it.`,
        );
    }
    const results = this.#tensorflow.clean(() =>
      this.#plan.outputs
        .toSorted((a, b) => Number(b.copied) - Number(a.copied))
        .map(({ name, slot, copied }) => {
          const result = copied ? this.#tensorflow.run('DeepCopy', [slots.at(slot)]) : slots.take(slot);
          return [bound.get(name)!, result] as const;
        }),
    );
    for (const [target, result] of results) {
      if (target instanceof TensorFlowVariable) {
        target.assign(result);
        result.dispose();
      } else target.put(result);
    }
  }
}

/** The tensors of one run, by slot: lent ones belong to somebody else. */
class Slots {
  readonly #tensors: (Tensor | undefined)[];
  readonly #owned: boolean[];

  constructor(count: number) {
    this.#tensors = Array.from({ length: count });
    this.#owned = Array.from({ length: count }, () => false);
  }

  at(slot: number): Tensor {
    const tensor = this.#tensors[slot];
    if (tensor === undefined) throw new Error(`Slot ${slot} is empty.`);
    return tensor;
  }

  lend(slot: number, tensor: Tensor): void {
    this.#tensors[slot] = tensor;
  }

  give(slot: number, tensor: Tensor): void {
    this.#tensors[slot] = tensor;
    this.#owned[slot] = true;
  }

  take(slot: number): Tensor {
    const tensor = this.at(slot);
    this.#tensors[slot] = undefined;
    this.#owned[slot] = false;
    return tensor;
  }

  release(slot: number): void {
    if (this.#owned[slot]!) this.#tensors[slot]!.dispose();
    this.#tensors[slot] = undefined;
    this.#owned[slot] = false;
  }

  disposeOwned(): void {
    for (let slot = 0; slot < this.#tensors.length; slot++) if (this.#owned[slot]!) this.release(slot);
  }
}

/** @throws LoamError of kind 'interrupted' when the run shall end */
function requireGoingOn(graph: Graph, signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw interrupted(graph.name);
}
