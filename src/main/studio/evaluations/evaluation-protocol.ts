import type { EngineName } from '../../../shared/engines/engine.ts';
import type { Evaluation } from '../../llm/objectives/objective.ts';
import type { Verdict } from '../../../shared/evaluations/verdict.ts';
import type { EvaluationSplit } from '../../../shared/evaluations/evaluation.ts';
import type { DataConfiguration } from '../../../shared/runs/configuration.ts';
import type { TokenShardsProgress } from '../../llm/data/token-shards.ts';
import type { EncodedDataset } from '../datasets/encoded-datasets.ts';

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
      /** What it is measured at. Default: the first objective that the model can do. */
      readonly objective?: string;
    };
    readonly event: TokenShardsProgress;
    readonly result: Pick<EncodedDataset, 'hash' | 'folder'> & {
      readonly objective: string;
      /** The hash of the model's tokenizer. */
      readonly tokenizer: string;
      /** What reading the model undid or chose, and what of the dataset is left out, in sentences. */
      readonly notes: readonly string[];
    };
  };
  readonly evaluate: {
    readonly parameters: {
      /** A model folder. */
      readonly model: string;
      /** A folder of the objective's examples, made with the model's tokenizer. */
      readonly tokens: string;
      readonly split: EvaluationSplit;
      readonly engine: EngineName;
      readonly threads: number;
      readonly objective: string;
      /** A folder of such examples whose training part the objective's baseline learns from, to compare with. */
      readonly baselineTokens?: string;
    };
    readonly event: { readonly done: number; readonly total: number };
    /** With the baseline's loss among the figures, where it was measured. */
    readonly result: Evaluation;
  };
  /** Holds a model against the one that it came from. */
  readonly judge: {
    readonly parameters: {
      /** Model folders with one tokenizer. */
      readonly model: string;
      readonly base: string;
      /** A folder of the objective's examples, made with that tokenizer. */
      readonly tokens: string;
      readonly split: EvaluationSplit;
      readonly objective: string;
      /** Both answer so many questions, at most. */
      readonly questions: number;
      readonly engine: EngineName;
      readonly threads: number;
    };
    readonly event: { readonly stage: 'loss' | 'answers'; readonly done: number; readonly total: number };
    readonly result: Pick<Verdict, 'records' | 'loss' | 'scores' | 'answers'>;
  };
};
