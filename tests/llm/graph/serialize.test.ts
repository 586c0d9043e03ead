import { fromBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../../src/main/llm/graph/builder.ts';
import { ModelProtoSchema } from '../../../src/main/llm/graph/onnx/onnx_pb.js';
import { mul, tanh } from '../../../src/main/llm/graph/operators/elementwise.ts';
import { reshape } from '../../../src/main/llm/graph/operators/layout.ts';
import { readGraph, type ExternalReader } from '../../../src/main/llm/graph/read.ts';
import { serializeGraph } from '../../../src/main/llm/graph/serialize.ts';
import { GraphError } from '../../../src/main/llm/graph/shape-error.ts';
import type { Graph, HostTensor } from '../../../src/main/llm/graph/types.ts';
import { buildGptExportGraph } from '../../../src/main/llm/models/gpt/export-graph.ts';
import { buildGptGenerationGraph } from '../../../src/main/llm/models/gpt/generation-graph.ts';
import { buildGptInspectionGraph } from '../../../src/main/llm/models/gpt/inspection-graph.ts';
import { nextToken } from '../../../src/main/llm/objectives/next-token/objective.ts';
import { buildLossGraph, buildTrainingGraph } from '../../../src/main/llm/objectives/training-graph.ts';
import { operatorCases } from '../engines/parity/cases.ts';
import { hasGradient } from '../engines/parity/differentiable.ts';
import { functionCases } from '../engines/parity/function-cases.ts';
import { caseGraph, gradientGraph } from '../engines/parity/graph-case.ts';
import { evaluateInFloat64, relativeDifference } from '../engines/parity/run-graph.ts';
import { rowsOf, transformersFixtures } from '../models/gpt/transformers-fixtures.ts';

const roundTrip = (graph: Graph): Graph => readGraph(serializeGraph(graph), 'test.onnx');

/** What a graph takes and gives. */
const interfaceOf = ({ inputs, outputs }: Graph): unknown => ({
  inputs: inputs.map(({ name, dtype, shape }) => ({ name, dtype, shape })),
  outputs: outputs.map(({ name, value: { dtype, shape } }) => ({ name, dtype, shape })),
});

/** Attributes are float32 in the file: an epsilon or a scale is rounded. */
const roundingOfAttributes = 1e-6;

function expectSameEvaluation(graph: Graph, inputs: Readonly<Record<string, HostTensor>>): void {
  const again = roundTrip(graph);
  expect(interfaceOf(again)).toEqual(interfaceOf(graph));
  // A value that is two outputs is copied for the second.
  const operators = again.nodes.slice(0, graph.nodes.length).map((node) => node.operator);
  expect(operators).toEqual(graph.nodes.map((node) => node.operator));
  const [expected, actual] = [evaluateInFloat64(graph, inputs), evaluateInFloat64(again, inputs)];
  for (const [name, tensor] of Object.entries(expected)) {
    expect(actual[name]!.shape, name).toEqual(tensor.shape);
    expect(relativeDifference(actual[name]!, tensor), name).toBeLessThan(roundingOfAttributes);
  }
}

describe('A graph that is written and read again computes the same', () => {
  test.each([...operatorCases, ...functionCases].map((one) => [one.name, one] as const))('%s', (_, one) => {
    const { graph, inputs } = caseGraph(one);
    expectSameEvaluation(graph, inputs);
  });

  test.each([...operatorCases.filter(hasGradient), ...functionCases].map((one) => [one.name, one] as const))(
    'the gradient of %s',
    (_, one) => {
      const { graph, inputs } = gradientGraph(one)!;
      expectSameEvaluation(graph, inputs);
    },
  );

  test.each(transformersFixtures.map((fixture) => [fixture.modelType, fixture] as const))(
    'a model of model type %s, in training, evaluation and inspection',
    (_, { shape, weights, expected }) => {
      const rows = { sequenceLength: 16, lossChunks: 2 };
      const tokens = {
        input_ids: expected['input_ids']!,
        targets: expected['targets']!,
        loss_weights: expected['loss_weights']!,
      };
      expectSameEvaluation(
        buildTrainingGraph(nextToken, shape, {
          ...rows,
          microBatchSize: 2,
          gradientCheckpointing: true,
          accumulate: false,
        }),
        { ...weights, ...tokens },
      );
      expectSameEvaluation(buildLossGraph(nextToken, shape, { ...rows, batchSize: 2 }), {
        ...weights,
        ...tokens,
      });
      expectSameEvaluation(buildGptInspectionGraph(shape, { sequenceLength: 16 }), {
        ...weights,
        input_ids: rowsOf(tokens.input_ids, 0, 1),
      });
    },
  );

  test.each(transformersFixtures.map((fixture) => [fixture.modelType, fixture] as const))(
    'a model of model type %s for generation and export, open dimensions included',
    (_, { shape }) => {
      const generation = buildGptGenerationGraph(shape, { cacheLength: 8 });
      expect(interfaceOf(roundTrip(generation))).toEqual(interfaceOf(generation));
      const { graph } = buildGptExportGraph(shape);
      expect(interfaceOf(roundTrip(graph))).toEqual(interfaceOf(graph));
      expect(graph.outputs[0]!.value.shape).toEqual(['batch_size', 'sequence_length', shape.vocabularySize]);
    },
  );
});

describe('A written graph', () => {
  const doubling = (outputs: readonly string[]): Graph => {
    const builder = new GraphBuilder('doubling');
    const doubled = mul(builder.input('x', 'float32', ['length']), 2);
    for (const name of outputs) builder.output(name, doubled);
    return builder.finish();
  };
  const modelOf = (graph: Graph) => fromBinary(ModelProtoSchema, serializeGraph(graph)).graph!;

  test('says which operator sets it uses', () => {
    const { opsetImport, irVersion } = fromBinary(ModelProtoSchema, serializeGraph(doubling(['y'])));
    expect(opsetImport.map(({ domain, version }) => [domain, version])).toEqual([['', 20n]]);
    expect(irVersion).toBe(9n);
    const generation = buildGptGenerationGraph(transformersFixtures[0]!.shape, { cacheLength: 8 });
    expect(
      fromBinary(ModelProtoSchema, serializeGraph(generation)).opsetImport.map(({ domain }) => domain),
    ).toEqual(['', 'com.microsoft']);
  });

  test('keeps metadata', () => {
    const bytes = serializeGraph(doubling(['y']), { metadata: { model_type: 'gpt2', exported_by: 'loam' } });
    expect(fromBinary(ModelProtoSchema, bytes).metadataProps.map(({ key, value }) => [key, value])).toEqual([
      ['model_type', 'gpt2'],
      ['exported_by', 'loam'],
    ]);
  });

  test('names a computed value after its output, and copies it for a second output', () => {
    const { node } = modelOf(doubling(['y', 'z']));
    expect(node.map(({ opType, output }) => [opType, ...output])).toEqual([
      ['Mul', 'y'],
      ['Identity', 'z'],
    ]);
  });

  test('copies inputs and constants that are outputs under another name', () => {
    const builder = new GraphBuilder('copies');
    builder.output('y', builder.input('x', 'float32', [1]));
    builder.output('one', builder.scalar(1));
    const graph = builder.finish();
    const x = { x: { dtype: 'float32', shape: [1], data: Float32Array.of(5) } } as const;
    const results = evaluateInFloat64(roundTrip(graph), x);
    expect([results['y']!.data[0], results['one']!.data[0]]).toEqual([5, 1]);
  });

  test('has an input that is an output under its own name once', () => {
    const builder = new GraphBuilder('through');
    builder.output('x', builder.input('x', 'float32', [1]));
    const { node, input, output } = modelOf(builder.finish());
    expect([node.length, input[0]!.name, output[0]!.name]).toEqual([0, 'x', 'x']);
  });

  test('renames a value inside the graph whose name an output has', () => {
    const builder = new GraphBuilder('clash');
    const inner = tanh(builder.input('x', 'float32', [2]));
    builder.output(inner.name, mul(inner, 2));
    const graph = builder.finish();
    const names = modelOf(graph).node.flatMap(({ output }) => output);
    expect(new Set(names).size).toBe(names.length);
    expectSameEvaluation(graph, { x: { dtype: 'float32', shape: [2], data: Float32Array.of(0.5, -1) } });
  });

  test('cannot give an input and another output the same name, as accumulated gradients have it', () => {
    const graph = buildTrainingGraph(nextToken, transformersFixtures[0]!.shape, {
      microBatchSize: 1,
      sequenceLength: 4,
      lossChunks: 1,
      gradientCheckpointing: false,
      accumulate: true,
    });
    expect(() => serializeGraph(graph)).toThrow(GraphError);
    expect(() => serializeGraph(graph)).toThrow("an input and an output are both named 'gradient.");
  });

  test('names every value once, for every model', () => {
    for (const { shape } of transformersFixtures) {
      const { node, initializer, input } = modelOf(buildGptExportGraph(shape).graph);
      const names = [...node.flatMap(({ output }) => output), ...initializer, ...input].map((one) =>
        typeof one === 'string' ? one : one.name,
      );
      expect(names.filter((name, index) => name !== '' && names.indexOf(name) !== index)).toEqual([]);
    }
  });
});

describe('Inputs become part of the model', () => {
  const weighted = () => {
    const builder = new GraphBuilder('weighted');
    const [x, weight] = [builder.input('x', 'float32', ['rows', 2]), builder.input('weight', 'float32', [2])];
    builder.output('y', mul(x, weight));
    return { graph: builder.finish(), weight };
  };
  const x = { dtype: 'float32', shape: [1, 2], data: Float32Array.of(3, 4) } as const;

  test('with their elements', () => {
    const { graph, weight } = weighted();
    const elements = { dtype: 'float32', shape: [2], data: Float32Array.of(10, 100) } as const;
    const read = readGraph(serializeGraph(graph, { initializers: new Map([[weight, elements]]) }), 'a.onnx');
    expect(read.inputs.map((input) => input.name)).toEqual(['x']);
    expect(Array.from(evaluateInFloat64(read, { x })['y']!.data)).toEqual([30, 400]);
  });

  test('as a view into a larger array', () => {
    const { graph, weight } = weighted();
    const data = Float32Array.of(9, 9, 10, 100, 9).subarray(2, 4);
    const initializers = new Map([[weight, { dtype: 'float32', shape: [2], data } as const]]);
    const read = readGraph(serializeGraph(graph, { initializers }), 'a.onnx');
    expect(Array.from(evaluateInFloat64(read, { x })['y']!.data)).toEqual([30, 400]);
  });

  test('with their elements in a file beside it', () => {
    const { graph, weight } = weighted();
    const location = { file: 'model.onnx_data', offset: 4096, length: 8 };
    const bytes = serializeGraph(graph, { initializers: new Map([[weight, location]]) });
    const asked: unknown[] = [];
    const reader: ExternalReader = (...place) => {
      asked.push(place);
      return new Uint8Array(Float32Array.of(10, 100).buffer);
    };
    const read = readGraph(bytes, 'a.onnx', reader);
    expect(asked).toEqual([['model.onnx_data', 4096, 8]]);
    expect(Array.from(evaluateInFloat64(read, { x })['y']!.data)).toEqual([30, 400]);
  });
});

test('Shapes that only the run gives keep the same name on both sides of a Reshape', () => {
  const builder = new GraphBuilder('open');
  const x = builder.input('x', 'float32', ['batch', 'sequence', 12]);
  expect(reshape(x, [0, 0, 3, 4]).shape).toEqual(['batch', 'sequence', 3, 4]);
  expect(reshape(x, [0, -1, 12]).shape).toEqual(['batch', 'sequence', 12]);
  expect(reshape(x, [-1, 12]).shape).toEqual(['batch*sequence', 12]);
  expect(reshape(x, [-1, 6]).shape).toEqual(['2*batch*sequence', 6]);
  expect(reshape(x, [-1, 8]).shape).toEqual(['batch*sequence*12/8', 8]);
  expect(reshape(x, [0, -1]).shape).toEqual(['batch', '12*sequence']);
});
