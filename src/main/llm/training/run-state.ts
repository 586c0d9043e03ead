import { z } from 'zod';
import { calibrationSchema } from '../../../shared/runs/calibration.ts';
import type { Calibration } from '../../../shared/runs/events.ts';
import type { SamplerState } from '../objectives/objective.ts';
import { noEvaluations, type EvaluationRecord } from './early-stopping.ts';
import { initialLossGuard, type LossGuardState } from './loss-guard.ts';

/**
 * Everything that decides how a run goes on from a step, besides its parameters and the optimizer's moments. It is
 * plain JSON, is replaced whole and never changed in place, and is stored with each checkpoint: so going on from a
 * checkpoint is the same as never having stopped. There is no random state: what is random (dropout, samples, the order
 * of the data) is a function of the seed and the step.
 */
export interface RunState {
  /** Optimizer steps done. */
  readonly step: number;
  /** Tokens trained on. */
  readonly tokens: number;
  /** Seconds trained, over all sessions. */
  readonly elapsedSeconds: number;
  /** Where the next batch begins; undefined before the first. */
  readonly sampler: SamplerState | undefined;
  readonly guard: LossGuardState;
  readonly rollbacks: number;
  /** Multiplies the schedule's learning rate: 1, halved by each rollback. */
  readonly learningRateFactor: number;
  /** The evaluations that compete for the best checkpoint; all of them use the same tokens. */
  readonly evaluations: EvaluationRecord;
  /** The newest evaluation: its loss as it competes, if that is finite, and whether the whole split was evaluated. */
  readonly latestEvaluation:
    { readonly step: number; readonly loss: number | undefined; readonly complete: boolean } | undefined;
  readonly calibration: Calibration;
}

/** The state of a run that has not trained yet. */
export function initialRunState(calibration: Calibration): RunState {
  return {
    step: 0,
    tokens: 0,
    elapsedSeconds: 0,
    sampler: undefined,
    guard: initialLossGuard,
    rollbacks: 0,
    learningRateFactor: 1,
    evaluations: noEvaluations,
    latestEvaluation: undefined,
    calibration,
  };
}

const count = z.int().min(0);

/** JSON has no undefined: what is undefined is not there, and is undefined again when it is read. */
const absent = <Schema extends z.ZodType>(schema: Schema) => schema.optional().transform((value) => value);

/** A run's state as it stands in a checkpoint: parsed before it is believed. */
export const runStateSchema: z.ZodType<RunState> = z.object({
  step: count,
  tokens: count,
  elapsedSeconds: z.number().min(0),
  // The objective says which counters these are.
  sampler: absent(z.record(z.string(), count)),
  guard: z.object({ averageLoss: z.number(), losses: count }),
  rollbacks: count,
  learningRateFactor: z.number().positive(),
  evaluations: z.object({
    best: absent(z.object({ step: count, loss: z.number() })),
    evaluationsSinceBest: count,
  }),
  latestEvaluation: absent(z.object({ step: count, loss: absent(z.number()), complete: z.boolean() })),
  calibration: calibrationSchema,
});
