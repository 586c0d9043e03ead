import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { serializeGraph } from '../../graph/serialize.ts';
import type { Graph } from '../../graph/types.ts';
import { onnxRuntimeApi } from './c-api.ts';
import type { OnnxRuntimeTensor } from './device-tensor.ts';
import type { FrozenWeights } from './frozen-weights.ts';
import { Handle } from './handle.ts';
import { withPlaceholderFile } from './placeholder-file.ts';

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
/** Log level of what ends the process: every other error comes back as an exception, and need not be printed too. */
export const logFatalErrors = 4;

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
  api.SetSessionLogSeverityLevel(options.pointer, logFatalErrors);
  api.SetIntraOpNumThreads(options.pointer, surroundings.threads);
  // Recomputed segments (gradient checkpointing) are common subexpressions: merged, they would save nothing.
  set('optimization.disable_specified_optimizers', 'CommonSubexpressionElimination');
  set('session.use_env_allocators', '1');
  // Waiting threads spin for a millisecond, enough for the gaps inside a run, not for ten while the update kernels run.
  set('session.intra_op.spin_duration_us', '1000');
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
  const weights = graph.inputs.flatMap((value) => {
    const tensor = frozen.get(value.name);
    return tensor === undefined ? [] : [{ value, tensor, bytes: tensor.elements.byteLength }];
  });
  for (const { value, tensor } of weights)
    api.AddInitializer(options.pointer, value.name, tensor.valuePointer);
  return await withPlaceholderFile(Math.max(...weights.map(({ bytes }) => bytes)), async (folder, file) => {
    set('session.model_external_initializers_file_folder_path', folder);
    const initializers = new Map(
      weights.map(({ value, bytes }) => [value, { file, offset: 0, length: bytes }]),
    );
    const model = serializeGraph(graph, { initializers });
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
  });
}
