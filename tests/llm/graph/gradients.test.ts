import { describe, expect, test } from 'vitest';
import { evaluateGraph, toReal } from '../../../src/main/llm/engines/reference/evaluate.ts';
import { gradientRules } from '../../../src/main/llm/graph/gradients/table.ts';
import type { RealTensor } from '../../../src/main/llm/graph/operators/declaration.ts';
import { operators } from '../../../src/main/llm/graph/operators/table.ts';
import { operatorCases } from '../engines/parity/cases.ts';
import { hasGradient } from '../engines/parity/differentiable.ts';
import { functionCases } from '../engines/parity/function-cases.ts';
import { caseGraph, gradientGraph, type CaseGraph, type GraphCase } from '../engines/parity/graph-case.ts';
import { relativeDifference } from '../engines/parity/run-graph.ts';

/** Central differences of the loss by each element of an input: error ~ step² · third derivative, and 1e-16 / step. */
const step = 1e-5;
/** Graphs hold their constants in float32, so that gradients are off by some 6e-8 where these take part. */
const tolerance = 5e-7;

function finiteDifferences(
  { graph }: CaseGraph,
  inputs: Readonly<Record<string, RealTensor>>,
  name: string,
): RealTensor {
  const lossOnly = { ...graph, outputs: graph.outputs.filter((output) => output.name === 'loss') };
  const input = inputs[name]!;
  const lossWith = (index: number, offset: number): number => {
    const data = input.data.slice();
    data[index]! += offset;
    return evaluateGraph(lossOnly, { ...inputs, [name]: { ...input, data } })['loss']!.data[0]!;
  };
  return {
    ...input,
    data: input.data.map((_, index) => (lossWith(index, step) - lossWith(index, -step)) / (2 * step)),
  };
}

function expectGradientsToBeSlopes(one: GraphCase): void {
  const made = gradientGraph(one)!;
  const inputs = Object.fromEntries(
    Object.entries(made.inputs).map(([name, tensor]) => [name, toReal(tensor)]),
  );
  const results = evaluateGraph(made.graph, inputs);
  const gradients = Object.entries(results).filter(([name]) => name !== 'loss');
  expect(gradients.length).toBeGreaterThan(0);
  for (const [name, gradient] of gradients) {
    const input = name.slice('gradient.'.length);
    expect(gradient.shape, name).toEqual(inputs[input]!.shape);
    expect(relativeDifference(gradient, finiteDifferences(made, inputs, input)), name).toBeLessThan(
      tolerance,
    );
  }
}

describe('The gradient of each operator is the slope of its float64 evaluation', () => {
  const cases: readonly GraphCase[] = operatorCases.filter(hasGradient);
  test.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => expectGradientsToBeSlopes(one));
});

describe('The gradient of each function is the slope of its float64 evaluation', () => {
  test.each(functionCases.map((one) => [one.name, one] as const))('%s', (_, one) =>
    expectGradientsToBeSlopes(one),
  );
});

describe('The table of cases', () => {
  test('has a case for every operator', () => {
    const covered = new Set(operatorCases.map((one) => one.operator));
    expect(operators.map((operator) => operator.name).filter((name) => !covered.has(name))).toEqual([]);
  });

  test('has a case of the gradient for every operator with a gradient rule', () => {
    const covered = new Set(operatorCases.filter(hasGradient).map((one) => one.operator));
    expect(Object.keys(gradientRules).filter((name) => !covered.has(name))).toEqual([]);
  });

  test('has a rule only for operators that exist', () => {
    const known = new Set(operators.map((operator) => operator.name));
    expect(Object.keys(gradientRules).filter((name) => !known.has(name))).toEqual([]);
  });

  test('names each case once', () => {
    const names = [...operatorCases, ...functionCases].map((one) => one.name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test('builds one node for each operator case', () => {
    for (const one of operatorCases) {
      expect(
        caseGraph(one).graph.nodes.map((node) => node.operator),
        one.name,
      ).toEqual([one.operator]);
    }
  });
});
