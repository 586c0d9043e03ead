import type { EngineName } from '../engines/engine.ts';

/** One optimizer step, as it is shown and stored. Losses are in nats per token; times in seconds; memory in bytes. */
export interface StepMetrics {
  readonly step: number;
  /** Mean loss of this step's batch. */
  readonly loss: number;
  readonly learningRate: number;
  /** Before clipping. */
  readonly gradientNorm: number;
  /** Tokens trained on since the run's beginning. */
  readonly tokens: number;
  readonly tokensPerSecond: number;
  /** Resident memory of the training process. */
  readonly memoryBytes: number;
  /** Time trained, over all sessions of the run. */
  readonly elapsedSeconds: number;
  /** An estimate from recent steps. */
  readonly remainingSeconds: number;
}

/** How a run does on what it does not train on. */
export interface EvaluationMetrics {
  readonly step: number;
  readonly loss: number;
  /** What else was measured, by the names that the run's objective declares. */
  readonly figures: Readonly<Record<string, number>>;
  /** Number of tokens, labels … predicted. */
  readonly predictions: number;
  /** Whether the whole validation split was used. */
  readonly complete: boolean;
}

/** What the calibration at a run's start measured and chose; part of the run's record. */
export interface Calibration {
  readonly microBatchSize: number;
  readonly lossChunks: number;
  readonly steps: number;
  readonly secondsPerStep: number;
  readonly memoryBytes: number;
  readonly candidates: readonly {
    readonly microBatchSize: number;
    readonly secondsPerStep: number;
    readonly memoryBytes: number;
  }[];
  /** Of the validation loss; absent in records of earlier versions. */
  readonly secondsPerEvaluatedToken?: number | undefined;
  /** How a time budget's steps were planned anew since, in order. */
  readonly changes?: readonly PlanChange[] | undefined;
  /** What measured it: a run may go on with another engine. Absent in records of earlier versions: ONNX Runtime. */
  readonly engine?: EngineName | undefined;
  /** What that computed on. */
  readonly device?: 'cpu' | 'gpu' | undefined;
  /** The steps are those that another run had planned, and stay whatever the pace. */
  readonly keepsPlan?: boolean | undefined;
}

/** A new number of steps for a time budget, because the machine's pace had become another. */
export interface PlanChange {
  /** The last step of the old plan. */
  readonly step: number;
  /** Steps of the whole run. */
  readonly steps: number;
  /** The pace it was made with: a step with its share of evaluations, samples and checkpoints. */
  readonly secondsPerStep: number;
}

export type TrainingEvent =
  | { readonly type: 'calibrated'; readonly calibration: Calibration }
  | {
      readonly type: 'replanned';
      readonly step: number;
      /** Planned steps before and now. */
      readonly from: number;
      readonly steps: number;
      readonly minutes: number;
      readonly calibration: Calibration;
    }
  | { readonly type: 'resumed'; readonly step: number }
  | { readonly type: 'step'; readonly metrics: StepMetrics }
  | { readonly type: 'evaluated'; readonly metrics: EvaluationMetrics }
  | { readonly type: 'sample'; readonly step: number; readonly prompt: string; readonly text: string }
  | {
      readonly type: 'checkpoint';
      readonly step: number;
      readonly folder: string;
      readonly best: boolean;
      readonly loss: number | undefined;
      readonly bytes: number;
    }
  | { readonly type: 'checkpointRemoved'; readonly step: number; readonly folder: string }
  | { readonly type: 'rolledBack'; readonly step: number; readonly toStep: number; readonly reason: string }
  | { readonly type: 'notice'; readonly step: number; readonly message: string };

/** Why a training session ended, as the trainer says it. */
export type TrainingEnd = 'completed' | 'earlyStopped' | 'timeBudget' | 'paused' | 'guardStopped';
