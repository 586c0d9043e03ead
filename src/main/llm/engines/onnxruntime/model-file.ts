import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readInterface } from '../../graph/read.ts';
import type { Program } from '../engine.ts';
import { onnxRuntimeApi } from './c-api.ts';
import { FrozenWeights } from './frozen-weights.ts';
import { Handle } from './handle.ts';
import { loadOnnxRuntimeLibrary } from './library.ts';
import { OnnxRuntimeProgram } from './program.ts';
import { logFatalErrors } from './session.ts';

const optimizeEverything = 99;

/**
 * Opens an .onnx file as any program with ONNX Runtime would, weights in files beside it included. The tensors that it
 * runs on come from an engine of this process.
 * @throws LoamError when the file is no ONNX model; OnnxRuntimeError when ONNX Runtime refuses it
 */
export async function openOnnxModelFile(path: string, threads: number): Promise<Program> {
  const model = await readFile(path);
  const { inputs, outputs } = readInterface(model, path);
  loadOnnxRuntimeLibrary();
  const api = onnxRuntimeApi();
  // The environment is one per process and counted: this takes part in the engine's.
  const environment = Handle.create((out) => api.CreateEnv(logFatalErrors, 'loam', out), api.ReleaseEnv);
  api.DisableTelemetryEvents(environment.pointer);
  try {
    using options = Handle.create(api.CreateSessionOptions, api.ReleaseSessionOptions);
    api.SetSessionLogSeverityLevel(options.pointer, logFatalErrors);
    api.SetIntraOpNumThreads(options.pointer, threads);
    api.SetSessionGraphOptimizationLevel(options.pointer, optimizeEverything);
    api.AddSessionConfigEntry(
      options.pointer,
      'session.model_external_initializers_file_folder_path',
      dirname(path),
    );
    const session = await Handle.createAsync(
      (out) =>
        api.async.CreateSessionFromArray(environment.pointer, model, model.byteLength, options.pointer, out),
      api.ReleaseSession,
    );
    const graph = {
      name: path,
      inputs,
      outputs: outputs.map((value) => ({ name: value.name, value })),
      nodes: [],
      constants: new Map(),
      aliases: new Map(),
    };
    const program = OnnxRuntimeProgram.ofSession(
      {
        original: graph,
        graph,
        inputs,
        outputs: outputs.map((value) => ({
          kind: 'computed',
          name: value.name,
          value,
          alias: undefined,
          sessionNames: [value.name],
        })),
      },
      session,
      { environment, threads, frozenWeights: new FrozenWeights() },
    );
    return {
      run: (bindings, signal) => program.run(bindings, signal),
      dispose: async () => {
        await program.dispose();
        environment[Symbol.dispose]();
      },
    };
  } catch (error) {
    environment[Symbol.dispose]();
    throw error;
  }
}
