import { operatorDeclaration } from '../../../../src/main/llm/graph/operators/table.ts';
import type { Graph, HostTensor } from '../../../../src/main/llm/graph/types.ts';
import type { Compute } from './compute.ts';
import { relativeDifference } from './run-graph.ts';

/**
 * Where two ways to compute a graph part first: every intermediate result becomes an output, and the first node whose result
 * differs is named with its operator. What comes after it differs because of it. The graph is computed as it is, too: results
 * that nobody else sees may be fused or written in place, which shows in its outputs alone.
 * @returns undefined when nothing differs by more than the tolerance, relative to a result's largest element
 */
export async function firstParting(
  graph: Graph,
  inputs: Readonly<Record<string, HostTensor>>,
  one: Compute,
  other: Compute,
  tolerance: number,
): Promise<string | undefined> {
  const results = graph.nodes.flatMap((node) =>
    node.outputs.flatMap((value) => (value?.dtype === 'float32' ? [{ node, value }] : [])),
  );
  const open: Graph = {
    ...graph,
    outputs: results.map(({ value }) => ({ name: value.name, value })),
    aliases: new Map(),
  };
  const [left, right] = [await one(open, inputs), await other(open, inputs)];
  for (const { node, value } of results) {
    const [a, b] = [left[value.name]!, right[value.name]!];
    const difference = relativeDifference(a, b);
    // Of numbers that cancel out only rounding is left: what they were made of is what they are measured by.
    const size = Math.max(
      ...node.inputs.map((input) => largest(right[input?.name ?? '']?.data)),
      largest(b.data),
    );
    if (difference * largest(b.data) > tolerance * size)
      return `${operatorDeclaration(node.operator, node.domain).name} (${value.name}) differs by ${difference.toExponential(1)}`;
  }
  const [ours, theirs] = [await one(graph, inputs), await other(graph, inputs)];
  for (const { name, value } of graph.outputs) {
    if (value.dtype !== 'float32') continue;
    const difference = relativeDifference(ours[name]!, theirs[name]!);
    // A gradient that cancels out is compared above, by what it was made of.
    if (difference > tolerance && largest(theirs[name]!.data) > tolerance)
      return `the output '${name}' differs by ${difference.toExponential(1)}, though each operator agrees where its result is seen: look at what is fused or written in place`;
  }
  return undefined;
}

function largest(data: Float64Array = new Float64Array()): number {
  return data.reduce((most, element) => Math.max(most, Math.abs(element)), 0);
}
