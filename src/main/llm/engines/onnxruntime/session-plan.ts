import type { Graph, HostTensor, Value } from '../../graph/types.ts';
import { planAliases } from './in-place-chains.ts';

/** How one of a graph's outputs comes into the tensor bound to it. */
export type PlannedOutput =
  | {
      readonly kind: 'computed';
      readonly name: string;
      readonly value: Value;
      /** The input that may be bound to the same tensor, and whether the session then really works in place. */
      readonly alias: { readonly input: string; readonly inPlace: boolean } | undefined;
      /** The session's outputs bound to the tensor: the output's own and those of its in-place chain. */
      readonly sessionNames: readonly string[];
    }
  | {
      /** The output is an input, a constant or another output as it is: the host copies it after the run. */
      readonly kind: 'copied';
      readonly name: string;
      readonly value: Value;
      readonly from: { readonly binding: string } | { readonly constant: HostTensor };
    };

/** A graph as a session of ONNX Runtime runs it. */
export interface SessionPlan {
  /** The graph as it was given. */
  readonly original: Graph;
  /**
   * The graph to serialise: outputs under their values' names, plus the intermediates of in-place chains; nodes last
   * one first. ONNX Runtime orders nodes by a depth-first walk from those without readers, and takes the one that
   * stands last in the file first. In the usual order all gradients of weights, which nobody reads, would come at the
   * very end, and everything that they need stay in memory until then; reversed, nodes run in the graph's order.
   */
  readonly graph: Graph;
  /** What is bound at every run: the inputs that are not frozen. */
  readonly inputs: readonly Value[];
  readonly outputs: readonly PlannedOutput[];
}

/** Plans the session of a graph. `frozen` names the inputs that become initialisers. */
export function planSession(graph: Graph, frozen: ReadonlySet<string>): SessionPlan {
  const { chains, sums } = planAliases(graph);
  const inputs = new Set(graph.inputs);
  const firstOutputs = new Map<Value, string>();
  const outputs = graph.outputs.map(({ name, value }): PlannedOutput => {
    const constant = graph.constants.get(value);
    if (constant !== undefined) return { kind: 'copied', name, value, from: { constant } };
    const earlier = inputs.has(value) ? value.name : firstOutputs.get(value);
    if (earlier !== undefined) return { kind: 'copied', name, value, from: { binding: earlier } };
    firstOutputs.set(value, name);
    const chain = chains.find(({ output }) => output === name);
    const input = graph.aliases.get(name);
    return {
      kind: 'computed',
      name,
      value,
      alias: input === undefined ? undefined : { input, inPlace: chain !== undefined },
      sessionNames: [
        value.name,
        ...(chain?.intermediates ?? sums.get(name) ?? []).map((partial) => partial.name),
      ],
    };
  });
  const sessionValues = new Set([
    ...firstOutputs.keys(),
    ...chains.flatMap(({ intermediates }) => intermediates),
    ...[...sums.values()].flat(),
  ]);
  return {
    original: graph,
    graph: {
      ...graph,
      nodes: graph.nodes.toReversed(),
      outputs: [...sessionValues].map((value) => ({ name: value.name, value })),
      aliases: new Map(),
    },
    inputs: graph.inputs.filter(({ name }) => !frozen.has(name)),
    outputs,
  };
}
