import type { EngineName } from '../../../shared/engines/engine.ts';
import type { OnnxExport } from '../../llm/export/onnx-export.ts';
import type { NextTokenEvaluation } from '../../llm/objectives/next-token/evaluator.ts';
import type { EvaluationSplit } from '../../../shared/evaluations/evaluation.ts';

/** How well a model predicts a text and, where it was asked for, how well a bigram model does. */
export interface MeasuredModel extends NextTokenEvaluation {
  /** In nats per token. */
  readonly bigramLoss?: number;
}

/** The procedures of the model worker: work with a finished model that is neither training nor writing. */
export type ModelProcedures = {
  /** Loads the engine's library and says which it is. */
  readonly checkEngine: {
    readonly parameters: { readonly engine: 'onnxruntime' };
    readonly event: never;
    readonly result: { readonly version: string };
  };
  readonly evaluate: {
    readonly parameters: {
      /** A model folder. */
      readonly model: string;
      /** A folder of token shards, made with the model's tokenizer. */
      readonly tokens: string;
      readonly split: EvaluationSplit;
      readonly engine: EngineName;
      readonly threads: number;
      /** A folder of token shards from whose training part a bigram model is counted, to compare with. */
      readonly bigramTokens?: string;
    };
    readonly event: { readonly done: number; readonly total: number };
    readonly result: MeasuredModel;
  };
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
