import { intAttribute, intsAttribute } from '../../graph/operators/declaration.ts';
import { prune } from '../../graph/prune.ts';
import type { Graph, GraphNode, Value } from '../../graph/types.ts';

/**
 * Makes of a graph what TensorFlow's kernels compute in fewer passes: a transposition of the last two axes becomes part of
 * the product that reads it (BatchMatMulV2 reads either matrix as transposed).
 */
export function rewriteForTensorFlow(graph: Graph): Graph {
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
