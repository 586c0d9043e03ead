import type { TrainingConfiguration } from '../../../shared/runs/configuration.ts';
import type { TrainingEnd } from '../../../shared/runs/events.ts';
import { patienceIsSpent } from './early-stopping.ts';
import { isDue } from './retention.ts';
import type { RunState } from './run-state.ts';
import { plannedSteps } from './step-plan.ts';
import { timeIsUp } from './time-budget.ts';

/** What stands between the steps of a run: pure questions about its state. */

/**
 * Why the run ends here, if it does.
 * @param secondsOfFinalEvaluation what the evaluation at the end is expected to take of a time budget
 */
export function endOfRun(
  state: RunState,
  configuration: TrainingConfiguration,
  secondsOfFinalEvaluation: number,
): Extract<TrainingEnd, 'completed' | 'earlyStopped' | 'timeBudget'> | undefined {
  if (state.step === 0) return undefined;
  if (state.step >= plannedSteps(state.calibration)) return 'completed';
  if (patienceIsSpent(state.evaluations, configuration.earlyStoppingPatience)) return 'earlyStopped';
  if (timeIsUp(configuration.minutes, state.elapsedSeconds, secondsOfFinalEvaluation)) return 'timeBudget';
  return undefined;
}

/** Whether the state must be evaluated before anything else: at each interval, and over the whole split at the end. */
export function evaluationIsDue(
  state: RunState,
  configuration: TrainingConfiguration,
  ending: boolean,
): boolean {
  const here = state.latestEvaluation?.step === state.step ? state.latestEvaluation : undefined;
  if (ending) return here?.complete !== true;
  return here === undefined && isDue(state.step, configuration.evaluationInterval);
}

/** Steps between checkpoints. */
export function checkpointInterval(configuration: TrainingConfiguration): number {
  return configuration.checkpointInterval ?? configuration.evaluationInterval;
}

/** Whether a checkpoint belongs here: at each interval, at a new best evaluation, and at the end. */
export function checkpointIsDue(
  state: RunState,
  configuration: TrainingConfiguration,
  ending: boolean,
): boolean {
  return (
    ending ||
    state.evaluations.best?.step === state.step ||
    isDue(state.step, checkpointInterval(configuration))
  );
}

/**
 * Validation tokens still to be evaluated in a run: for the time left.
 * @param evaluationTokens tokens of an evaluation during the run
 * @param validationTokens tokens of the one at the end
 */
export function remainingEvaluationTokens(
  state: RunState,
  evaluationInterval: number,
  evaluationTokens: number,
  validationTokens: number,
): number {
  const before =
    Math.floor((plannedSteps(state.calibration) - 1) / evaluationInterval) -
    Math.floor(state.step / evaluationInterval);
  return Math.max(0, before) * evaluationTokens + validationTokens;
}
