import type { ModelShape } from '../../../shared/models/model-shape.ts';
import type { TrainingConfiguration } from '../../../shared/runs/configuration.ts';
import type { Calibration, TrainingEnd, TrainingEvent } from '../../../shared/runs/events.ts';
import type { ModelContent } from '../checkpoints/model-folder.ts';
import type { ChatTemplate } from '../conversations/chat-template.ts';
import type { Engine } from '../engines/engine.ts';
import type { SplitCounts } from '../objectives/example-format.ts';
import type { Objective } from '../objectives/objective.ts';
import type { Tokenizer } from '../tokenizers/tokenizer.ts';
import type { TrainedPart } from './model-parameters.ts';
import type { MemoryProbe } from './memory-probe.ts';

/** A checkpoint of another run that a run begins with. */
export interface TrainingStart {
  /** A model folder; `everything` needs its training state too. */
  readonly folder: string;
  /** `everything` goes on at its step with its optimizer state and place in the data; `weights` begins at step 0. */
  readonly takes: 'everything' | 'weights';
}

/** Everything that a training session works with. Files, clock and memory are reached through it alone. */
export interface TrainingJob {
  readonly engine: Engine;
  readonly shape: ModelShape;
  readonly tokenizer: Tokenizer;
  /** What the run learns by. */
  readonly objective: Objective;
  /** The examples, as the objective keeps them. */
  readonly data: { readonly train: SplitCounts; readonly validation: SplitCounts };
  readonly configuration: TrainingConfiguration;
  /** The run's folder; checkpoints go to `checkpoints/step-00000250` and so on beneath it. */
  readonly folder: string;
  /** What is trained; all else stays as it began. Default: the whole model. */
  readonly trains?: TrainedPart;
  /** What the model that the run begins with came with, and each checkpoint has too. Default: Loam's own. */
  readonly companions?: Pick<ModelContent, 'ids' | 'conventions'>;
  /** How the model holds conversations, where it learns to: samples are replies then. */
  readonly conversation?: Pick<ChatTemplate, 'encode' | 'endOfReply'>;
  /** Stored with each checkpoint. */
  readonly provenance: Readonly<Record<string, unknown>>;
  /** A recorded calibration: used as it is, so that a repeated run does the same. A checkpoint's own comes first. */
  readonly calibration?: Calibration;
  /** `latest` goes on from the newest readable checkpoint and begins anew where there is none. */
  readonly resume: 'fresh' | 'latest';
  /** What a run without a checkpoint of its own begins with. Default: parameters drawn from the seed. */
  readonly start?: TrainingStart;
  /** Ctrl-C or pause: the step under way is finished and saved. */
  readonly signal: AbortSignal;
  /** Seconds, monotonic. */
  readonly clock: () => number;
  /** Steps whose checkpoints are kept whatever the retention rule says. Default: none. */
  readonly keptSteps?: () => readonly number[];
  /** Default: this process's memory. */
  readonly memory?: MemoryProbe;
  readonly onEvent: (event: TrainingEvent) => void;
  /**
   * What whoever hears the events has recorded of them so far, as plain JSON. It is kept in each checkpoint, as
   * `loam/record.json`, so that a later session can tell whether the record has lost something.
   */
  readonly markRecord?: () => unknown;
}

/** How a training session ended. */
export interface TrainingResult {
  readonly end: TrainingEnd;
  /** Optimizer steps done. */
  readonly step: number;
  /** The best evaluation whose checkpoint is there. */
  readonly best?: { readonly step: number; readonly loss: number; readonly folder: string };
}
