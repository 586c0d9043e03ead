import type { TokenizerConfiguration } from '../../../shared/runs/configuration.ts';
import type { RunSummary } from '../../../shared/runs/run.ts';
import type { TokenizerSummary } from '../../../shared/tokenizers/tokenizer.ts';
import type { CreateRunOptions, PreparationProgress } from '../runs/runs.ts';
import type { TokenizerProgress } from '../tokenizers/tokenizers.ts';

/** What the training of a tokenizer tells while it works. */
export type TokenizerReport =
  | { readonly type: 'progress'; readonly progress: TokenizerProgress }
  /** A sentence: the result is not quite what was asked for. */
  | { readonly type: 'notice'; readonly message: string };

/** The procedures of the preparation worker: what a dataset goes through before a model trains on it. */
export type PreparationProcedures = {
  /** Learns a tokenizer from a dataset and keeps it in the project. */
  readonly trainTokenizer: {
    readonly parameters: {
      /** The project's folder. */
      readonly project: string;
      readonly name: string;
      readonly dataset: string;
      readonly configuration: TokenizerConfiguration;
    };
    readonly event: TokenizerReport;
    readonly result: TokenizerSummary;
  };
  /** Finds or learns a run's tokenizer, encodes its dataset and puts it into the queue. */
  readonly createRun: {
    readonly parameters: Omit<CreateRunOptions, 'onProgress' | 'signal'> & {
      /** The project's folder. */
      readonly project: string;
    };
    readonly event: PreparationProgress;
    readonly result: RunSummary;
  };
};
