import { serveWorker } from '../processes/worker-server.ts';
import type { EngineProcedures } from './engine-protocol.ts';

/** The process in which an engine is tried and measured: it may crash without taking anybody with it. */
serveWorker<EngineProcedures>({
  loadLibrary: async () => {
    const { loadOnnxRuntimeLibrary } = await import('../../llm/engines/onnxruntime/library.ts');
    return { version: loadOnnxRuntimeLibrary().version };
  },
  testTensorFlow: async ({ libraries, threads }) => {
    // What TensorFlow says of cards and drivers goes to the error output, which is kept when the test fails.
    process.env['TF_CPP_MIN_LOG_LEVEL'] = '0';
    const { createTensorFlowEngine } = await import('../../llm/engines/tensorflow/engine.ts');
    const { testEngine } = await import('../../llm/engine-trials/self-test.ts');
    const engine = await createTensorFlowEngine({ threads, libraries });
    try {
      await testEngine(engine);
      const { versions, device, deviceKind } = engine.description;
      return { version: versions['tensorflow'] ?? 'unknown', device: deviceKind, deviceName: device };
    } finally {
      await engine.dispose();
    }
  },
  benchmark: async ({ engine: name, threads }, { signal, emit }) => {
    const { openEngine } = await import('./open-engine.ts');
    const { benchmarkEngine } = await import('../../llm/engine-trials/benchmark.ts');
    const engine = await openEngine(name, threads);
    try {
      return await benchmarkEngine({
        engine,
        signal,
        clock: () => performance.now() / 1000,
        onStage: emit,
      });
    } finally {
      await engine.dispose();
    }
  },
});
