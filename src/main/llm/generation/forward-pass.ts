import type { ModelShape } from '../../../shared/models/model-shape.ts';
import type { DeviceTensor, Engine } from '../engines/engine.ts';
import type { Graph } from '../graph/types.ts';
import type { LowRankAdapter } from '../models/low-rank-adapter.ts';
import { elementCount } from '../models/parameter.ts';
import { architectureOf } from '../models/registry.ts';
import { requireTask } from '../models/tasks.ts';

/** A model with its memory of a text (a key-value cache, say), that says what may follow. */
export interface ForwardPass {
  /** Tokens that the model can remember. */
  readonly cacheLength: number;
  /**
   * Runs the model on tokens that follow those that it remembers, and remembers them too.
   * @param ids all tokens of a text when `cached` is 0, else the one next token
   * @param cached number of tokens that it remembers: those of the runs before, or 0 to begin anew
   * @returns logits [vocabularySize] of the token after the last
   * @throws LoamError of kind 'interrupted' when `signal` aborts; what it remembers is then undefined
   */
  run(ids: readonly number[], cached: number, signal?: AbortSignal): Promise<Float32Array>;
  dispose(): Promise<void>;
}

export interface ForwardPassOptions {
  readonly engine: Engine;
  readonly shape: ModelShape;
  /** Every parameter, in the engine's memory. */
  readonly weights: Readonly<Record<string, DeviceTensor>>;
  /** The weights will not change, so that the engine may repack them for speed. */
  readonly frozen: boolean;
  readonly cacheLength: number;
  /** What was learned beside the weights; its matrices are among them. */
  readonly adapter?: LowRankAdapter | undefined;
}

/**
 * Compiles the generation graph and makes the memory that it keeps of a text, as its inputs say.
 * @throws LoamError of kind 'input' when the model cannot write
 */
export async function createForwardPass(options: ForwardPassOptions): Promise<ForwardPass> {
  const { engine, shape, weights, frozen, cacheLength, adapter } = options;
  requireTask(shape, 'generate');
  const graph = architectureOf(shape).generationGraph?.(shape, { cacheLength, adapter });
  if (graph === undefined)
    throw new Error(`${shape.architecture} says that it writes, and has no graph for it.`);
  const program = await engine.compile(graph, frozen ? { frozen: weights } : {});
  const owned: DeviceTensor[] = [];
  const allocate = (...parameters: Parameters<Engine['allocate']>): DeviceTensor => {
    const tensor = engine.allocate(...parameters);
    owned.push(tensor);
    return tensor;
  };

  // One tensor is past and present at once: the new state is written where the old one lies.
  const state: Record<string, DeviceTensor> = {};
  for (const [present, past] of graph.aliases) {
    const { dtype, shape: extents } = inputOf(graph, past);
    const tensor = allocate(dtype, extents.map(Number));
    state[present] = tensor;
    state[past] = tensor;
  }
  const takes = new Set(graph.inputs.map(({ name }) => name));
  /** What only some models are told, each with the tensor that it is bound to. */
  const told = (name: string, tensor: DeviceTensor): Readonly<Record<string, DeviceTensor>> =>
    takes.has(name) ? { [name]: tensor } : {};
  /** A model that is not told how much of its state counts begins a text with a state of zeros. */
  const forget = async (): Promise<void> => {
    if (takes.has('total_length')) return;
    for (const [, past] of graph.aliases) {
      const tensor = state[past]!;
      await engine.write(tensor, new Float32Array(elementCount(tensor.shape)));
    }
  };
  const logits = allocate('float32', [1, shape.vocabularySize]);
  const totalLength = allocate('int32', []);
  const sequenceLengths = allocate('int32', [1]);
  const oneId = allocate('int64', [1, 1]);
  const onePosition = allocate('int64', [1, 1]);
  const fixed = {
    ...(frozen ? {} : weights),
    ...state,
    logits,
    ...told('total_length', totalLength),
    ...told('sequence_lengths', sequenceLengths),
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
    if (cached === 0) await forget();
    await program.run({ ...fixed, input_ids: inputIds, ...told('position_ids', positionIds) }, signal);
    const result = await engine.read(logits);
    if (result instanceof Float32Array) return result;
    throw new Error('The engine gave logits that are not float32.');
  };

  return {
    cacheLength,
    run: async (ids, cached, signal) => {
      if (cached + ids.length > cacheLength || ids.length === 0 || (cached > 0 && ids.length > 1)) {
        throw new Error(`Cannot run ${ids.length} tokens after ${cached} with a memory of ${cacheLength}.`);
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

function inputOf(graph: Graph, name: string): Graph['inputs'][number] {
  const input = graph.inputs.find((each) => each.name === name);
  if (input === undefined) throw new Error(`The graph has no input "${name}".`);
  return input;
}
