import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DeviceTensor, Engine, Program } from '../../../../src/main/llm/engines/engine.ts';
import { createOnnxRuntimeEngine } from '../../../../src/main/llm/engines/onnxruntime/engine.ts';
import type { Graph, GraphNode, Value } from '../../../../src/main/llm/graph/types.ts';
import { graph, node, value } from './small-graphs.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxRuntimeEngine({ threads: 2 });
});
afterAll(() => engine.dispose());

const layers = 24;
/** 4 MiB a value. */
const shape = [1024, 1024];

/**
 * A network of the form that training has: `layers` activations that wait for the backward pass, and there for each
 * layer a gradient that flows on and one of a weight (here a scalar) that nobody reads.
 */
function trainingShapedGraph(): Graph {
  const x = value('x', 'float32', shape);
  const nodes: GraphNode[] = [];
  const outputs: Value[] = [];
  const activations = [x];
  for (let layer = 0; layer < layers; layer++) {
    const activation = value(`h${layer}`, 'float32', shape);
    nodes.push(node('Tanh', [activations[layer]], [activation]));
    activations.push(activation);
  }
  let gradient = activations[layers]!;
  for (let layer = layers - 1; layer >= 0; layer--) {
    const [product, flowing, weight] = [
      value(`m${layer}`, 'float32', shape),
      value(`d${layer}`, 'float32', shape),
      value(`w${layer}`, 'float32', [1, 1]),
    ];
    nodes.push(
      node('Mul', [gradient, activations[layer]], [product]),
      node('ReduceSum', [product], [weight], { keepdims: { type: 'int', value: 1 } }),
      node('Sub', [gradient, activations[layer + 1]], [flowing]),
    );
    outputs.push(weight);
    gradient = flowing;
  }
  const last = value('last', 'float32', [1, 1]);
  nodes.push(node('ReduceMax', [gradient], [last], { keepdims: { type: 'int', value: 1 } }));
  return graph({ inputs: [x], outputs: [...outputs, last], nodes });
}

function bindingsOf(built: Graph): Record<string, DeviceTensor> {
  const types = [...built.inputs, ...built.outputs.map((output) => output.value)];
  return Object.fromEntries(
    types.map((type) => [type.name, engine.allocate(type.dtype, type.shape as number[])]),
  );
}

const resident = (): number => process.memoryUsage.rss() / 2 ** 20;
const peak = (): number => process.resourceUsage().maxRSS / 2 ** 10;

it("a run keeps no more than the graph's own order needs, nor do repeated runs, nor a second program", async () => {
  const built = trainingShapedGraph();
  const bindings = bindingsOf(built);
  const first = await engine.compile(built);
  await engine.write(bindings['x']!, new Float32Array(1024 * 1024).fill(0.5));
  const before = resident();
  for (let run = 0; run < 3; run++) await first.run(bindings);
  // The activations and a few values of the backward pass; the flowing gradients of all layers would be as much again.
  const needed = (layers + 6) * 4;
  expect(peak() - before).toBeLessThan(needed + 24);

  const second: Program = await engine.compile(built);
  for (let run = 0; run < 3; run++) await second.run(bindings);
  expect(peak() - before).toBeLessThan(needed + 36);

  const held = resident();
  await first.dispose();
  await second.dispose();
  expect(held - resident()).toBeGreaterThan(layers * 4 * 0.8);
});
