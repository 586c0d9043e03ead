import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluateGraph } from '../../../src/main/llm/engines/reference/evaluate.ts';
import { GraphBuilder } from '../../../src/main/llm/graph/builder.ts';
import { foldSums } from '../../../src/main/llm/graph/fold-sums.ts';
import type { RealTensor } from '../../../src/main/llm/graph/operators/declaration.ts';
import { add, sub } from '../../../src/main/llm/graph/operators/elementwise.ts';
import { addRows } from '../../../src/main/llm/graph/operators/indexing.ts';
import { gemm, gemmOperator } from '../../../src/main/llm/graph/operators/matrix.ts';
import { reduceSum } from '../../../src/main/llm/graph/operators/reduction.ts';
import type { Graph, GraphNode, Value } from '../../../src/main/llm/graph/types.ts';
import { gptParameters } from '../../../src/main/llm/models/gpt/parameters.ts';
import { nextToken } from '../../../src/main/llm/objectives/next-token/objective.ts';
import { buildTrainingGraph } from '../../../src/main/llm/objectives/training-graph.ts';
import { transformersFixtures } from '../models/gpt/transformers-fixtures.ts';

interface Inputs {
  readonly builder: GraphBuilder;
  readonly s: Value;
  readonly a: Value;
  readonly b: Value;
  readonly row: Value;
  readonly ids: Value;
}

const matrix = (...elements: readonly number[]): RealTensor => ({
  dtype: 'float32',
  shape: [3, 3],
  data: Float64Array.from(elements),
});
const tensors: Readonly<Record<string, RealTensor>> = {
  s: matrix(1, 2, 3, 4, 5, 6, 7, 8, 9),
  a: matrix(0.5, -1, 2, 0, 1, 3, -2, 1, 1),
  b: matrix(1, 0, -1, 2, 2, 0.25, 1, -3, 4),
  row: { dtype: 'float32', shape: [3], data: Float64Array.of(10, 20, 30) },
  ids: { dtype: 'int64', shape: [3], data: Float64Array.of(2, 0, 1) },
};

/** The graph that `build` makes, before and after folding. */
function foldedOf(build: (inputs: Inputs) => readonly Value[]): {
  readonly before: Graph;
  readonly after: Graph;
} {
  const builder = new GraphBuilder('sums');
  const square = (name: string): Value => builder.input(name, 'float32', [3, 3]);
  const results = build({
    builder,
    s: square('s'),
    a: square('a'),
    b: square('b'),
    row: builder.input('row', 'float32', [3]),
    ids: builder.input('ids', 'int64', [3]),
  });
  results.forEach((value, index) => builder.output(`result.${index}`, value));
  const before = builder.finish();
  return { before, after: foldSums(before) };
}

const operatorsOf = (graph: Graph): readonly string[] => graph.nodes.map((node) => node.operator);

/** Nodes stand after what they read, and no value is computed twice. */
function expectValidOrder(graph: Graph): void {
  const known = new Set<Value | undefined>([undefined, ...graph.inputs, ...graph.constants.keys()]);
  for (const node of graph.nodes) {
    expect(
      node.inputs.filter((input) => !known.has(input)),
      `inputs of ${node.name}`,
    ).toEqual([]);
    for (const output of node.outputs) {
      expect(output !== undefined && known.has(output), `${output?.name} is computed twice`).toBe(false);
      known.add(output);
    }
  }
}

function expectSameValues(before: Graph, after: Graph): void {
  expectValidOrder(after);
  const [old, folded] = [before, after].map((graph) => evaluateGraph(graph, tensors));
  for (const [name, { data }] of Object.entries(old!)) {
    data.forEach((element, index) => expect(folded![name]!.data[index]).toBeCloseTo(element, 9));
  }
}

describe('A sum is taken where a summand is computed', () => {
  const zeros = (x: Value): Value => sub(x, x);
  const folding: Readonly<
    Record<string, readonly [(inputs: Inputs) => readonly Value[], readonly string[]]>
  > = {
    'a matrix and a product': [({ s, a, b }) => [add(s, gemm(a, b))], ['Gemm']],
    'a product and a matrix': [({ s, a, b }) => [add(gemm(a, b, { alpha: 2 }), s)], ['Gemm']],
    'a matrix and three products': [
      ({ s, a, b }) => [add(add(add(s, gemm(a, b)), gemm(b, a, { transA: true })), gemm(a, a))],
      ['Gemm', 'Gemm', 'Gemm'],
    ],
    'a matrix and a sum of products': [
      ({ s, a, b }) => [add(s, gemm(b, a, { addend: gemm(a, b) }))],
      ['Gemm', 'Gemm'],
    ],
    'a matrix and rows added to zeros': [
      ({ s, a, ids }) => [add(s, addRows(zeros(a), ids, a))],
      ['Unsqueeze', 'ScatterND'],
    ],
    'a matrix that is computed after the product': [
      ({ s, a, b }) => {
        const product = gemm(a, b);
        return [add(sub(s, b), product)];
      },
      ['Sub', 'Gemm'],
    ],
  };
  test.each(Object.entries(folding))('of %s', (_, [build, operators]) => {
    const { before, after } = foldedOf(build);
    expect(operatorsOf(after)).toEqual(operators);
    expectSameValues(before, after);
  });
});

describe('A sum stays', () => {
  const staying: Readonly<Record<string, (inputs: Inputs) => readonly Value[]>> = {
    'where the product has another reader': ({ s, a, b }) => {
      const product = gemm(a, b);
      return [add(s, product), sub(product, s)];
    },
    'where the product is a result itself': ({ s, a, b }) => {
      const product = gemm(a, b);
      return [add(s, product), product];
    },
    'where the product is added to itself': ({ a, b }) => {
      const product = gemm(a, b);
      return [add(product, product)];
    },
    'where the product scales its addend': ({ builder, s, a, b }) => [
      add(s, builder.apply(gemmOperator, [a, b, s], { beta: { type: 'float', value: 2 } })[0]!),
    ],
    'where the product has a bias of another shape': ({ s, a, b, row }) => [
      add(s, gemm(a, b, { addend: row })),
    ],
    'where a row is repeated': ({ a, b, row }) => [add(row, gemm(a, b))],
    'where rows are added to something': ({ s, a, b, ids }) => [add(s, addRows(b, ids, a))],
    'where rows are added to a difference': ({ s, a, b, ids }) => [add(s, addRows(sub(a, b), ids, a))],
  };
  test.each(Object.entries(staying))('%s', (_, build) => {
    const { before, after } = foldedOf(build);
    expect(operatorsOf(after)).toEqual(operatorsOf(before));
    expectSameValues(before, after);
  });
});

test('Folding keeps the values of any graph of sums and products, and the order of its nodes valid', () => {
  const step = fc.record({
    kind: fc.constantFrom('add', 'gemm', 'gemm with addend', 'rows'),
    x: fc.nat(),
    y: fc.nat(),
    z: fc.nat(),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), fc.nat(), (steps, other) => {
      const { before, after } = foldedOf(({ s, a, b, ids }) => {
        const values = [s, a, b];
        const pick = (number: number): Value => values[number % values.length]!;
        for (const { kind, x, y, z } of steps) {
          const zeros = kind === 'rows' ? sub(pick(z), pick(z)) : undefined;
          if (kind === 'add') values.push(add(pick(x), pick(y)));
          else if (zeros !== undefined) values.push(addRows(zeros, ids, pick(x)));
          else
            values.push(
              gemm(pick(x), pick(y), { alpha: 0.25, ...(kind === 'gemm' ? {} : { addend: pick(z) }) }),
            );
        }
        return [...new Set([pick(values.length - 1), pick(other)])];
      });
      expectValidOrder(after);
      const [old, folded] = [before, after].map((graph) => evaluateGraph(graph, tensors));
      for (const [name, { data }] of Object.entries(old!)) {
        const largest = Math.max(1, ...data.map(Math.abs));
        data.forEach((element, index) =>
          expect(Math.abs(folded![name]!.data[index]! - element)).toBeLessThan(1e-9 * largest),
        );
      }
      expect(operatorsOf(after).filter((name) => name === 'Add').length).toBeLessThanOrEqual(
        operatorsOf(before).filter((name) => name === 'Add').length,
      );
    }),
    { numRuns: 200 },
  );
});

describe.each(transformersFixtures.map((fixture) => [fixture.modelType, fixture] as const))(
  'A training graph of model type %s that accumulates',
  (_, { shape }) => {
    const options = { microBatchSize: 2, sequenceLength: 16, lossChunks: 3, gradientCheckpointing: false };
    const overwriting = buildTrainingGraph(nextToken, shape, { ...options, accumulate: false });
    const accumulating = buildTrainingGraph(nextToken, shape, { ...options, accumulate: true });
    const isPositions = (name: string): boolean => name.endsWith('wpe.weight');
    const parameters = gptParameters(shape);

    test('adds the gradients of all matrices where their products are computed', () => {
      const producers = new Map(
        accumulating.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)),
      );
      const addend = (node: GraphNode): Value | undefined =>
        node.operator === 'Gemm'
          ? node.inputs[2]
          : node.operator === 'ScatterND'
            ? node.inputs[0]
            : undefined;
      for (const parameter of parameters.filter((one) => one.shape.length === 2 && !isPositions(one.name))) {
        const name = `gradient.${parameter.name}`;
        let value = accumulating.outputs.find((output) => output.name === name)?.value;
        for (let node = producers.get(value); node !== undefined; node = producers.get(value))
          value = addend(node);
        expect(value?.name, `the beginning of the chain of ${name}`).toBe(name);
      }
    });

    test('has one more sum for each vector and the position table, and no other', () => {
      const sums = (graph: Graph): number => operatorsOf(graph).filter((name) => name === 'Add').length;
      const summed = parameters.filter((one) => one.shape.length === 1 || isPositions(one.name));
      expect(sums(accumulating) - sums(overwriting)).toBe(summed.length);
    });

    test('has no sum of the shape of a table of embeddings', () => {
      const [rows, width] = [shape.vocabularySize, shape.hiddenSize];
      const tableSums = accumulating.nodes.filter(
        ({ operator, outputs }) =>
          operator === 'Add' && outputs[0]?.shape[0] === rows && outputs[0].shape[1] === width,
      );
      expect(tableSums).toEqual([]);
    });
  },
);

test('A sum over all elements, as no product can take it up, is left alone', () => {
  const { before, after } = foldedOf(({ s, row }) => [add(row, reduceSum(s, [0], false))]);
  expect(operatorsOf(after)).toEqual(operatorsOf(before));
});
