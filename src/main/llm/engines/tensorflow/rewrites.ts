import { intAttribute, intsAttribute, stringAttribute } from '../../graph/operators/declaration.ts';
import { prune } from '../../graph/prune.ts';
import type { Graph, GraphNode, Value } from '../../graph/types.ts';
import type { FusedActivation } from './fused-products.ts';
import { isFusable } from './kernels/matrix.ts';

/**
 * Makes of a graph what TensorFlow's kernels compute in fewer passes: a transposition of the last two axes becomes part of
 * the product that reads it (BatchMatMulV2 reads either matrix as transposed), and an activation part of the product with a
 * bias that nobody else reads.
 * @param isFused whether fused products compute an activation here; asked only of those that the graph has a place for
 */
export function rewriteForTensorFlow(graph: Graph, isFused: (activation: FusedActivation) => boolean): Graph {
  return activateProducts(readTranspositions(graph), isFused);
}

function readTranspositions(graph: Graph): Graph {
  const producers = new Map<Value, GraphNode>();
  for (const node of graph.nodes)
    for (const output of node.outputs) if (output !== undefined) producers.set(output, node);
  const nodes = graph.nodes.map((node) =>
    node.operator === 'MatMul' ? readTransposed(node, producers) : node,
  );
  return prune({ ...graph, nodes });
}

function readTransposed(node: GraphNode, producers: ReadonlyMap<Value, GraphNode>): GraphNode {
  let rewritten = node;
  for (const [index, name] of (['transA', 'transB'] as const).entries()) {
    const producer = producers.get(rewritten.inputs[index]!);
    if (producer === undefined || !swapsLastAxes(producer)) continue;
    const transposed = intAttribute(rewritten.attributes, name, 0) === 1 ? 0 : 1;
    rewritten = {
      ...rewritten,
      inputs: rewritten.inputs.with(index, producer.inputs[0]),
      attributes: { ...rewritten.attributes, [name]: { type: 'int', value: transposed } },
    };
  }
  return rewritten;
}

function swapsLastAxes({ operator, attributes, inputs }: GraphNode): boolean {
  if (operator !== 'Transpose') return false;
  const rank = inputs[0]!.shape.length;
  const permutation = intsAttribute(attributes, 'perm');
  return (
    rank >= 2 &&
    permutation !== undefined &&
    permutation.every((axis, at) =>
      at === rank - 1 ? axis === rank - 2 : at === rank - 2 ? axis === rank - 1 : axis === at,
    )
  );
}

/**
 * The activation becomes an attribute of the product, at whose place both are computed. All of a kind in a graph, or none:
 * a fused one differs in its last bits, and what a backward pass recomputes must be what the forward pass computed.
 */
function activateProducts(graph: Graph, isFused: (activation: FusedActivation) => boolean): Graph {
  const products = new Map<Value, GraphNode>();
  for (const node of graph.nodes) if (isFusable(node)) products.set(node.outputs[0]!, node);
  const readers = countReaders(graph);
  const apart = new Set<FusedActivation>();
  const activated = new Map<GraphNode, GraphNode>();
  for (const node of graph.nodes) {
    const activation = activationOf(node);
    if (activation === undefined) continue;
    const product = products.get(node.inputs[0]!);
    if (product === undefined || readers.get(node.inputs[0]!) !== 1) apart.add(activation);
    else activated.set(product, node);
  }
  const fused = new Set<GraphNode>();
  const nodes = graph.nodes.map((node): GraphNode => {
    const next = activated.get(node);
    const activation = next === undefined ? undefined : activationOf(next);
    if (next === undefined || activation === undefined) return node;
    if (apart.has(activation) || !isFused(activation)) return node;
    fused.add(next);
    return {
      ...node,
      outputs: next.outputs,
      attributes: { ...node.attributes, activation: { type: 'string', value: activation } },
    };
  });
  return { ...graph, nodes: nodes.filter((node) => !fused.has(node)) };
}

/** How often each value is read, as an output of the graph too. */
function countReaders(graph: Graph): ReadonlyMap<Value, number> {
  const readers = new Map<Value, number>();
  const values = [...graph.nodes.flatMap(({ inputs }) => inputs), ...graph.outputs.map(({ value }) => value)];
  for (const value of values) if (value !== undefined) readers.set(value, (readers.get(value) ?? 0) + 1);
  return readers;
}

function activationOf({ operator, attributes }: GraphNode): FusedActivation | undefined {
  switch (operator) {
    case 'Relu':
    case 'Tanh':
    case 'Sigmoid':
      return operator;
    case 'Gelu':
      return stringAttribute(attributes, 'approximate', 'none') === 'tanh' ? 'GeluApproximate' : 'GeluExact';
    default:
      return undefined;
  }
}
