import type { Graph, GraphNode, Value } from '../../graph/types.ts';

/**
 * How an aliased output comes to lie in its input's memory. ONNX Runtime gives every value between the two a buffer of
 * its own unless it is a session output bound to a buffer; so the values of the chain are made outputs, all bound to
 * the one tensor, and each node of the chain updates it where it lies.
 */
export interface InPlaceChain {
  readonly output: string;
  readonly input: string;
  /** Values between the input and the output, in the order in which they are computed. */
  readonly intermediates: readonly Value[];
}

/** How outputs share memory with what they are made of. */
export interface AliasPlan {
  readonly chains: readonly InPlaceChain[];
  /**
   * Outputs without an alias that are sums of several products or rows: the values on the way, which are computed
   * where the output lies.
   */
  readonly sums: ReadonlyMap<string, readonly Value[]>;
  /** Aliased outputs that have no chain: each is computed elsewhere and copied. */
  readonly copied: readonly string[];
}

/**
 * The input of a node that ONNX Runtime 1.27's CPU kernel may find in the memory of output `outputIndex`. Element-wise
 * kernels read an element before they write it, and the others copy that input to the output only when they differ:
 * Gemm its C, ScatterND and ScatterElements their data; GroupQueryAttention appends to a past that is its present.
 */
function updatableInputs(node: GraphNode, outputIndex: number): readonly number[] {
  switch (`${node.domain}:${node.operator}`) {
    case ':Add':
      return [0, 1];
    case ':Gemm':
      return [2];
    case ':ScatterND':
    case ':ScatterElements':
      return [0];
    case 'com.microsoft:GroupQueryAttention':
      return outputIndex === 1 ? [3] : outputIndex === 2 ? [4] : [];
    default:
      return [];
  }
}

/**
 * Plans every alias of a graph. A chain is used only where nothing else reads the input or a value between: each has
 * exactly one consumer, is no output of the graph, and has the type of the output.
 */
export function planAliases(graph: Graph): AliasPlan {
  const producers = new Map<Value, { node: GraphNode; outputIndex: number }>();
  const readers = new Map<Value, number>();
  for (const node of graph.nodes) {
    node.outputs.forEach((value, outputIndex) => value && producers.set(value, { node, outputIndex }));
    for (const value of node.inputs) if (value) readers.set(value, (readers.get(value) ?? 0) + 1);
  }
  for (const { value } of graph.outputs) readers.set(value, (readers.get(value) ?? 0) + 1);

  const chains: InPlaceChain[] = [];
  const copied: string[] = [];
  for (const [outputName, inputName] of graph.aliases) {
    const output = graph.outputs.find(({ name }) => name === outputName)?.value;
    const input = graph.inputs.find(({ name }) => name === inputName);
    if (output === undefined || input === undefined)
      throw new Error(
        `Graph ${graph.name} declares an alias between '${outputName}' and '${inputName}', which it lacks.`,
      );
    const intermediates = findChain(output, input, producers, (value) => readers.get(value) === 1);
    if (intermediates === undefined) copied.push(outputName);
    else chains.push({ output: outputName, input: inputName, intermediates });
  }
  const hasOneReader = (value: Value): boolean => readers.get(value) === 1;
  const sums = new Map(
    graph.outputs
      .filter(({ name }) => !graph.aliases.has(name))
      .map(({ name, value }) => [name, findSum(value, producers, hasOneReader)] as const),
  );
  return { chains, sums, copied };
}

/** The partial sums, first one first, that Gemm and ScatterND nodes add up to `output`, nothing else reading them. */
function findSum(
  output: Value,
  producers: ReadonlyMap<Value, { node: GraphNode; outputIndex: number }>,
  hasOneReader: (value: Value) => boolean,
): readonly Value[] {
  const node = producers.get(output)?.node;
  const partial =
    node?.operator === 'Gemm' ? node.inputs[2] : node?.operator === 'ScatterND' ? node.inputs[0] : undefined;
  if (
    partial === undefined ||
    !producers.has(partial) ||
    !sameType(partial, output) ||
    !hasOneReader(partial)
  )
    return [];
  return [...findSum(partial, producers, hasOneReader), partial];
}

/** The values between `input` and `output`, if a chain of updates leads from one to the other. */
function findChain(
  output: Value,
  input: Value,
  producers: ReadonlyMap<Value, { node: GraphNode; outputIndex: number }>,
  hasOneReader: (value: Value) => boolean,
): readonly Value[] | undefined {
  if (output === input) return undefined;
  const paths: { value: Value; intermediates: readonly Value[] }[] = [{ value: output, intermediates: [] }];
  for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
    const producer = producers.get(path.value);
    if (producer === undefined) continue;
    for (const index of updatableInputs(producer.node, producer.outputIndex)) {
      const before = producer.node.inputs[index];
      if (before === undefined || !sameType(before, output) || !hasOneReader(before)) continue;
      if (before === input) return path.intermediates;
      paths.push({ value: before, intermediates: [before, ...path.intermediates] });
    }
  }
  return undefined;
}

function sameType(one: Value, other: Value): boolean {
  return (
    one.dtype === other.dtype &&
    one.shape.length === other.shape.length &&
    one.shape.every((extent, axis) => extent === other.shape[axis])
  );
}
