import type { ExampleSplit } from '../../data/examples/open-part.ts';
import type { Batch, BatchForm } from '../batch.ts';
import { conversationColumns } from '../marked-conversations.ts';
import { packSequences } from '../packed-sequences.ts';

/** A conversation's tokens, and which of them are trained. */
export interface Example {
  readonly ids: Uint32Array;
  readonly trained: Uint32Array;
}

export function readExample(split: ExampleSplit, example: number): Example {
  return {
    ids: split.read(conversationColumns.text, example),
    trained: split.read(conversationColumns.trained, example),
  };
}

/** How many tokens of a conversation are predicted and count: the first one has nothing before it. */
export function predictionsOf({ trained }: Example): number {
  return trained.subarray(1).reduce((sum, mark) => sum + mark, 0);
}

/** Tokens that are read to predict the next ones: the last one is not. */
const readTokens = ({ ids }: Example): number => ids.length - 1;

/** Shortest length of a row: each length is a program of its own. */
const shortestLength = 32;

/**
 * The length of rows for sequences of up to so many tokens: powers of two, so that a run needs few programs.
 * @param longest the model's context
 */
function rowLength(tokens: number, longest: number): number {
  let length = shortestLength;
  while (length < tokens) length *= 2;
  return Math.min(length, longest);
}

/** The longest conversation of a split in tokens; found once, since it takes looking at all. */
const longestOf = new WeakMap<ExampleSplit, number>();

/** The form of a batch that holds the longest conversation, and in which every token is trained. */
export function longestForm(split: ExampleSplit, contextLength: number): BatchForm {
  let longest = longestOf.get(split);
  if (longest === undefined) {
    longest = 1;
    for (let example = 0; example < split.documents; example += 1)
      longest = Math.max(longest, split.length(conversationColumns.text, example));
    longestOf.set(split, longest);
  }
  const length = rowLength(longest - 1, contextLength);
  return formOf(length, length);
}

/**
 * How many places of a row are predicted: half of them where that is enough. Logits take a fifth of a small model's time and
 * much of its memory, and what is asked is mostly longer than what is answered.
 */
function formOf(sequenceLength: number, most: number): BatchForm {
  const half = sequenceLength / 2;
  return { sequenceLength, predictions: most <= half ? half : sequenceLength };
}

/** A batch, and which conversations stand in each of its rows, one after another. */
export interface PackedConversations {
  readonly batch: Batch;
  readonly rows: readonly (readonly number[])[];
}

/**
 * Conversations as a batch, several in a row where they fit. They do not see each other: `segments` numbers those of a row
 * from 1, 0 is padding, and `positions` begins anew in each. Each token that is trained is predicted from all before it in its
 * conversation, and all weigh the same.
 * @param contextLength the longest row
 * @param predictions over which the loss is a mean: those of the whole step
 */
export function conversationBatch(
  examples: readonly Example[],
  { contextLength, predictions }: { readonly contextLength: number; readonly predictions: number },
): PackedConversations {
  const lengths = examples.map(readTokens);
  const length = rowLength(Math.max(...lengths), contextLength);
  const numbers = packSequences(lengths, length);
  const rows = numbers.map((row) => row.map((example) => examples[example]!));
  const predictedInRow = rows.map((row) => row.reduce((sum, example) => sum + predictionsOf(example), 0));
  const form = formOf(length, Math.max(...predictedInRow));
  const tokens = rows.length * length;
  const places = rows.length * form.predictions!;
  const inputIds = new BigInt64Array(tokens);
  const segments = new BigInt64Array(tokens);
  const positions = new BigInt64Array(tokens);
  const predicted = new BigInt64Array(places);
  const targets = new BigInt64Array(places);
  const weights = new Float32Array(places);
  for (const [row, packed] of rows.entries()) {
    let place = 0;
    let prediction = row * form.predictions!;
    for (const [segment, { ids, trained }] of packed.entries())
      for (let position = 0; position + 1 < ids.length; position += 1) {
        const at = row * length + place;
        inputIds[at] = BigInt(ids[position]!);
        segments[at] = BigInt(segment + 1);
        positions[at] = BigInt(position);
        if (trained[position + 1] === 1) {
          predicted[prediction] = BigInt(place);
          targets[prediction] = BigInt(ids[position + 1]!);
          weights[prediction] = 1 / predictions;
          prediction += 1;
        }
        place += 1;
      }
  }
  const ofTokens = [rows.length, length];
  const ofPlaces = [rows.length, form.predictions!];
  const batch: Batch = {
    ...form,
    sequences: rows.length,
    inputs: {
      input_ids: { dtype: 'int64', shape: ofTokens, data: inputIds },
      segments: { dtype: 'int64', shape: ofTokens, data: segments },
      positions: { dtype: 'int64', shape: ofTokens, data: positions },
      predicted: { dtype: 'int64', shape: ofPlaces, data: predicted },
      targets: { dtype: 'int64', shape: ofPlaces, data: targets },
      loss_weights: { dtype: 'float32', shape: ofPlaces, data: weights },
    },
  };
  return { batch, rows: numbers };
}

/** A batch of full rows to measure with: one conversation in each, of some tokens of the smallest ids. */
export function fullBatch(
  { sequenceLength, predictions = sequenceLength }: BatchForm,
  sequences: number,
): Batch {
  const each = (length: number, value: (place: number) => number) => ({
    dtype: 'int64' as const,
    shape: [sequences, length],
    data: BigInt64Array.from({ length: sequences * length }, (_, at) => BigInt(value(at % length))),
  });
  return {
    sequenceLength,
    predictions,
    sequences,
    inputs: {
      input_ids: each(sequenceLength, (place) => place % 2),
      segments: each(sequenceLength, () => 1),
      positions: each(sequenceLength, (place) => place),
      predicted: each(predictions, (place) => place),
      targets: each(predictions, (place) => place % 2),
      loss_weights: {
        dtype: 'float32',
        shape: [sequences, predictions],
        data: new Float32Array(sequences * predictions).fill(1 / (sequences * predictions)),
      },
    },
  };
}
