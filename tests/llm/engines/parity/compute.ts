import type { Engine } from '../../../../src/main/llm/engines/engine.ts';
import { toReal } from '../../../../src/main/llm/engines/reference/evaluate.ts';
import type { RealTensor } from '../../../../src/main/llm/graph/operators/declaration.ts';
import type { Graph, HostTensor } from '../../../../src/main/llm/graph/types.ts';
import { evaluateInFloat64, runOnEngine } from './run-graph.ts';

/** A way to compute a graph once: the float64 evaluation, or an engine. */
export type Compute = (
  graph: Graph,
  inputs: Readonly<Record<string, HostTensor>>,
) => Promise<Readonly<Record<string, RealTensor>>>;

export const computeInFloat64: Compute = async (graph, inputs) => evaluateInFloat64(graph, inputs);

/** Computes on an engine; outputs whose shapes the graph leaves open get those of the float64 evaluation. */
export function computeOn(engine: () => Engine): Compute {
  return async (graph, inputs) => {
    const isOpen = graph.outputs.some(({ value }) =>
      value.shape.some((extent) => typeof extent === 'string'),
    );
    const shapes = isOpen ? evaluateInFloat64(graph, inputs) : {};
    const results = await runOnEngine(engine(), graph, inputs, shapes);
    return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, toReal(tensor)]));
  };
}
