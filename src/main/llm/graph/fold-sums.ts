import { prune } from './prune.ts';
import { sameShape } from './shapes.ts';
import type { Graph, GraphNode, Value } from './types.ts';

/**
 * Lets sums take place where the summands are computed: Add(s, A·B) becomes a Gemm with addend s, and
 * Add(s, rows added to zeros) becomes rows added to s. A chain of such nodes adds a parameter's gradients up in one
 * place, in the order of the chain, without a pass over memory of its own. Each node stays as early as its inputs
 * allow, so that what it reads is freed early.
 */
export function foldSums(graph: Graph): Graph {
  let nodes = graph.nodes;
  for (let folded = foldFirst(nodes, graph); folded !== undefined; folded = foldFirst(nodes, graph))
    nodes = folded;
  return prune({ ...graph, nodes });
}

/** Folds the first sum that can be; undefined when there is none. */
function foldFirst(nodes: readonly GraphNode[], graph: Graph): readonly GraphNode[] | undefined {
  const position = new Map<Value, number>();
  nodes.forEach((node, index) =>
    node.outputs.forEach((output) => output !== undefined && position.set(output, index)),
  );
  const producers = soleProducers(nodes, graph);
  for (const node of nodes) {
    if (node.operator !== 'Add') continue;
    const fold = foldSum(node, producers);
    if (fold === undefined) continue;
    const { absorbed, start, replacement } = fold;
    const after = position.get(start) ?? -1;
    return nodes.flatMap((each, index) => {
      const own = each === absorbed || each === node ? [] : [each];
      const startsHere = after > position.get(absorbed.outputs[0]!)! ? index === after : each === absorbed;
      return startsHere ? [...own, ...replacement] : own;
    });
  }
  return undefined;
}

/** For each value that exactly one node reads, and that is no output of the graph, the node that computes it. */
function soleProducers(nodes: readonly GraphNode[], graph: Graph): ReadonlyMap<Value, GraphNode> {
  const readers = new Map<Value, number>();
  const read = (value: Value | undefined): void =>
    void (value !== undefined && readers.set(value, (readers.get(value) ?? 0) + 1));
  for (const node of nodes) node.inputs.forEach(read);
  for (const output of graph.outputs) read(output.value);
  const outputs = new Set(graph.outputs.map((output) => output.value));
  return new Map(
    nodes.flatMap((node) =>
      node.outputs.flatMap((output) =>
        output !== undefined && readers.get(output) === 1 && !outputs.has(output)
          ? [[output, node] as const]
          : [],
      ),
    ),
  );
}

interface Fold {
  /** The node that computed the summand. */
  readonly absorbed: GraphNode;
  /** The other summand, which must exist before the replacement. */
  readonly start: Value;
  /** What stands for the summand's node and the sum. */
  readonly replacement: readonly GraphNode[];
}

function foldSum(node: GraphNode, producers: ReadonlyMap<Value, GraphNode>): Fold | undefined {
  const [a, b] = node.inputs as readonly [Value, Value];
  const sum = node.outputs[0]!;
  for (const [start, summand] of [
    [a, b],
    [b, a],
  ] as const) {
    const producer = producers.get(summand);
    if (producer === undefined || !sameShape(start.shape, sum.shape)) continue;
    if (producer.operator === 'Gemm' && !('beta' in producer.attributes)) {
      const [left, right, addend] = producer.inputs;
      if (addend === undefined)
        return {
          absorbed: producer,
          start,
          replacement: [{ ...producer, inputs: [left, right, start], outputs: [sum] }],
        };
      // s + (A·B + c) = A·B + (s + c): the sum moves towards the chain's beginning.
      if (sameShape(addend.shape, sum.shape))
        return {
          absorbed: producer,
          start,
          replacement: [
            { ...node, inputs: [start, addend], outputs: [summand] },
            { ...producer, inputs: [left, right, summand], outputs: [sum] },
          ],
        };
    }
    if (producer.operator === 'ScatterND' && isDifferenceWithItself(producer.inputs[0], producers))
      return {
        absorbed: producer,
        start,
        replacement: [{ ...producer, inputs: [start, ...producer.inputs.slice(1)], outputs: [sum] }],
      };
  }
  return undefined;
}

/** x − x: how gradient rules write zeros of a tensor's shape. */
function isDifferenceWithItself(value: Value | undefined, producers: ReadonlyMap<Value, GraphNode>): boolean {
  const producer = value === undefined ? undefined : producers.get(value);
  return producer?.operator === 'Sub' && producer.inputs[0] === producer.inputs[1];
}
