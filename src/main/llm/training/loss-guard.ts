/**
 * Watches the loss and the gradient for trouble: values that are not finite, and a loss far above its recent average.
 * Its memory is plain data, a part of every checkpoint, so that a resumed run judges as the uninterrupted one would.
 */
export interface LossGuardState {
  /** Exponential moving average of the losses that were accepted. */
  readonly averageLoss: number;
  /** How many losses the average holds. */
  readonly losses: number;
}

export const initialLossGuard: LossGuardState = { averageLoss: 0, losses: 0 };

/** Losses that must have been seen before one can be called a spike. */
const lossesBeforeJudging = 10;
/** The average's memory, in steps. */
const memory = 20;

export type Verdict =
  { readonly kind: 'fine' } | { readonly kind: 'notFinite' | 'spike'; readonly reason: string };

/**
 * Judges a step before its update is applied.
 * @param lossSpike a loss more than this many times the recent average is a spike
 */
export function judgeStep(
  state: LossGuardState,
  loss: number,
  gradientNorm: number,
  lossSpike: number,
): Verdict {
  if (!Number.isFinite(loss)) return { kind: 'notFinite', reason: `The loss is ${loss}.` };
  if (!Number.isFinite(gradientNorm))
    return { kind: 'notFinite', reason: `The gradient’s norm is ${gradientNorm}.` };
  if (state.losses >= lossesBeforeJudging && loss > lossSpike * state.averageLoss) {
    return {
      kind: 'spike',
      reason: `The loss jumped to ${loss.toFixed(3)} from a recent average of ${state.averageLoss.toFixed(3)}.`,
    };
  }
  return { kind: 'fine' };
}

/** Takes a finite loss into the average: the plain mean at first, later an exponential average over about 20 steps. */
export function rememberLoss(state: LossGuardState, loss: number): LossGuardState {
  const losses = state.losses + 1;
  const weight = 1 / Math.min(losses, memory);
  return { averageLoss: state.averageLoss + weight * (loss - state.averageLoss), losses };
}
