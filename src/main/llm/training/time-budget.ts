/** What a calibration measured, in seconds. */
export interface MeasuredTimes {
  /** One optimizer step. */
  readonly secondsPerStep: number;
  /** One of the evaluations during the run. */
  readonly secondsPerEvaluation: number;
  /** The evaluation at the end, over the whole validation split. */
  readonly secondsOfFinalEvaluation: number;
}

/** Share of a time budget that is planned for; the rest is for checkpoints, samples and a machine that slows down. */
const plannedShare = 0.95;

/**
 * The number of optimizer steps that fit in a time budget, at least 1.
 * @param seconds the whole budget
 * @param secondsSpent what calibration and preparation took of it
 */
export function stepsWithin(
  seconds: number,
  secondsSpent: number,
  times: MeasuredTimes,
  evaluationInterval: number,
): number {
  const forSteps = seconds * plannedShare - secondsSpent - times.secondsOfFinalEvaluation;
  const perStep = times.secondsPerStep + times.secondsPerEvaluation / evaluationInterval;
  return Math.max(1, Math.floor(forSteps / perStep));
}

/** Whether the clock ends the run now: what is left of the budget is needed for the final evaluation. */
export function timeIsUp(
  minutes: number | undefined,
  elapsedSeconds: number,
  secondsOfFinalEvaluation: number,
): boolean {
  return minutes !== undefined && elapsedSeconds + secondsOfFinalEvaluation >= minutes * 60;
}
