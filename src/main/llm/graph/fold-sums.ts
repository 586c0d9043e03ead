import { prune } from './prune.ts';
import type { Graph, GraphNode, Value } from './types.ts';

/** A graph under rewriting: its nodes, and who reads each value. */
class Rewriter {
  nodes: GraphNode[];
  private readonly outputs: ReadonlySet<Value>;

  constructor(graph: Graph) {
    this.nodes = [...graph.nodes];
    this.outputs = new Set(graph.outputs.map((output) => output.value));
  }

  /** The node that computes a value, if nothing but one node reads the value. */
  soleProducers(): ReadonlyMap<Value, GraphNode> {
    const readers = new Map<Value, number>();
    for (const node of this.nodes) for (const input of node.inputs) if (input !== undefined) readers.set(input, (readers.get(input) ?? 0) + 1);
    const producers = new Map<Value, GraphNode>();
    for (const node of this.nodes) {
      const [output] = node.outputs;
      if (output !== undefined && readers.get(output) === 1 && !this.outputs.has(output)) producers.set(output, node);
    }
    return producers;
  }
}

/**
 * Lets sums take place where the summands are computed: Add(s, A·B) becomes a Gemm with addend s, and
 * Add(s, rows added to zeros) becomes rows added to s. A chain of such nodes adds a parameter's gradients up in one
 * place, in the order of the chain, without a pass over memory of its own.
 */
export function foldSums(graph: Graph): Graph {
  const rewriter = new Rewriter(graph);
  for (let changed = true; changed; ) {
    changed = false;
    const producers = rewriter.soleProducers();
    const nodes = rewriter.nodes;
    for (let index = 0; index < nodes.length; index++) {
      const node = nodes[index]!;
      if (node.operator !== 'Add') continue;
      const folded = foldSum(node, producers);
      if (folded === undefined) continue;
      // The summand's node moves to where the sum stood, since the other summand may be computed after it.
      const [absorbed, replacement] = folded;
      rewriter.nodes = nodes.flatMap((each) => (each === absorbed ? [] : each === node ? replacement : [each]));
      changed = true;
      break;
    }
  }
  return prune({ ...graph, nodes: rewriter.nodes });
}

/** The node that Add(a, b) swallows, and what stands for both afterwards. */
function foldSum(node: GraphNode, producers: ReadonlyMap<Value, GraphNode>): readonly [absorbed: GraphNode, replacement: readonly GraphNode[]] | undefined {
  const [a, b] = node.inputs as readonly [Value, Value];
  for (const [start, summand] of [[a, b], [b, a]] as const) {
    const producer = producers.get(summand);
    const sum = node.outputs[0]!;
    if (producer === undefined || start.shape.length !== sum.shape.length || start.shape.some((dimension, axis) => dimension !== sum.shape[axis])) continue;
    if (producer.operator === 'Gemm' && 'beta' in producer.attributes === false) {
      const [left, right, addend] = producer.inputs;
      if (addend === undefined) return [producer, [{ ...producer, inputs: [left, right, start], outputs: [sum] }]];
      if (addend.shape.length === sum.shape.length && addend.shape.every((dimension, axis) => dimension === sum.shape[axis])) {
        // s + (A·B + c) = A·B + (s + c): the sum moves towards the chain's beginning.
        return [producer, [{ ...node, inputs: [start, addend], outputs: [summand] }, { ...producer, inputs: [left, right, summand], outputs: [sum] }]];
      }
    }
    if (producer.operator === 'ScatterND' && isDifferenceWithItself(producer.inputs[0], producers)) {
      return [producer, [{ ...producer, inputs: [start, ...producer.inputs.slice(1)], outputs: [sum] }]];
    }
  }
  return undefined;
}

/** x − x: how gradient rules write zeros of a tensor's shape. */
function isDifferenceWithItself(value: Value | undefined, producers: ReadonlyMap<Value, GraphNode>): boolean {
  const producer = value === undefined ? undefined : producers.get(value);
  return producer?.operator === 'Sub' && producer.inputs[0] === producer.inputs[1];
}
