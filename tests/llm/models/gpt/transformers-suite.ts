import { describe, expect, test } from 'vitest';
import { toReal } from '../../../../src/main/llm/engines/reference/evaluate.ts';
import type { RealTensor } from '../../../../src/main/llm/graph/operators/declaration.ts';
import type { HostTensor } from '../../../../src/main/llm/graph/types.ts';
import { buildGptExportGraph } from '../../../../src/main/llm/models/gpt/export-graph.ts';
import { buildGptInspectionGraph } from '../../../../src/main/llm/models/gpt/inspection-graph.ts';
import { gptParameters } from '../../../../src/main/llm/models/gpt/parameters.ts';
import { nextToken } from '../../../../src/main/llm/objectives/next-token/objective.ts';
import {
  buildLossGraph,
  buildTrainingGraph,
  type TrainingGraphOptions,
} from '../../../../src/main/llm/objectives/training-graph.ts';
import type { Compute } from '../../engines/parity/compute.ts';
import { relativeDifference } from '../../engines/parity/run-graph.ts';
import {
  integerTensor,
  rowsOf,
  transformersFixtures,
  type TransformersFixture,
} from './transformers-fixtures.ts';

const [batch, length] = [2, 16];

/** Largest differences allowed between Loam and transformers. */
export interface ParityTolerance {
  /** Of logits, hidden states, attention and loss: absolute. */
  readonly absolute: number;
  /** Of gradients: relative to the largest element of the parameter's gradient. */
  readonly gradient: number;
}

/** Compares the four model types, in every form of graph, with what transformers computes in float64 from the same weights. */
export function describeTransformersParity(compute: Compute, tolerance: ParityTolerance): void {
  describe.each(transformersFixtures.map((fixture) => [fixture.modelType, fixture] as const))(
    'A model of model type %s',
    (_, fixture) => {
      test('has the logits, hidden states and attention of transformers', () =>
        checkInspection(fixture, compute, tolerance));

      test.each([
        { lossChunks: 1, gradientCheckpointing: false },
        { lossChunks: 3, gradientCheckpointing: false },
        { lossChunks: 1, gradientCheckpointing: true },
        { lossChunks: 32, gradientCheckpointing: true },
      ])(
        'has the loss and gradients of transformers ($lossChunks loss chunks, gradient checkpointing: $gradientCheckpointing)',
        async (options) => {
          const results = await train(fixture, compute, options);
          expect(Math.abs(results['loss']!.data[0]! - fixture.loss)).toBeLessThan(tolerance.absolute);
          expectGradients(results, fixture, tolerance);
        },
      );

      test.each([false, true])(
        'sums the gradients of two micro-batches to those of the whole (gradient checkpointing: %s)',
        async (gradientCheckpointing) => {
          const zeros = Object.fromEntries(
            gptParameters(fixture.shape).map(({ name, shape }) => [
              `gradient.${name}`,
              { dtype: 'float32', shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) } as const,
            ]),
          );
          const options = { lossChunks: 2, gradientCheckpointing, microBatchSize: 1 };
          const first = await train(fixture, compute, options, 0, zeros);
          const gradients = Object.fromEntries(
            Object.keys(zeros).map((name) => [name, hostTensor(first[name]!)]),
          );
          const second = await train(fixture, compute, options, 1, gradients);
          expect(Math.abs(first['loss']!.data[0]! + second['loss']!.data[0]! - fixture.loss)).toBeLessThan(
            tolerance.absolute,
          );
          expectGradients(second, fixture, tolerance);
        },
      );

      test('has the loss of transformers in evaluation', async () => {
        const graph = buildLossGraph(nextToken, fixture.shape, {
          batchSize: batch,
          sequenceLength: length,
          lossChunks: 3,
        });
        const results = await compute(graph, { ...fixture.weights, ...batchOf(fixture, 0, batch) });
        expect(Math.abs(results['loss']!.data[0]! - fixture.loss)).toBeLessThan(tolerance.absolute);
      });

      test('has the logits of transformers when exported, in one run', () =>
        checkExport(fixture, compute, tolerance, { padding: 0, runs: [16] }));
      test('has the logits of transformers when exported, in runs that extend the cache', () =>
        checkExport(fixture, compute, tolerance, { padding: 0, runs: [9, 1, 1, 5] }));
      test('gives each prompt of a left-padded batch what it gives alone when exported', () =>
        checkExport(fixture, compute, tolerance, { padding: 5, runs: [16] }));
      test('gives each prompt of a left-padded batch the same in runs that extend the cache', () =>
        checkExport(fixture, compute, tolerance, { padding: 5, runs: [7, 1, 8] }));
      test('gives a prompt the same when the first run sees nothing of it but padding', () =>
        checkExport(fixture, compute, tolerance, { padding: 6, runs: [4, 12] }));
    },
  );
}

async function checkInspection(
  fixture: TransformersFixture,
  compute: Compute,
  { absolute }: ParityTolerance,
): Promise<void> {
  const graph = buildGptInspectionGraph(fixture.shape, { sequenceLength: length });
  const inputIds = rowsOf(fixture.expected['input_ids']!, 0, 1);
  const results = await compute(graph, { ...fixture.weights, input_ids: inputIds });
  const layers = Array.from({ length: fixture.shape.layers }, (_, layer) => layer);
  expect(Object.keys(results).toSorted()).toEqual(
    [
      'logits',
      ...[0, ...layers.map((layer) => layer + 1)].map((index) => `hidden.${index}`),
      ...layers.map((layer) => `attention.${layer}`),
    ].toSorted(),
  );
  for (const [name, actual] of Object.entries(results)) {
    const whole = fixture.expected[name]!;
    const golden = name === 'logits' ? rowsOf(whole, 0, 1) : whole;
    expect(actual.shape, name).toEqual(name === 'logits' ? golden.shape.slice(1) : golden.shape);
    expect(largestDifference(actual.data, toReal(golden).data), name).toBeLessThan(absolute);
  }
}

function batchOf(
  fixture: TransformersFixture,
  from: number,
  to: number,
): Readonly<Record<string, HostTensor>> {
  return Object.fromEntries(
    ['input_ids', 'targets', 'loss_weights'].map((name) => [name, rowsOf(fixture.expected[name]!, from, to)]),
  );
}

/** One micro-batch: the whole batch, or with `accumulated` gradients the rows from `firstRow` on. */
function train(
  fixture: TransformersFixture,
  compute: Compute,
  options: Pick<TrainingGraphOptions, 'lossChunks' | 'gradientCheckpointing'> &
    Partial<Pick<TrainingGraphOptions, 'microBatchSize'>>,
  firstRow = 0,
  accumulated?: Readonly<Record<string, HostTensor>>,
): ReturnType<Compute> {
  const { microBatchSize = batch } = options;
  const graph = buildTrainingGraph(nextToken, fixture.shape, {
    ...options,
    microBatchSize,
    sequenceLength: length,
    accumulate: accumulated !== undefined,
  });
  return compute(graph, {
    ...fixture.weights,
    ...batchOf(fixture, firstRow, firstRow + microBatchSize),
    ...accumulated,
  });
}

/** Names every gradient that differs, the one that the backward pass computes first at the head. */
function expectGradients(
  results: Readonly<Record<string, RealTensor>>,
  fixture: TransformersFixture,
  tolerance: ParityTolerance,
): void {
  const names = gptParameters(fixture.shape).map(({ name }) => name);
  expect(names.toSorted()).toEqual(Object.keys(fixture.gradients).toSorted());
  const wrong = names.toReversed().flatMap((name) => {
    const golden = fixture.gradients[name]!;
    const difference = relativeDifference(results[`gradient.${name}`]!, toReal(golden));
    return difference <= tolerance.gradient ? [] : [`${name}: off by ${difference.toPrecision(3)}`];
  });
  expect(wrong).toEqual([]);
}

/**
 * Runs the exported graph on both texts. The second one loses its last `padding` tokens and gets as many of padding in
 * front; both are worked through in several runs, each with the cache of the one before.
 */
async function checkExport(
  fixture: TransformersFixture,
  compute: Compute,
  { absolute }: ParityTolerance,
  { padding, runs }: { readonly padding: number; readonly runs: readonly number[] },
): Promise<void> {
  const { shape, expected } = fixture;
  const { graph, parameters } = buildGptExportGraph(shape);
  const weights = Object.fromEntries(
    parameters.map(({ value, source, transposed }) => [
      value.name,
      transposed ? transpose(fixture.weights[source]!) : fixture.weights[source]!,
    ]),
  );
  const ids = Array.from(expected['input_ids']!.data, Number);
  const starts = [0, padding];
  const tokens = starts.map((start, row) => [
    ...Array.from({ length: start }, () => 0),
    ...ids.slice(row * length, (row + 1) * length - start),
  ]);
  const golden = toReal(expected['logits']!).data;
  const vocabulary = shape.vocabularySize;

  let past: Readonly<Record<string, HostTensor>> = Object.fromEntries(
    graph.inputs
      .filter((input) => input.name.startsWith('past_key_values.'))
      .map((input) => [
        input.name,
        {
          dtype: 'float32',
          shape: [batch, shape.keyValueHeads, 0, shape.headSize],
          data: new Float32Array(0),
        } as const,
      ]),
  );
  expect(Object.keys(past)).toHaveLength(2 * shape.layers);
  let from = 0;
  for (const count of runs) {
    const to = from + count;
    const positions = Array.from({ length: count }, (_, index) => from + index);
    const results = await compute(graph, {
      ...weights,
      ...past,
      input_ids: integerTensor(
        [batch, count],
        tokens.flatMap((row) => row.slice(from, to)),
      ),
      position_ids: integerTensor(
        [batch, count],
        starts.flatMap((start) => positions.map((position) => Math.max(0, position - start))),
      ),
      attention_mask: integerTensor(
        [batch, to],
        starts.flatMap((start) => Array.from({ length: to }, (_, position) => Number(position >= start))),
      ),
    });
    const logits = results['logits']!;
    expect(logits.shape).toEqual([batch, count, vocabulary]);
    for (const [row, start] of starts.entries()) {
      for (const [index, position] of positions.entries()) {
        if (position < start) continue;
        const at = (row * count + index) * vocabulary;
        const goldenAt = (row * length + position - start) * vocabulary;
        const difference = largestDifference(
          logits.data.subarray(at, at + vocabulary),
          golden.subarray(goldenAt, goldenAt + vocabulary),
        );
        expect(difference, `text ${row}, token ${position - start}`).toBeLessThan(absolute);
      }
    }
    past = Object.fromEntries(
      Object.keys(past).map((name) => [
        name,
        hostTensor(results[name.replace('past_key_values.', 'present.')]!),
      ]),
    );
    from = to;
  }
}

function transpose(tensor: HostTensor): HostTensor {
  const [rows, columns] = tensor.shape as readonly [number, number];
  const data = Float32Array.from({ length: rows * columns }, (_, index) =>
    Number(tensor.data[(index % rows) * columns + Math.floor(index / rows)]!),
  );
  return { dtype: 'float32', shape: [columns, rows], data };
}

function hostTensor({ shape, data }: RealTensor): HostTensor {
  return { dtype: 'float32', shape, data: Float32Array.from(data) };
}

/** NaN counts as the largest difference. */
function largestDifference(actual: Float64Array, expected: Float64Array): number {
  if (actual.length !== expected.length) return Infinity;
  return actual.reduce((largest, element, index) => {
    const difference = Math.abs(element - expected[index]!);
    return difference <= largest ? largest : Number.isNaN(difference) ? Infinity : difference;
  }, 0);
}
