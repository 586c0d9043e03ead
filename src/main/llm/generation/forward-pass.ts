import type { GptShape } from '../../../shared/models/gpt-configuration.ts';
import type { DeviceTensor, Engine } from '../engines/engine.ts';
import { cachedHeadSize } from '../models/gpt/cached-attention.ts';
import { buildGptGenerationGraph } from '../models/gpt/graphs.ts';

/** A model with a key-value cache, that says what may follow a text. */
export interface ForwardPass {
  /** Tokens that fit into the cache. */
  readonly cacheLength: number;
  /**
   * Runs the model on tokens that follow those in the cache, and adds them to it.
   * @param ids all tokens of a text when `cached` is 0, else the one next token
   * @param cached number of tokens in the cache
   * @returns logits [vocabularySize] of the token after the last
   * @throws LoamError of kind 'interrupted' when `signal` aborts; the cache's contents are then undefined
   */
  run(ids: readonly number[], cached: number, signal?: AbortSignal): Promise<Float32Array>;
  dispose(): Promise<void>;
}

export interface ForwardPassOptions {
  readonly engine: Engine;
  readonly shape: GptShape;
  /** Every parameter, in the engine's memory. */
  readonly weights: Readonly<Record<string, DeviceTensor>>;
  /** The weights will not change, so that the engine may repack them for speed. */
  readonly frozen: boolean;
  readonly cacheLength: number;
}

/** Compiles the generation graph and makes its cache: 2 × layers × key-value heads × cache length × head size floats. */
export async function createForwardPass(options: ForwardPassOptions): Promise<ForwardPass> {
  const { engine, shape, weights, frozen, cacheLength } = options;
  const graph = buildGptGenerationGraph(shape, { cacheLength });
  const program = await engine.compile(graph, frozen ? { frozen: weights } : {});
  const owned: DeviceTensor[] = [];
  const allocate = (...parameters: Parameters<Engine['allocate']>): DeviceTensor => {
    const tensor = engine.allocate(...parameters);
    owned.push(tensor);
    return tensor;
  };

  // One tensor is past and present at once: attention writes the new keys and values where the old ones lie.
  const caches = Object.fromEntries(
    [...graph.aliases].flatMap(([present, past]) => {
      const cache = allocate('float32', [1, shape.keyValueHeads, cacheLength, cachedHeadSize(shape)]);
      return [
        [present, cache],
        [past, cache],
      ];
    }),
  );
  const logits = allocate('float32', [1, shape.vocabularySize]);
  const totalLength = allocate('int32', []);
  const sequenceLengths = allocate('int32', [1]);
  const oneId = allocate('int64', [1, 1]);
  const onePosition = allocate('int64', [1, 1]);
  const fixed = {
    ...(frozen ? {} : weights),
    ...caches,
    logits,
    total_length: totalLength,
    sequence_lengths: sequenceLengths,
  };

  const runWith = async (
    inputIds: DeviceTensor,
    positionIds: DeviceTensor,
    ids: readonly number[],
    cached: number,
    signal: AbortSignal | undefined,
  ): Promise<Float32Array> => {
    await engine.write(inputIds, BigInt64Array.from(ids, BigInt));
    await engine.write(
      positionIds,
      BigInt64Array.from(ids, (_, index) => BigInt(cached + index)),
    );
    await engine.write(totalLength, Int32Array.of(cached + ids.length));
    await engine.write(sequenceLengths, Int32Array.of(cached + ids.length - 1));
    await program.run({ ...fixed, input_ids: inputIds, position_ids: positionIds }, signal);
    const result = await engine.read(logits);
    if (result instanceof Float32Array) return result;
    throw new Error('The engine gave logits that are not float32.');
  };

  return {
    cacheLength,
    run: async (ids, cached, signal) => {
      if (cached + ids.length > cacheLength || ids.length === 0 || (cached > 0 && ids.length > 1)) {
        throw new Error(`Cannot run ${ids.length} tokens after ${cached} in a cache of ${cacheLength}.`);
      }
      if (ids.length === 1) return runWith(oneId, onePosition, ids, cached, signal);
      const inputIds = engine.allocate('int64', [1, ids.length]);
      const positionIds = engine.allocate('int64', [1, ids.length]);
      try {
        return await runWith(inputIds, positionIds, ids, cached, signal);
      } finally {
        inputIds.dispose();
        positionIds.dispose();
      }
    },
    dispose: async () => {
      await program.dispose();
      for (const tensor of owned) tensor.dispose();
    },
  };
}
