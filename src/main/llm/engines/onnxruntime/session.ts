import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { serializeGraph, type ExternalLocation } from '../../graph/serialize.ts';
import type { Graph, HostTensor, Value } from '../../graph/types.ts';
import { onnxRuntimeApi } from './c-api.ts';
import type { OnnxRuntimeTensor } from './device-tensor.ts';
import type { FrozenWeights } from './frozen-weights.ts';
import { Handle } from './handle.ts';

/** What the sessions of one engine share. */
export interface SessionSurroundings {
  readonly environment: Handle;
  /** Threads that compute: the one that calls and a pool of the others. */
  readonly threads: number;
  readonly frozenWeights: FrozenWeights;
  /** Folder into which every session writes ONNX Runtime's profile of its runs when it is released. */
  readonly profileFolder?: string | undefined;
}

/** Graph optimisation levels of ONNX Runtime. */
const optimizeNothing = 0;
const optimizeEverything = 99;
/** Log level of errors: ONNX Runtime warns on stderr about things that are as they should be. */
export const logErrors = 3;

/**
 * Makes a session of a graph, on another thread: the event loop goes on.
 *
 * Frozen weights become initialisers whose memory is the tensors' own (AddInitializer). The optimiser does not see
 * that memory but the model's placeholder bytes, and would fold those into the graph: with frozen weights it is off.
 * @throws OnnxRuntimeError when ONNX Runtime refuses the graph
 */
export async function createSession(
  graph: Graph,
  frozen: ReadonlyMap<string, OnnxRuntimeTensor>,
  surroundings: SessionSurroundings,
): Promise<Handle> {
  const api = onnxRuntimeApi();
  const { environment, frozenWeights } = surroundings;
  using options = Handle.create(api.CreateSessionOptions, api.ReleaseSessionOptions);
  const set = (key: string, value: string) => api.AddSessionConfigEntry(options.pointer, key, value);
  api.SetSessionLogSeverityLevel(options.pointer, logErrors);
  api.SetIntraOpNumThreads(options.pointer, surroundings.threads);
  // Recomputed segments (gradient checkpointing) are common subexpressions: merged, they would save nothing.
  set('optimization.disable_specified_optimizers', 'CommonSubexpressionElimination');
  set('session.use_env_allocators', '1');
  // A memory pattern is one block for a whole run, laid out after the first run and kept beside what that one took
  // from the arena: twice the memory, and no faster.
  api.DisableMemPattern(options.pointer);
  if (surroundings.profileFolder !== undefined)
    api.EnableProfiling(options.pointer, join(surroundings.profileFolder, `${graph.name}-${randomUUID()}`));
  if (frozen.size === 0) {
    api.SetSessionGraphOptimizationLevel(options.pointer, optimizeEverything);
    const model = serializeGraph(graph);
    // Awaited here: the options must live until the session exists.
    return await Handle.createAsync(
      (out) =>
        api.async.CreateSessionFromArray(environment.pointer, model, model.byteLength, options.pointer, out),
      api.ReleaseSession,
    );
  }
  api.SetSessionGraphOptimizationLevel(options.pointer, optimizeNothing);
  const { model, folder } = await serializeFrozen(graph, frozen, frozenWeights);
  set('session.model_external_initializers_file_folder_path', folder);
  for (const [name, tensor] of frozen) api.AddInitializer(options.pointer, name, tensor.valuePointer);
  return await Handle.createAsync(
    (out) =>
      api.async.CreateSessionFromArrayWithPrepackedWeightsContainer(
        environment.pointer,
        model,
        model.byteLength,
        options.pointer,
        frozenWeights.container.pointer,
        out,
      ),
    api.ReleaseSession,
  );
}

/** The model whose frozen inputs are initialisers that lie in the placeholder file, and that file's folder. */
async function serializeFrozen(
  graph: Graph,
  frozen: ReadonlyMap<string, OnnxRuntimeTensor>,
  frozenWeights: FrozenWeights,
): Promise<{ model: Uint8Array; folder: string }> {
  const weights = graph.inputs.flatMap((value) => {
    const tensor = frozen.get(value.name);
    return tensor === undefined ? [] : [{ value, tensor }];
  });
  const { folder, locations } = await frozenWeights.placeholders(
    weights.map(({ tensor }) => tensor.elements.byteLength),
  );
  const initializers = new Map<Value, HostTensor | ExternalLocation>(
    weights.map(({ value, tensor: { dtype, shape } }, index) => [
      value,
      locations[index] ?? { dtype, shape, data: new Uint8Array() },
    ]),
  );
  return { model: serializeGraph(graph, { initializers }), folder };
}
