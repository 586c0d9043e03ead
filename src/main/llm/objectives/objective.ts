import type { ModelShape } from '../../../shared/models/model-shape.ts';
import type { ObjectiveDeclaration } from '../../../shared/objectives/objective.ts';
import type { DeviceTensor, Engine } from '../engines/engine.ts';
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/types.ts';
import type { LowRankAdapter } from '../models/low-rank-adapter.ts';
import type { RowsOptions } from '../models/layers/rows-layer-ops.ts';
import type { Tokenizer } from '../tokenizers/tokenizer.ts';
import type { Batch, BatchForm } from './batch.ts';
import type { ExampleFormat, SplitCounts } from './example-format.ts';

/** Where drawing stands, as plain JSON: it goes into a checkpoint, and drawing goes on from it exactly. */
export type SamplerState = Readonly<Record<string, number>>;

/** What a batch is drawn from. */
export interface DrawOptions<Split> {
  readonly split: Split;
  readonly shape: ModelShape;
  /** Sequences to draw. */
  readonly batchSize: number;
  /** An unsigned 32-bit integer: with the state, it decides the batch. */
  readonly seed: number;
  /** After the batch before; undefined for the first. */
  readonly state: SamplerState | undefined;
}

/** The size of a graph with a loss, and how it is computed. */
export interface LossOptions extends RowsOptions {
  /** Parts in which an output layer over the vocabulary and its loss are computed. */
  readonly lossChunks: number;
  /** As the form of a batch has it. */
  readonly predictions?: number | undefined;
}

/** The loss of a graph, and the model's parameters in it. */
export interface LossGraph {
  /** The loss of the graph's batch as its part of the whole batch's mean, float32 scalar. */
  readonly loss: Value;
  /** A parameter by its Hugging Face name. */
  readonly weight: (name: string) => Value;
}

/** What a model scores on a part of the examples. */
export interface Evaluation {
  /** What training makes small, as a mean over what was predicted. In nats. */
  readonly loss: number;
  /** What else it scores, by the names that the objective declares. */
  readonly figures: Readonly<Record<string, number>>;
  /** Predictions made: tokens, labels. */
  readonly predictions: number;
  /** UTF-8 bytes of the text that was predicted, where text was: the same whatever the tokenizer. */
  readonly bytes?: number;
  /** Whether the whole split was used. */
  readonly complete: boolean;
  /** Of each example that was measured, in their order, where the objective looks at them one by one. */
  readonly examples?: readonly ExampleLoss[];
}

export interface EvaluationExtent<Split> {
  readonly split: Split;
  /** Make about so many predictions, spread over the split. Default: all. */
  readonly maximumPredictions?: number;
  readonly signal?: AbortSignal;
  /** Says how many predictions were made so far. */
  readonly onProgress?: (predictions: number) => void;
}

/** What is asked of a model that writes, and what it should write, both in tokens. */
export interface Question {
  readonly prompt: readonly number[];
  readonly answer: readonly number[];
}

/** What a model scores on one example: its losses added up, in nats, and how many predictions they are of. */
export interface ExampleLoss {
  readonly nats: number;
  readonly predictions: number;
}

/** Measures a model again and again with one compiled program. */
export interface Evaluator<Split, Result extends Evaluation = Evaluation> {
  /** How many predictions one run of the program makes: fewer take as long. */
  readonly predictionsAtOnce: number;
  /** @throws LoamError of kind 'input' when the split is too small, of kind 'interrupted' on `signal` */
  evaluate(extent: EvaluationExtent<Split>): Promise<Result>;
  dispose(): Promise<void>;
}

export interface EvaluatorOptions {
  readonly engine: Engine;
  readonly shape: ModelShape;
  /** The model's parameters by name. They may change between evaluations. */
  readonly weights: Readonly<Record<string, DeviceTensor>>;
  /** What was learned beside the weights; its matrices are among them. */
  readonly adapter?: LowRankAdapter | undefined;
  /** Counts the bytes of a part of a split exactly; without it they are taken as proportional to the tokens. */
  readonly tokenizer?: Tokenizer;
}

/**
 * What a run learns by. The training loop, its calibration and its checkpoints work from this declaration alone, and know
 * a split of examples only as what the objective's own format opened.
 */
export interface Objective<Split extends SplitCounts = SplitCounts, Result extends Evaluation = Evaluation> {
  /** Its name, its figures and its words. */
  readonly declaration: ObjectiveDeclaration;
  readonly examples: ExampleFormat<Split>;
  /** @throws LoamError when the examples to train on are too few for a model of this shape */
  requireEnough(train: SplitCounts, shape: ModelShape): void;
  /** The form of the largest batches that are drawn from these examples for this model. */
  largestForm(train: Split, shape: ModelShape): BatchForm;
  /** Draws the next batch, in an order that depends on the seed alone. */
  drawBatch(options: DrawOptions<Split>): { readonly batch: Batch; readonly state: SamplerState };
  /** A batch of the longest sequences, to measure with: it moves no sampler. */
  measuredBatch(train: Split, shape: ModelShape, sequences: number): Batch;
  /** Examples that a batch can be measured with where there is no dataset yet. */
  syntheticSplit(shape: ModelShape): Split;
  /** The inputs that say what to predict are declared, and the loss is added. */
  addLoss(builder: GraphBuilder, shape: ModelShape, options: LossOptions): LossGraph;
  /** What an example asks of a model that writes, and what it should answer. Absent: examples ask nothing. */
  question?(split: Split, example: number): Question;
  /** Predictions that measuring all of a split makes. */
  predictionsOf(split: Split): number;
  createEvaluator(options: EvaluatorOptions): Promise<Evaluator<Split, Result>>;
  /** Evaluations of several splits as one, in which every prediction counts the same. */
  combine(parts: readonly Result[]): Result;
  /**
   * The loss of the baseline that the declaration names, in nats.
   * @returns undefined where it is not worth what it takes
   */
  measureBaseline?(options: BaselineOptions<Split>): Promise<number | undefined>;
}

/** What a baseline learns from, and what it is measured on. */
export interface BaselineOptions<Split> {
  readonly train: Split;
  readonly measured: readonly Split[];
  readonly shape: ModelShape;
  readonly signal?: AbortSignal;
}
