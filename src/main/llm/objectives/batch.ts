import type { HostTensor } from '../graph/types.ts';
import { elementCount } from '../models/parameter.ts';

/** What decides, besides the number of sequences, which program computes a batch. */
export interface BatchForm {
  /** Tokens of each sequence, padding included. */
  readonly sequenceLength: number;
  /** Places of each sequence at which something is predicted. Absent: each token, or the sequence as a whole. */
  readonly predictions?: number;
}

/** The examples of one optimizer step, or a part of them, as the inputs of a training graph. */
export interface Batch extends BatchForm {
  readonly sequences: number;
  /** By the names of the graph's inputs; each has the sequences as its first axis. */
  readonly inputs: Readonly<Record<string, HostTensor>>;
}

/**
 * Cuts a batch into micro-batches of `sequences` each; the tensors share the batch's memory. The last one is filled up with
 * zeros, which is nothing that counts: the loss weights are zeros there too.
 */
export function* microBatchesOf(batch: Batch, sequences: number): Generator<Batch> {
  const { inputs: whole, sequences: all, ...form } = batch;
  for (let first = 0; first < all; first += sequences) {
    const inputs = Object.entries(whole).map(([name, { dtype, shape, data }]) => {
      const row = elementCount(shape.slice(1));
      const part = data.subarray(first * row, (first + sequences) * row);
      const filled = filledUp(part, sequences * row);
      return [name, { dtype, shape: [sequences, ...shape.slice(1)], data: filled }] as const;
    });
    yield { ...form, sequences, inputs: Object.fromEntries(inputs) };
  }
}

function filledUp(part: HostTensor['data'], length: number): HostTensor['data'] {
  if (part.length === length) return part;
  if (part instanceof BigInt64Array) {
    const filled = new BigInt64Array(length);
    filled.set(part);
    return filled;
  }
  const filled = new (part.constructor as new (length: number) => Exclude<HostTensor['data'], BigInt64Array>)(
    length,
  );
  filled.set(part);
  return filled;
}
