import type { ModelShape } from '../../../shared/models/model-shape.ts';
import { loadDeviceWeights } from '../checkpoints/device-weights.ts';
import type { DeviceTensor, Engine, Program } from '../engines/engine.ts';
import type { Graph } from '../graph/types.ts';
import { architectureOf } from '../models/registry.ts';

/** How far the exported file's logits are from the checkpoint's. */
export interface LogitsComparison {
  readonly maximumDifference: number;
  /** The checkpoint's largest logit in absolute value: what the difference is to be seen against. */
  readonly largestLogit: number;
  /** Positions compared. */
  readonly tokens: number;
}

/** The inputs of an exported decoder that hold what it keeps of earlier tokens. */
const pastPrefix = 'past_key_values.';

/** Most tokens that are compared. */
const mostTokens = 64;

/**
 * The sequence whose logits are compared: ids spread evenly over the model's whole vocabulary, which may be larger than
 * its tokenizer's; one of which a longer row can still be made within the context, where that has more than one place.
 */
export function comparisonIds({
  vocabularySize,
  contextLength,
}: Pick<ModelShape, 'vocabularySize' | 'contextLength'>): readonly number[] {
  const length = Math.max(1, Math.min(mostTokens, contextLength - 2));
  return Array.from({ length }, (_, index) => Math.floor(((index + 0.5) * vocabularySize) / length));
}

/** The checkpoint's logits [tokens, vocabulary] for one sequence, by the graph that Loam itself computes with. */
export async function checkpointLogits(
  engine: Engine,
  shape: ModelShape,
  read: (name: string) => Promise<Float32Array>,
  ids: readonly number[],
): Promise<Float32Array> {
  const graph = architectureOf(shape).inspectionGraph?.(shape, { sequenceLength: ids.length });
  if (graph === undefined) throw new Error(`Models of the kind "${shape.architecture}" predict no tokens.`);
  const logitsOnly = { ...graph, outputs: graph.outputs.filter((output) => output.name === 'logits') };
  const weights = await loadDeviceWeights(engine, shape, read);
  const inputIds = engine.allocate('int64', [1, ids.length]);
  const logits = engine.allocate('float32', [ids.length, shape.vocabularySize]);
  try {
    await engine.write(inputIds, BigInt64Array.from(ids, BigInt));
    const program = await engine.compile(logitsOnly);
    try {
      await program.run({ ...weights.tensors, input_ids: inputIds, logits });
    } finally {
      await program.dispose();
    }
    return (await engine.read(logits)) as Float32Array;
  } finally {
    weights.dispose();
    for (const tensor of [inputIds, logits]) tensor.dispose();
  }
}

/**
 * The exported model's logits [tokens, vocabulary] for the same sequence. It sees the sequence as the second row of a
 * batch, padded on the left beside a longer row, and in two runs, the second with the first one's cache: what other
 * programs rely on.
 */
export async function exportedLogits(
  engine: Engine,
  program: Program,
  graph: Graph,
  shape: ModelShape,
  ids: readonly number[],
): Promise<Float32Array> {
  const takes = new Set(graph.inputs.map(({ name }) => name));
  // A model that is not told which tokens are padding sees none.
  const padding = takes.has('attention_mask') ? Math.min(2, shape.contextLength - ids.length) : 0;
  const length = ids.length + padding;
  const first = Math.max(padding + 1, Math.ceil(length / 2));
  const rows = [
    Array.from({ length }, (_, position) => ids[position % ids.length]!),
    [...Array.from({ length: padding }, () => ids[0]!), ...ids],
  ];
  const cache = (sequence: number): Readonly<Record<string, DeviceTensor>> => {
    const extentOf: Readonly<Record<string, number>> = { batch_size: 2, past_sequence_length: sequence };
    return Object.fromEntries(
      graph.inputs
        .filter(({ name }) => name.startsWith(pastPrefix))
        .map(({ name, dtype, shape: extents }) => [
          name.slice(pastPrefix.length),
          engine.allocate(
            dtype,
            extents.map((extent) => extentOf[extent] ?? Number(extent)),
          ),
        ]),
    );
  };
  const caches = [cache(0), cache(first), cache(length)];
  const logits = new Float32Array(ids.length * shape.vocabularySize);
  try {
    for (const [run, [from, to]] of (
      [
        [0, first],
        [first, length],
      ] as const
    ).entries()) {
      if (from === to) continue;
      const count = to - from;
      const integers = async (
        shape_: readonly number[],
        values: readonly number[],
      ): Promise<DeviceTensor> => {
        const tensor = engine.allocate('int64', shape_);
        await engine.write(tensor, BigInt64Array.from(values, BigInt));
        return tensor;
      };
      const positions = [0, padding].flatMap((offset) =>
        Array.from({ length: count }, (_, i) => Math.max(0, from + i - offset)),
      );
      const mask = [0, padding].flatMap((offset) =>
        Array.from({ length: to }, (_, position) => Number(position >= offset)),
      );
      const own = {
        input_ids: await integers(
          [2, count],
          rows.flatMap((row) => row.slice(from, to)),
        ),
        ...(takes.has('position_ids') ? { position_ids: await integers([2, count], positions) } : {}),
        ...(takes.has('attention_mask') ? { attention_mask: await integers([2, to], mask) } : {}),
        logits: engine.allocate('float32', [2, count, shape.vocabularySize]),
      };
      const renamed = (prefix: string, tensors: Readonly<Record<string, DeviceTensor>>) =>
        Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${prefix}${name}`, tensor]));
      await program.run({
        ...own,
        ...renamed(pastPrefix, caches[run]!),
        ...renamed('present.', caches[run + 1]!),
      });
      const result = (await engine.read(own.logits)) as Float32Array;
      for (let position = Math.max(from, padding); position < to; position++) {
        const at = (count + position - from) * shape.vocabularySize;
        logits.set(
          result.subarray(at, at + shape.vocabularySize),
          (position - padding) * shape.vocabularySize,
        );
      }
      for (const tensor of Object.values(own)) tensor.dispose();
    }
    return logits;
  } finally {
    for (const tensor of caches.flatMap((tensors) => Object.values(tensors))) tensor.dispose();
  }
}

/** Compares two sets of logits, element by element. */
export function compareLogits(
  expected: Float32Array,
  actual: Float32Array,
  tokens: number,
): LogitsComparison {
  let maximumDifference = 0;
  let largestLogit = 0;
  for (let i = 0; i < expected.length; i++) {
    // Math.max gives NaN once there is one: what is no number is no small difference.
    maximumDifference = Math.max(maximumDifference, Math.abs(expected[i]! - actual[i]!));
    largestLogit = Math.max(largestLogit, Math.abs(expected[i]!));
  }
  return { maximumDifference, largestLogit, tokens };
}
