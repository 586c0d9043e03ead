import type { Graph, GraphNode, Value } from './types.ts';

/** Operators whose outputs after the first may be left out; of Split and the like all are needed. */
const withOptionalOutputs = new Set(['LayerNormalization']);

/** Removes nodes, optional outputs and constants that no output of the graph needs. Inputs all stay. */
export function prune(graph: Graph): Graph {
  const needed = new Set<Value>(graph.outputs.map((output) => output.value));
  const isNeeded = (value: Value | undefined): value is Value => value !== undefined && needed.has(value);
  const nodes: GraphNode[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some(isNeeded)) continue;
    for (const input of node.inputs) if (input !== undefined) needed.add(input);
    nodes.push(withOptionalOutputs.has(node.operator) ? withoutOptionalOutputs(node, isNeeded) : node);
  }
  return {
    ...graph,
    nodes: nodes.reverse(),
    constants: new Map([...graph.constants].filter(([value]) => needed.has(value))),
  };
}

function withoutOptionalOutputs(node: GraphNode, isNeeded: (value: Value | undefined) => boolean): GraphNode {
  const outputs = node.outputs.map((output, index) => (index === 0 || isNeeded(output) ? output : undefined));
  return { ...node, outputs: outputs.slice(0, outputs.findLastIndex((output) => output !== undefined) + 1) };
}
