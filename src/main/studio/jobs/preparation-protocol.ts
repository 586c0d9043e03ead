import type { EngineName } from '../../../shared/engines/engine.ts';
import type { ModelShape } from '../../../shared/models/model-shape.ts';
import type {
  DataConfiguration,
  TokenizerConfiguration,
  TrainingConfiguration,
} from '../../../shared/runs/configuration.ts';
import type { Calibration } from '../../../shared/runs/events.ts';
import type { RunSummary } from '../../../shared/runs/run.ts';
import type { TokenizerComparison } from '../../../shared/tokenizers/encoding.ts';
import type { TokenizerSummary } from '../../../shared/tokenizers/tokenizer.ts';
import type { TokenShardsProgress } from '../../llm/data/token-shards.ts';
import type { EncodedDataset } from '../datasets/encoded-datasets.ts';
import type { BranchOptions } from '../runs/branch-run.ts';
import type { CreateRunOptions, PreparationProgress } from '../runs/create-run.ts';
import type { TokenizerProgress } from '../tokenizers/tokenizers.ts';

/** What the training of a tokenizer tells while it works. */
export type TokenizerReport =
  | { readonly type: 'progress'; readonly progress: TokenizerProgress }
  /** A sentence: the result is not quite what was asked for. */
  | { readonly type: 'notice'; readonly message: string };

/** The procedures of the preparation worker: what comes before a model is trained. */
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
  /** Prepares a run that begins with a checkpoint of another. @returns its name */
  readonly branchRun: {
    readonly parameters: Omit<BranchOptions, 'signal'> & {
      /** The project's folder. */
      readonly project: string;
    };
    readonly event: never;
    readonly result: string;
  };
  /** Encodes a dataset with a model's own tokenizer, unless that was done before. */
  readonly encodeForModel: {
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
  /** Encodes some text from all over a dataset with several tokenizers. */
  readonly compareTokenizers: {
    readonly parameters: {
      /** The project's folder. */
      readonly project: string;
      readonly names: readonly string[];
      readonly dataset: string;
    };
    readonly event: never;
    readonly result: TokenizerComparison;
  };
  /** Tries what a configuration takes on this machine. Belongs to no project and writes nothing. */
  readonly measure: {
    readonly parameters: {
      readonly shape: ModelShape;
      readonly training: TrainingConfiguration;
      readonly engine: EngineName;
      readonly threads: number;
    };
    readonly event: never;
    readonly result: Calibration;
  };
};
