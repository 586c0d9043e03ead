import type { Graph, Value } from './types.ts';

/** Removes nodes, optional outputs and constants that no output needs. */
export function prune(graph: Graph): Graph {
  const needed = new Set<Value>(graph.outputs.map((output) => output.value));
  const nodes = graph.nodes
    .toReversed()
    .flatMap((node) => {
      if (!node.outputs.some((output) => output !== undefined && needed.has(output))) return [];
      for (const input of node.inputs) if (input !== undefined) needed.add(input);
      const outputs = node.outputs.map((output, index) =>
        index === 0 || (output !== undefined && needed.has(output)) ? output : undefined,
      );
      while (outputs.length > 1 && outputs.at(-1) === undefined) outputs.pop();
      // Split and the like need all of their outputs.
      return [node.operator === 'LayerNormalization' ? { ...node, outputs } : node];
    })
    .toReversed();
  return { ...graph, nodes, constants: new Map([...graph.constants].filter(([value]) => needed.has(value))) };
}
