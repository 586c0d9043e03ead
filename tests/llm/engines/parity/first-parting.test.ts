import { expect, test } from 'vitest';
import { gptConfigurationSchema, resolveGptShape } from '../../../../src/shared/models/gpt-configuration.ts';
import type { Graph } from '../../../../src/main/llm/graph/types.ts';
import { computeInFloat64, type Compute } from './compute.ts';
import { firstParting } from './first-parting.ts';
import { trainingCase } from './model-inputs.ts';

const shape = resolveGptShape(
  gptConfigurationSchema.parse({ contextLength: 8, hiddenSize: 16, layers: 2, heads: 2 }),
  11,
);

/** Computes as the float64 evaluation does, but for one operator, whose results are a little too large. */
const withFault =
  (operator: string, factor: number): Compute =>
  async (graph: Graph, inputs) => {
    const results = { ...(await computeInFloat64(graph, inputs)) };
    for (const node of graph.nodes)
      for (const value of node.outputs) {
        const result = value === undefined ? undefined : results[value.name];
        if (node.operator === operator && value !== undefined && result !== undefined)
          results[value.name] = { ...result, data: result.data.map((element) => element * factor) };
      }
    return results;
  };

test('of two ways to compute a model that agree, none is named', async () => {
  const { graph, inputs } = trainingCase(shape, { microBatchSize: 2, sequenceLength: 8 });
  expect(
    await firstParting(graph, inputs, withFault('Gelu', 1 + 1e-6), computeInFloat64, 1e-4),
  ).toBeUndefined();
});

test.each(['Gelu', 'Softmax', 'LayerNormalization'])(
  'the operator that parts first is named: %s',
  async (operator) => {
    const { graph, inputs } = trainingCase(shape, { microBatchSize: 2, sequenceLength: 8 });
    expect(await firstParting(graph, inputs, withFault(operator, 1.001), computeInFloat64, 1e-4)).toMatch(
      new RegExp(`^${operator} \\(`),
    );
  },
);

test('a fault in what is fused or written in place, which no single operator shows, is named by the output', async () => {
  const { graph, inputs } = trainingCase(shape, { microBatchSize: 2, sequenceLength: 8 });
  const faulty: Compute = async (computed, given) => {
    const results = await computeInFloat64(computed, given);
    const loss = results['loss'];
    return computed === graph && loss !== undefined
      ? { ...results, loss: { ...loss, data: loss.data.map((value) => value * 1.001) } }
      : results;
  };
  expect(await firstParting(graph, inputs, faulty, computeInFloat64, 1e-4)).toMatch(
    /^the output 'loss' differs by .* fused or written in place/,
  );
});
