import { exportSafetensors } from '../../llm/export/safetensors-export.ts';
import { isModelFile, requireIntactFolder } from '../../llm/files/manifest.ts';
import type { ExportProcedures } from './export-protocol.ts';
import { serveWorker } from '../processes/worker-server.ts';
import { LoamError } from '../../../shared/errors.ts';

/** The process that writes models for other programs, so that a crash of the engine's library takes nobody with it. */
serveWorker<ExportProcedures>({
  exportSafetensors: async ({ model: folder, output }, { signal }) => {
    await requireIntactFolder(folder, { concerns: isModelFile, signal });
    const notes = await exportSafetensors({
      modelFolder: folder,
      outputFolder: output,
      beforeParameter: () => {
        if (signal.aborted) throw stopped();
      },
    });
    return { notes };
  },
  exportOnnx: async ({ model, output, threads }, { emit, signal }) => {
    const { createOnnxRuntimeEngine } = await import('../../llm/engines/onnxruntime/engine.ts');
    const { exportOnnx } = await import('../../llm/export/onnx-export.ts');
    await requireIntactFolder(model, { concerns: isModelFile, signal });
    const engine = await createOnnxRuntimeEngine({ threads });
    try {
      return await exportOnnx({
        modelFolder: model,
        outputFolder: output,
        engine,
        onProgress: (progress) => {
          // Thrown inside the export, which then leaves nothing behind.
          if (signal.aborted) throw stopped();
          emit(progress);
        },
      });
    } finally {
      await engine.dispose();
    }
  },
});

function stopped(): LoamError {
  return new LoamError({
    kind: 'interrupted',
    what: 'The export was stopped.',
    remedy: 'Nothing was kept; start it again when you like.',
  });
}
