import { evaluateModel } from './evaluate-model.ts';
import type { ModelProcedures } from './model-protocol.ts';
import { serveWorker } from './worker-server.ts';

/** The process that evaluates and exports models, so that a crash of the engine's library takes nobody with it. */
serveWorker<ModelProcedures>({
  evaluate: (parameters, { signal }) => evaluateModel(parameters, signal),
  exportOnnx: async ({ model, output, threads }, { emit }) => {
    const { createOnnxRuntimeEngine } = await import('../../llm/engines/onnxruntime/engine.ts');
    const { exportOnnx } = await import('../../llm/export/onnx-export.ts');
    const engine = await createOnnxRuntimeEngine({ threads });
    try {
      return await exportOnnx({ modelFolder: model, outputFolder: output, engine, onProgress: emit });
    } finally {
      await engine.dispose();
    }
  },
});
