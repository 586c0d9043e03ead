import type { RunSummary } from './run.ts';

/**
 * How far a run is, from 0 to 1: by its steps, or by its time where it was given a time and that has come further.
 * Undefined while nobody knows.
 */
export function shareTrained({
  step,
  steps,
  budgetSeconds,
  elapsedSeconds,
}: Pick<RunSummary, 'step' | 'steps' | 'budgetSeconds' | 'elapsedSeconds'>): number | undefined {
  const shares = [
    ...(steps === undefined ? [] : [step / steps]),
    ...(budgetSeconds === undefined ? [] : [elapsedSeconds / budgetSeconds]),
  ];
  return shares.length === 0 ? undefined : Math.min(1, Math.max(...shares));
}

/** Steps of the plan that a run did not come to because its time was up. */
export function stepsCut({ step, steps, end }: Pick<RunSummary, 'step' | 'steps' | 'end'>): number {
  return end === 'timeBudget' && steps !== undefined ? Math.max(0, steps - step) : 0;
}

/** So many steps in all train a run on from a step for longer: those that were cut and a quarter, in round figures. */
export function stepsToTrainLonger(step: number, steps: number | undefined): number {
  const wanted = Math.max(step, steps ?? step) + Math.max(1, step / 4);
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(wanted)) - 1);
  return Math.ceil(wanted / unit) * unit;
}
