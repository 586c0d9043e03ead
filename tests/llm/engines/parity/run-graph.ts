import type { DeviceTensor, Engine } from '../../../../src/main/llm/engines/engine.ts';
import { evaluateGraph, toReal } from '../../../../src/main/llm/engines/reference/evaluate.ts';
import type { RealTensor } from '../../../../src/main/llm/graph/operators/declaration.ts';
import type { Graph, HostTensor } from '../../../../src/main/llm/graph/types.ts';

/** Evaluates a graph in float64 for tensors of the host. */
export function evaluateInFloat64(
  graph: Graph,
  inputs: Readonly<Record<string, HostTensor>>,
): Readonly<Record<string, RealTensor>> {
  return evaluateGraph(
    graph,
    Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, toReal(tensor)])),
  );
}

/**
 * Compiles a graph, runs it once and reads its outputs back. An output with an alias is bound to its input's tensor.
 * @param shapes the outputs' shapes; those of the graph where nothing is said.
 */
export async function runOnEngine(
  engine: Engine,
  graph: Graph,
  inputs: Readonly<Record<string, HostTensor>>,
  shapes: Readonly<Record<string, { readonly shape: readonly number[] }>> = {},
): Promise<Readonly<Record<string, HostTensor>>> {
  const program = await engine.compile(graph);
  const tensors: Record<string, DeviceTensor> = {};
  const owned: DeviceTensor[] = [];
  try {
    for (const { name } of graph.inputs) {
      const tensor = inputs[name];
      if (tensor === undefined) throw new RangeError(`No tensor was given for the input '${name}'.`);
      const deviceTensor = engine.allocate(tensor.dtype, tensor.shape);
      owned.push(deviceTensor);
      tensors[name] = deviceTensor;
      await engine.write(deviceTensor, tensor.data);
    }
    for (const { name, value } of graph.outputs) {
      const alias = graph.aliases.get(name);
      if (alias !== undefined) {
        tensors[name] = tensors[alias]!;
        continue;
      }
      const deviceTensor = engine.allocate(value.dtype, shapes[name]?.shape ?? value.shape.map(Number));
      owned.push(deviceTensor);
      tensors[name] = deviceTensor;
    }
    await program.run(tensors);
    const results: Record<string, HostTensor> = {};
    for (const { name } of graph.outputs) {
      const { dtype, shape } = tensors[name]!;
      results[name] = { dtype, shape, data: await engine.read(tensors[name]!) };
    }
    return results;
  } finally {
    await program.dispose();
    for (const tensor of owned) tensor.dispose();
  }
}

/** The largest difference between two tensors, relative to the largest element of the expected one. */
export function relativeDifference(
  actual: { readonly data: Float64Array },
  expected: { readonly data: Float64Array },
): number {
  let difference = actual.data.length === expected.data.length ? 0 : Infinity;
  let largest = 0;
  expected.data.forEach((element, index) => {
    const own = Math.abs(actual.data[index]! - element);
    // NaN counts as the largest difference.
    difference = own <= difference ? difference : Number.isNaN(own) ? Infinity : own;
    largest = Math.max(largest, Math.abs(element));
  });
  return difference === 0 ? 0 : difference / Math.max(largest, Number.MIN_VALUE);
}
