import type { ModelFact } from '../../../shared/checkpoints/checkpoint.ts';
import type { ModelDeclaration } from '../../../shared/models/model-declaration.ts';
import type { ModelTask } from '../../../shared/models/model-task.ts';
import type { ModelSettings } from '../../../shared/models/model-settings.ts';
import type { ModelShape } from '../../../shared/models/model-shape.ts';
import type { GgufReader } from './gguf-reader.ts';
import type { SpecialIds } from './special-ids.ts';
import type { GraphBuilder } from '../graph/builder.ts';
import type { Graph, Value } from '../graph/types.ts';
import type { ExportedParameter } from './layers/exported-parameters.ts';
import type { RowsOptions } from './layers/rows-layer-ops.ts';
import type { LowRankAdapter } from './low-rank-adapter.ts';
import type { Parameter, ParameterPart } from './parameter.ts';

/** One dropout mask that a training graph reads: float32, 0 or 1/(1 − p). */
export interface DropoutMask {
  /** The graph's input. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Its number among the model's masks: part of the random generator's counter. */
  readonly place: number;
}

/** The size of a micro-batch. */
export interface BatchSize {
  /** Sequences computed at once. */
  readonly microBatchSize: number;
  /** Tokens of each. */
  readonly sequenceLength: number;
}

/** A model's layers in a graph. */
export interface ModelOutput {
  /** What the last layer hands on, [sequence · batch, width], time before batch. */
  readonly hidden: Value;
  /** The output layer's matrix, [vocabulary, width]. */
  readonly outputWeight: Value;
  /** A parameter by its Hugging Face name; each one of the architecture is an input of the graph. */
  readonly weight: (name: string) => Value;
}

/** A model that classifies, in a graph. */
export interface ClassifierOutput {
  /** How much speaks for each class, [batch, classes]. */
  readonly logits: Value;
  /** A parameter by its Hugging Face name; each one of the architecture is an input of the graph. */
  readonly weight: (name: string) => Value;
}

/** The texts that a classifier reads, padded to one length. */
export interface ClassifierInputs {
  /** int64 [batch, sequence] */
  readonly inputIds: Value;
  /** float32 [batch, sequence]: 1 for a token, 0 for padding, which stands at the end. */
  readonly attentionMask: Value;
}

/** What training a model of some shape costs, for estimates made before anything is computed. */
export interface TrainingCost {
  /** Floating-point operations of a forward and a backward pass for each token. */
  readonly operations: number;
  /** Float32 values kept for the backward pass for each token, the loss apart. */
  readonly keptValues: number;
  /** The same where the inside of each layer is computed anew in the backward pass. */
  readonly keptValuesWithCheckpointing: number;
  /** Length of the vectors between layers: products of other widths run at other speeds. */
  readonly width: number;
}

/** A model for other programs: which inputs of the graph are weights, and which parameters those are. */
export interface ExportGraph {
  readonly graph: Graph;
  readonly parameters: readonly ExportedParameter[];
}

/** How a model writes. */
export interface GenerationGraphOptions {
  /** Tokens that it remembers. */
  readonly cacheLength: number;
  /** What was learned beside the weights. Its matrices are further inputs. */
  readonly adapter?: LowRankAdapter | undefined;
}

/** What a model's `config.json` says of its tokenizer. */
export interface ConfigTokens {
  /** The id of the token between documents. */
  readonly endOfText: number;
  /** What the description that the model came with says instead. */
  readonly ids?: SpecialIds | undefined;
}

/**
 * Gives the shape of a model that a `config.json` of one kind describes.
 * @param where the file's path, for messages
 * @throws LoamError naming what cannot be computed, or the fields that are missing or wrong
 */
export type ConfigReader<Shape extends ModelShape> = (json: unknown, where: string) => Shape;

/**
 * What an architecture provides. Everything that the rest of the program knows of a model it knows from here; a shape
 * goes through untouched. Methods that are optional belong to a task that not every architecture has.
 */
export interface Architecture<Shape extends ModelShape = ModelShape> {
  /** What a person sets of its models, and the shape that becomes of that. */
  readonly declaration: ModelDeclaration<ModelSettings, Shape>;
  /** What reads the `config.json` of a model, for each `model_type` that the architecture knows. */
  readonly configReaders: ReadonlyMap<string, ConfigReader<Shape>>;
  /** What reads the models of a GGUF file, for each `general.architecture` that the architecture knows. */
  readonly ggufReaders?: ReadonlyMap<string, GgufReader<Shape>>;
  /** The `config.json` of a model, as Hugging Face transformers writes it. */
  writeConfig(shape: Shape, tokens: ConfigTokens): Readonly<Record<string, unknown>>;
  /** The part of a name that a model without its output layer (GPT2Model, LlamaModel) saves its parameters without. */
  basePrefix(shape: Shape): string;
  /**
   * The tensors of which a shape says that they are one, and the shape of a model in which they are two: checkpoints whose
   * description and weights disagree are common, and the weights are what was trained.
   */
  tie?(shape: Shape): { readonly one: string; readonly other: string; readonly untied: Shape } | undefined;
  /** Whether a tensor of a checkpoint is no parameter, but computed from others or equal to one. */
  isRedundantTensor(shape: Shape, name: string): boolean;
  /** How a model is built, for a person to read. */
  facts(shape: Shape): readonly ModelFact[];
  /** All parameters in a fixed order, on which their initial values depend. */
  parameters(shape: Shape): readonly Parameter[];
  /** How many values a model learns, by part: quick for a shape of any size. */
  countParameters(shape: Shape): Readonly<Record<ParameterPart, number>>;
  /** The masks that a graph of the layers reads when it is asked to drop values; none when dropout is 0. */
  dropoutMasks(shape: Shape, size: BatchSize): readonly DropoutMask[];
  trainingCost(shape: Shape): TrainingCost;
  /**
   * Adds the layers of a model that predicts tokens to a graph, as they are trained and evaluated.
   * @param inputIds int64 [batch, sequence]
   */
  addLayers?(builder: GraphBuilder, shape: Shape, inputIds: Value, options: RowsOptions): ModelOutput;
  /** Adds a model that says which of the shape's labels a text has, as it is trained and evaluated. */
  addClassifier?(
    builder: GraphBuilder,
    shape: Shape,
    inputs: ClassifierInputs,
    options: RowsOptions,
  ): ClassifierOutput;
  /**
   * Prefill and decode in one graph, for one sequence. Inputs: `input_ids` (int64 [1, sequence]), the parameters, the
   * state that the model keeps of earlier tokens, and where the model needs them `position_ids` (int64 [1, sequence]),
   * `total_length` (int32 []: tokens seen after this run) and `sequence_lengths` (int32 [1]: total_length − 1). Outputs:
   * `logits` of the last token (float32 [1, vocabulary]), and the state after it, each an alias of the input that it
   * replaces. The state starts as zeros; a graph without `total_length` must find it so at the start of a text.
   */
  generationGraph?(shape: Shape, options: GenerationGraphOptions): Graph;
  /**
   * For other programs, with standard operators alone, by what the model is to be used for; undefined where there is none.
   * To generate: output `logits` [batch, sequence, vocabulary].
   */
  exportGraph?(shape: Shape, task: ModelTask): ExportGraph | undefined;
  /**
   * A look inside a model that predicts tokens, for one text. Inputs: `input_ids` (int64 [1, sequence]) and the parameters.
   * Outputs: `logits` [sequence, vocabulary], and what the architecture has to show.
   */
  inspectionGraph?(shape: Shape, options: { readonly sequenceLength: number }): Graph;
  /** Tiny shapes that together use every operator of the architecture: engines are tried on them before they are trusted. */
  trialShapes(): readonly Shape[];
}
