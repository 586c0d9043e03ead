import type { EngineName } from '../../../shared/engines/engine.ts';
import type { EngineBenchmark } from '../../llm/engine-trials/benchmark.ts';
import type { TensorFlowLibraries } from '../../llm/engines/tensorflow/library.ts';

/** The procedures of the process in which an engine is tried for the first time, and measured. */
export type EngineProcedures = {
  /** Loads ONNX Runtime's library and says which it is. */
  readonly loadLibrary: {
    readonly parameters: { readonly engine: 'onnxruntime' };
    readonly event: never;
    readonly result: { readonly version: string };
  };
  /** Loads TensorFlow and computes with it. */
  readonly testTensorFlow: {
    readonly parameters: { readonly libraries: TensorFlowLibraries; readonly threads: number };
    readonly event: never;
    readonly result: {
      readonly version: string;
      readonly device: 'cpu' | 'gpu';
      readonly deviceName: string;
    };
  };
  /** Measures an engine. */
  readonly benchmark: {
    readonly parameters: { readonly engine: EngineName; readonly threads: number };
    readonly event: 'matrices' | 'training' | 'writing';
    readonly result: EngineBenchmark;
  };
};
