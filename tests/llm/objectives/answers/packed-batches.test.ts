import { describe, expect, test } from 'vitest';
import type { HostTensor } from '../../../../src/main/llm/graph/types.ts';
import type { RealTensor } from '../../../../src/main/llm/graph/operators/declaration.ts';
import {
  conversationBatch,
  predictionsOf,
  type Example,
} from '../../../../src/main/llm/objectives/answers/batch.ts';
import { answers } from '../../../../src/main/llm/objectives/answers/objective.ts';
import { microBatchesOf, type Batch } from '../../../../src/main/llm/objectives/batch.ts';
import { nextToken } from '../../../../src/main/llm/objectives/next-token/objective.ts';
import { packSequences } from '../../../../src/main/llm/objectives/packed-sequences.ts';
import { buildTrainingGraph } from '../../../../src/main/llm/objectives/training-graph.ts';
import { computeInFloat64 } from '../../engines/parity/compute.ts';
import { relativeDifference } from '../../engines/parity/run-graph.ts';
import { transformersFixtures, type TransformersFixture } from '../../models/gpt/transformers-fixtures.ts';

/** Conversations of various lengths; about a third of each is trained. */
const conversations: readonly Example[] = [5, 23, 9, 14, 3, 31, 12, 7].map((length, number) => ({
  ids: Uint32Array.from({ length }, (_, place) => (7 * place + 13 * number + place * place) % 60),
  trained: Uint32Array.from({ length }, (_, place) => (place >= (length * 2) / 3 ? 1 : 0)),
}));
const allPredictions = conversations.reduce((sum, example) => sum + predictionsOf(example), 0);

type Tensors = Readonly<Record<string, RealTensor>>;

/** A batch's loss and gradients, summed over micro-batches. */
async function trained(fixture: TransformersFixture, batch: Batch, sequences: number): Promise<Tensors> {
  let sum: Tensors | undefined;
  for (const part of microBatchesOf(batch, sequences)) {
    const graph = buildTrainingGraph(answers, fixture.shape, {
      microBatchSize: sequences,
      sequenceLength: part.sequenceLength,
      predictions: part.predictions,
      lossChunks: 2,
      gradientCheckpointing: false,
      accumulate: false,
    });
    sum = added(sum, await computeInFloat64(graph, { ...fixture.weights, ...part.inputs }));
  }
  return sum!;
}

/** One conversation by itself, by the loss that predicts every token, of which those that are not trained weigh nothing. */
function trainedAlone(fixture: TransformersFixture, { ids, trained: marks }: Example): Promise<Tensors> {
  const sequenceLength = ids.length - 1;
  const tensor = (data: BigInt64Array): HostTensor => ({ dtype: 'int64', shape: [1, sequenceLength], data });
  return computeInFloat64(
    buildTrainingGraph(nextToken, fixture.shape, {
      microBatchSize: 1,
      sequenceLength,
      lossChunks: 1,
      gradientCheckpointing: false,
      accumulate: false,
    }),
    {
      ...fixture.weights,
      input_ids: tensor(BigInt64Array.from(ids.subarray(0, -1), BigInt)),
      targets: tensor(BigInt64Array.from(ids.subarray(1), BigInt)),
      loss_weights: {
        dtype: 'float32',
        shape: [1, sequenceLength],
        data: Float32Array.from(marks.subarray(1), (mark) => mark / allPredictions),
      },
    },
  );
}

function added(one: Tensors | undefined, other: Tensors): Tensors {
  if (one === undefined) return other;
  return Object.fromEntries(
    Object.entries(other).map(([name, { dtype, shape, data }]) => [
      name,
      { dtype, shape, data: data.map((value, index) => value + one[name]!.data[index]!) },
    ]),
  );
}

function expectSame(actual: Tensors, expected: Tensors): void {
  for (const [name, tensor] of Object.entries(expected))
    expect(relativeDifference(actual[name]!, tensor), name).toBeLessThan(1e-6);
}

const { batch } = conversationBatch(conversations, { contextLength: 32, predictions: allPredictions });

describe.each(transformersFixtures)('Conversations packed into rows for $modelType', (fixture) => {
  test('have the loss and gradients of each conversation by itself', async () => {
    let alone: Tensors | undefined;
    for (const example of conversations) alone = added(alone, await trainedAlone(fixture, example));
    expect(batch.sequences).toBeLessThan(conversations.length);
    expectSame(await trained(fixture, batch, batch.sequences), alone!);
  });

  test.each([1, 3])(
    'come to the same in micro-batches of %i rows, the last filled up with nothing',
    async (sequences) => {
      expectSame(await trained(fixture, batch, sequences), await trained(fixture, batch, batch.sequences));
    },
  );
});

test('A batch predicts at half of a row’s places where that is enough', () => {
  expect(batch).toMatchObject({ sequenceLength: 32, predictions: 16 });
  const all = conversations.map(({ ids }) => ({ ids, trained: ids.map(() => 1) }));
  expect(conversationBatch(all, { contextLength: 32, predictions: 1 }).batch.predictions).toBe(32);
});

test('Rows are filled, hold each sequence once and none more than it can take', () => {
  const lengths = Array.from({ length: 200 }, (_, index) => 1 + ((index * 37) % 61));
  const rows = packSequences(lengths, 64);
  expect(rows.flat().toSorted((a, b) => a - b)).toEqual([...lengths.keys()]);
  for (const row of rows)
    expect(row.reduce((sum, sequence) => sum + lengths[sequence]!, 0)).toBeLessThanOrEqual(64);
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  expect(tokens / (rows.length * 64)).toBeGreaterThan(0.95);
  expect(packSequences(lengths, 64)).toEqual(rows);
});
