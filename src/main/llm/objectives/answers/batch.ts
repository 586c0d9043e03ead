import type { ExampleSplit } from '../../data/examples/open-part.ts';
import type { Batch } from '../batch.ts';
import { conversationColumns } from '../marked-conversations.ts';

/** A conversation's tokens, and which of them are trained. */
interface Example {
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

/** Shortest length that a batch is padded to: each length is a program of its own. */
const shortestLength = 32;

/**
 * The length to which sequences of so many tokens are padded: powers of two, so that a run needs few programs.
 * @param longest the model's context
 */
export function paddedLength(tokens: number, longest: number): number {
  let length = shortestLength;
  while (length < tokens) length *= 2;
  return Math.min(length, longest);
}

/**
 * Conversations as a batch: each token that is trained is predicted from all before it, and all weigh the same.
 * @param sequences places in the batch; those that no conversation fills weigh nothing
 * @param predictions over which the loss is a mean: those of the whole step
 */
export function conversationBatch(
  examples: readonly Example[],
  {
    sequences = examples.length,
    sequenceLength,
    predictions,
  }: { readonly sequences?: number; readonly sequenceLength: number; readonly predictions: number },
): Batch {
  const size = sequences * sequenceLength;
  const inputIds = new BigInt64Array(size);
  const targets = new BigInt64Array(size);
  const weights = new Float32Array(size);
  for (const [row, { ids, trained }] of examples.entries())
    for (let place = 0; place + 1 < ids.length && place < sequenceLength; place += 1) {
      const at = row * sequenceLength + place;
      inputIds[at] = BigInt(ids[place]!);
      targets[at] = BigInt(ids[place + 1]!);
      if (trained[place + 1] === 1) weights[at] = 1 / predictions;
    }
  const shape = [sequences, sequenceLength];
  return {
    sequences,
    sequenceLength,
    inputs: {
      input_ids: { dtype: 'int64', shape, data: inputIds },
      targets: { dtype: 'int64', shape, data: targets },
      loss_weights: { dtype: 'float32', shape, data: weights },
    },
  };
}
