import type { HostTensor } from '../graph/types.ts';
import { elementCount } from '../models/parameter.ts';

/** The examples of one optimizer step, or a part of them, as the inputs of a training graph. */
export interface Batch {
  readonly sequences: number;
  /** Tokens of each sequence, padding included. */
  readonly sequenceLength: number;
  /** By the names of the graph's inputs; each has the sequences as its first axis. */
  readonly inputs: Readonly<Record<string, HostTensor>>;
}

/** Cuts a batch into micro-batches of `sequences` each, which must divide it; the tensors share the batch's memory. */
export function* microBatchesOf(batch: Batch, sequences: number): Generator<Batch> {
  for (let first = 0; first < batch.sequences; first += sequences) {
    const inputs = Object.entries(batch.inputs).map(([name, { dtype, shape, data }]) => {
      const row = elementCount(shape.slice(1));
      const part = data.subarray(first * row, (first + sequences) * row);
      return [name, { dtype, shape: [sequences, ...shape.slice(1)], data: part }] as const;
    });
    yield { sequences, sequenceLength: batch.sequenceLength, inputs: Object.fromEntries(inputs) };
  }
}
