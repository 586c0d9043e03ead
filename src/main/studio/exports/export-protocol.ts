import type { OnnxExport } from '../../llm/export/onnx-export.ts';

/** The procedures of the export worker. */
export type ExportProcedures = {
  /** Copies a model folder's weights and what belongs to them, without its training state. */
  readonly exportSafetensors: {
    readonly parameters: { readonly model: string; readonly output: string };
    readonly event: never;
    /** What reading the model undid or chose, in sentences. */
    readonly result: { readonly notes: readonly string[] };
  };
  readonly exportOnnx: {
    readonly parameters: { readonly model: string; readonly output: string; readonly threads: number };
    readonly event: { readonly phase: 'writing' | 'comparing'; readonly share: number };
    readonly result: OnnxExport;
  };
};
