import type { EngineName } from '../../../shared/engines/engine.ts';
import type { EvaluationSplit } from '../../../shared/evaluations/evaluation.ts';
import type { DataConfiguration } from '../../../shared/runs/configuration.ts';
import type { TokenShardsProgress } from '../../llm/data/token-shards.ts';
import type { NextTokenEvaluation } from '../../llm/objectives/next-token/evaluator.ts';
import type { EncodedDataset } from '../datasets/encoded-datasets.ts';

/** How well a model predicts a text and, where it was asked for, how well a bigram model does. */
export interface MeasuredModel extends NextTokenEvaluation {
  /** In nats per token. */
  readonly bigramLoss?: number;
}

/** The procedures of the evaluation worker. */
export type EvaluationProcedures = {
  /** Encodes a dataset with a model's own tokenizer, unless that was done before. */
  readonly encode: {
    readonly parameters: {
      /** The project's folder. */
      readonly project: string;
      readonly datasetId: number;
      /** A model folder. */
      readonly model: string;
      readonly data: DataConfiguration;
    };
    readonly event: TokenShardsProgress;
    readonly result: Pick<EncodedDataset, 'hash' | 'folder'> & {
      /** The hash of the model's tokenizer. */
      readonly tokenizer: string;
      /** What reading the model undid or chose, in sentences. */
      readonly notes: readonly string[];
    };
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
};
