import type { EngineName } from '../../../shared/engines/engine.ts';
import type { TrainingEvent } from '../../../shared/runs/events.ts';
import type { RunEnd, RunStatus } from '../../../shared/runs/run.ts';
import type { Waiting } from './turn.ts';

/** What a training worker tells while it works. */
export type TrainingReport =
  | TrainingEvent
  | ({ readonly type: 'waiting' } & Waiting)
  | {
      readonly type: 'started';
      readonly process: number;
      /** What it learns by. */
      readonly objective: string;
      readonly engine: EngineName;
      readonly threads: number;
      readonly steps: number | undefined;
    };

/** How a training session ended. */
export interface TrainingOutcome {
  readonly status: RunStatus;
  /** Absent when the session ended while it waited for its turn. */
  readonly end?: RunEnd;
  readonly step: number;
  readonly best?: { readonly step: number; readonly loss: number; readonly folder: string };
}

/** The procedures of the training worker. */
export type TrainingProcedures = {
  readonly train: {
    readonly parameters: { readonly project: string; readonly run: string };
    readonly event: TrainingReport;
    readonly result: TrainingOutcome;
  };
};
