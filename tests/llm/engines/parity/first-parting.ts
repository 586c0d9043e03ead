import { operatorDeclaration } from '../../../../src/main/llm/graph/operators/table.ts';
import type { Graph, HostTensor } from '../../../../src/main/llm/graph/types.ts';
import type { Compute } from './compute.ts';
import { relativeDifference } from './run-graph.ts';

/**
 * Where two ways to compute a graph part first: every intermediate result becomes an output, and the first node whose result
 * differs is named with its operator. What comes after it differs because of it.
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
  return undefined;
}

function largest(data: Float64Array = new Float64Array()): number {
  return data.reduce((most, element) => Math.max(most, Math.abs(element)), 0);
}
