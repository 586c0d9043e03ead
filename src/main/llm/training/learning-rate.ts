import type { ScheduleName } from '../../../shared/runs/configuration.ts';
import { assertNever } from '../../../shared/errors.ts';

/** A learning-rate schedule with everything decided. */
export interface LearningRateSchedule {
  readonly schedule: ScheduleName;
  /** The peak, reached at the end of the warm-up. */
  readonly learningRate: number;
  /** Reached at the last step (not by `constant`). */
  readonly minimumLearningRate: number;
  readonly steps: number;
  readonly warmupSteps: number;
  /** wsd: share of `steps` at the end over which the rate falls. */
  readonly decayFraction: number;
}

/**
 * The learning rate of optimizer step `step`, which counts from 1 to `steps`: a linear warm-up from zero, then
 * - `cosine`: half a cosine down to the minimum (Loshchilov & Hutter, "SGDR", ICLR 2017, eq. 5, without restarts);
 * - `linear`: a straight line down to the minimum;
 * - `constant`: the peak;
 * - `wsd`: the peak, then a fall over the last `decayFraction` of the steps along 1 − √progress (Hägele et al.,
 *   "Scaling Laws and Compute-Optimal Training Beyond Fixed Training Durations", NeurIPS 2024, section 4).
 *
 * A minimum above the peak counts as the peak, so that no schedule ever climbs after the warm-up.
 */
export function learningRateAt(step: number, schedule: LearningRateSchedule): number {
  const { learningRate: peak, steps, warmupSteps } = schedule;
  const minimum = Math.min(schedule.minimumLearningRate, peak);
  if (step < warmupSteps) return (peak * step) / warmupSteps;
  const progressSince = (start: number) =>
    Math.min(1, Math.max(0, (step - start) / Math.max(1, steps - start)));
  switch (schedule.schedule) {
    case 'constant':
      return peak;
    case 'linear':
      return minimum + (peak - minimum) * (1 - progressSince(warmupSteps));
    case 'cosine':
      return minimum + ((peak - minimum) * (1 + Math.cos(Math.PI * progressSince(warmupSteps)))) / 2;
    case 'wsd': {
      const decayStart = Math.max(warmupSteps, steps - Math.round(schedule.decayFraction * steps));
      return minimum + (peak - minimum) * (1 - Math.sqrt(progressSince(decayStart)));
    }
    default:
      return assertNever(schedule.schedule);
  }
}

/** The warm-up that a run of `steps` steps can hold: one as long as the run would never reach the peak, a tenth does. */
export function fittingWarmup(warmupSteps: number, steps: number): number {
  return warmupSteps < steps ? warmupSteps : Math.floor(steps / 10);
}
