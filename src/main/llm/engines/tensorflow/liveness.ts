import type { Graph, GraphNode, Value } from '../../graph/types.ts';
import type { KernelDeclaration } from './kernels/kernel.ts';

/** One node of a program: what it reads and makes, by slot, and what nobody reads after it. */
export interface PlannedNode {
  readonly node: GraphNode;
  readonly declaration: KernelDeclaration;
  /** Slots of the inputs; undefined for those that are left out or were read when the graph was compiled. */
  readonly inputs: readonly (number | undefined)[];
  readonly outputs: readonly (number | undefined)[];
  /** Slots whose last reader is this node, or that nobody reads. */
  readonly releases: readonly number[];
  /** Inputs that the kernel writes into although others need them as they were: it gets a copy. */
  readonly copies: readonly number[];
}

/** An output of the graph. */
export interface PlannedOutput {
  readonly name: string;
  readonly slot: number;
  /** Its memory may be that of an input, a constant or an earlier output: what is handed out must be a copy. */
  readonly copied: boolean;
}

/** In which slot each value lies, and when each is let go. */
export interface LivenessPlan {
  readonly slots: number;
  readonly nodes: readonly PlannedNode[];
  readonly inputs: ReadonlyMap<string, number>;
  readonly constants: ReadonlyMap<Value, number>;
  readonly outputs: readonly PlannedOutput[];
  /** Inputs that a kernel writes into: where another tensor is bound to the output, they are copied first. */
  readonly written: ReadonlySet<string>;
}

/** Plans a graph's run: a tensor lives from the node that makes it to its last reader, as the graph says. */
export function planLiveness(
  graph: Graph,
  declarationOf: (node: GraphNode) => KernelDeclaration,
): LivenessPlan {
  const slots = new Map<Value, number>();
  const slotOf = (value: Value): number => {
    const slot = slots.get(value) ?? slots.size;
    slots.set(value, slot);
    return slot;
  };
  const inputs = new Map(graph.inputs.map((input) => [input.name, slotOf(input)]));
  const constants = new Map<Value, number>();

  const declarations = graph.nodes.map(declarationOf);
  const deviceInputs = graph.nodes.map((node, index) =>
    node.inputs.map((input, position) =>
      declarations[index]!.hostInputs?.includes(position) === true ? undefined : input,
    ),
  );
  const outputValues = new Set(graph.outputs.map(({ value }) => value));
  const lastReader = new Map<Value, number>();
  deviceInputs.forEach((values, index) => {
    for (const value of values) {
      if (value === undefined) continue;
      lastReader.set(value, index);
      if (graph.constants.has(value)) constants.set(value, slotOf(value));
    }
  });
  const { memoryOf, isShared } = sharedMemory(graph.nodes, declarations, deviceInputs);
  const aliasOf = new Map(
    graph.outputs.flatMap(({ name, value }) => {
      const alias = graph.aliases.get(name);
      return alias === undefined ? [] : [[value, alias] as const];
    }),
  );

  const written = new Set<string>();
  const nodes = graph.nodes.map((node, index): PlannedNode => {
    const values = deviceInputs[index]!;
    const mayWrite = (input: Value, output: Value | undefined): boolean => {
      if (lastReader.get(input) !== index || graph.constants.has(input) || outputValues.has(input))
        return false;
      if (values.filter((value) => value === input).length > 1 || isShared(input)) return false;
      return !inputs.has(input.name) || (output !== undefined && aliasOf.get(output) === input.name);
    };
    const copies = Object.entries(declarations[index]!.inPlace ?? {}).flatMap(([output, input]) => {
      const value = node.inputs[input]!;
      if (!mayWrite(value, node.outputs[Number(output)])) return [input];
      if (inputs.has(value.name)) written.add(value.name);
      return [];
    });
    const dead = new Set(
      values.filter(
        (value): value is Value =>
          value !== undefined &&
          lastReader.get(value) === index &&
          !outputValues.has(value) &&
          !graph.constants.has(value),
      ),
    );
    for (const output of node.outputs)
      if (output !== undefined && !lastReader.has(output) && !outputValues.has(output)) dead.add(output);
    return {
      node,
      declaration: declarations[index]!,
      inputs: values.map((value) => (value === undefined ? undefined : slotOf(value))),
      outputs: node.outputs.map((value) => (value === undefined ? undefined : slotOf(value))),
      releases: [...dead].map(slotOf),
      copies,
    };
  });
  const kept = new Set([...graph.inputs, ...graph.constants.keys()].map(memoryOf));
  const outputs = graph.outputs.map(({ name, value }): PlannedOutput => {
    if (graph.constants.has(value)) constants.set(value, slotOf(value));
    const copied = kept.has(memoryOf(value));
    kept.add(memoryOf(value));
    return { name, slot: slotOf(value), copied };
  });
  return { slots: slots.size, nodes, inputs, constants, outputs, written };
}

/** Which values may lie in one memory, each group by one of it; a value that shares with none is its own. */
function sharedMemory(
  nodes: readonly GraphNode[],
  declarations: readonly KernelDeclaration[],
  deviceInputs: readonly (readonly (Value | undefined)[])[],
): { readonly memoryOf: (value: Value) => Value; readonly isShared: (value: Value) => boolean } {
  const sources = new Map<Value, Value>();
  const shared = new Set<Value>();
  const memoryOf = (value: Value): Value => {
    let found = value;
    for (let source = sources.get(found); source !== undefined; source = sources.get(found)) found = source;
    return found;
  };
  nodes.forEach((node, index) => {
    if (declarations[index]!.mayShare !== true) return;
    const [first, ...others] = [...node.outputs, ...deviceInputs[index]!].filter(
      (value) => value !== undefined,
    );
    for (const value of others) {
      shared.add(first!).add(value);
      const [own, theirs] = [memoryOf(first!), memoryOf(value)];
      if (own !== theirs) sources.set(own, theirs);
    }
  });
  return { memoryOf, isShared: (value) => shared.has(value) };
}
