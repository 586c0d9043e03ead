import type { EngineName } from '../../../shared/engines/engine.ts';
import type { ModelShape } from '../../../shared/models/model-shape.ts';
import type { TrainingConfiguration } from '../../../shared/runs/configuration.ts';
import type { Calibration } from '../../../shared/runs/events.ts';
import type { RunSummary } from '../../../shared/runs/run.ts';
import type { BranchOptions } from './branch-run.ts';
import type { CreateRunOptions, PreparationProgress } from './create-run.ts';

/** The procedures of the preparation worker: what comes before a model is trained. */
export type PreparationProcedures = {
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
    readonly parameters: Omit<BranchOptions, 'signal' | 'onNotice'> & {
      /** The project's folder. */
      readonly project: string;
    };
    /** What of the texts is left out, as a sentence. */
    readonly event: string;
    readonly result: string;
  };
  /** Tries what a configuration takes on this machine. Belongs to no project and writes nothing. */
  readonly measure: {
    readonly parameters: {
      readonly objective: string;
      readonly shape: ModelShape;
      readonly training: TrainingConfiguration;
      readonly engine: EngineName;
      readonly threads: number;
    };
    readonly event: never;
    readonly result: Calibration;
  };
};
