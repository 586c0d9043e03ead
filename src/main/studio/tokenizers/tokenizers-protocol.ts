import type { TokenizerConfiguration } from '../../../shared/runs/configuration.ts';
import type { TokenizerComparison } from '../../../shared/tokenizers/encoding.ts';
import type { TokenizerSummary } from '../../../shared/tokenizers/tokenizer.ts';
import type { TokenizerProgress } from './tokenizers.ts';

/** What the training of a tokenizer tells while it works. */
export type TokenizerReport =
  | { readonly type: 'progress'; readonly progress: TokenizerProgress }
  /** A sentence: the result is not quite what was asked for. */
  | { readonly type: 'notice'; readonly message: string };

/** The procedures of the tokenizers worker: what reads a whole dataset. */
export type TokenizersProcedures = {
  /** Learns a tokenizer from a dataset and keeps it in the project. */
  readonly train: {
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
  /** Encodes some text from all over a dataset with several tokenizers. */
  readonly compare: {
    readonly parameters: {
      /** The project's folder. */
      readonly project: string;
      readonly names: readonly string[];
      readonly dataset: string;
    };
    readonly event: never;
    readonly result: TokenizerComparison;
  };
};
