import { describe, expect, test } from 'vitest';
import type { Engine } from '../../../../src/main/llm/engines/engine.ts';
import { toReal } from '../../../../src/main/llm/engines/reference/evaluate.ts';
import { operatorCases } from './cases.ts';
import { functionCases } from './function-cases.ts';
import { productCases } from './product-cases.ts';
import { caseGraph, gradientGraph, type CaseGraph, type GraphCase } from './graph-case.ts';
import { hasGradient } from './differentiable.ts';
import { evaluateInFloat64, relativeDifference, runOnEngine } from './run-graph.ts';

/** float32 carries 2⁻²⁴ ≈ 6e-8 of relative error per operation; a case sums over a few elements. */
const defaultTolerance = 1e-5;

/** Compares every operator's kernel of an engine, and the kernels together that make its gradient, with the float64 evaluation. */
export function describeKernels(engine: () => Engine): void {
  const compare = async ({ graph, inputs }: CaseGraph, tolerance: number): Promise<void> => {
    const expected = evaluateInFloat64(graph, inputs);
    const actual = await runOnEngine(engine(), graph, inputs, expected);
    for (const { name, value } of graph.outputs) {
      expect(actual[name]!.dtype, `${name}: element type`).toBe(expected[name]!.dtype);
      expect(actual[name]!.shape, `${name}: shape`).toEqual(expected[name]!.shape);
      const exact = value.dtype !== 'float32' && value.dtype !== 'float16';
      expect(
        relativeDifference(toReal(actual[name]!), expected[name]!),
        `${name}: difference relative to the largest element`,
      ).toBeLessThanOrEqual(exact ? 0 : tolerance);
    }
  };

  describe('computes what the float64 evaluation does', () => {
    test.each(operatorCases.map((one) => [one.name, one] as const))('%s', async (_, one: GraphCase) => {
      await compare(caseGraph(one), one.tolerance ?? defaultTolerance);
    });
    const functions: readonly GraphCase[] = [...functionCases, ...productCases];
    test.each(functions.map((one) => [one.name, one] as const))('%s', async (_, one) => {
      await compare(caseGraph(one), one.tolerance ?? defaultTolerance);
    });
  });

  describe('computes the gradients that the float64 evaluation does', () => {
    const cases: readonly GraphCase[] = [
      ...operatorCases.filter(hasGradient),
      ...functionCases,
      ...productCases,
    ];
    test.each(cases.map((one) => [one.name, one] as const))('%s', async (_, one) => {
      await compare(gradientGraph(one)!, one.tolerance ?? defaultTolerance);
    });
  });
}
