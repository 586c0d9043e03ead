import { changeOfPlan, createSpeedWatch } from './speed-watch.ts';
import { tokensOfAnEvaluation } from './between-steps.ts';
import type { RunState } from './run-state.ts';
import type { Session } from './session.ts';
import { plannedSteps, withPlanChange } from './step-plan.ts';

/** Takes in what a step took. @returns the state, with a new plan where the pace asks for one */
export type Replanning = (state: RunState, seconds: number) => RunState;

/**
 * Keeps the steps of a time budget to what fits into the time: when the machine's pace has become another for a good while,
 * they are planned anew, so that the learning rate comes to its end when the time does. The new plan is told before a step
 * follows it; with it in the record, a run that goes on from any checkpoint takes the same steps again. Without a time
 * budget, and where the number of steps is given, the plan stands.
 */
export function createReplanning(session: Session): Replanning {
  const { job, configuration, meter } = session;
  const { minutes, evaluationInterval } = configuration;
  if (minutes === undefined || configuration.steps !== undefined) return (state) => state;
  const { secondsPerEvaluatedToken = 0 } = session.state.calibration;
  const expectedBetweenSteps =
    (secondsPerEvaluatedToken * tokensOfAnEvaluation(session)) / evaluationInterval;
  const watch = createSpeedWatch({
    budgetSeconds: minutes * 60,
    evaluationInterval,
    step: session.state.step,
    elapsedSeconds: session.elapsedSeconds(),
    expectedBetweenSteps,
  });
  return (state, seconds) => {
    const pace = watch.recordStep(seconds, state.elapsedSeconds);
    if (pace === undefined) return state;
    const change = changeOfPlan(state, pace, {
      seconds: minutes * 60,
      secondsOfFinalEvaluation: meter.evaluationSeconds(session.validationPredictions),
      expectedBetweenSteps,
    });
    if (change === undefined) return state;
    const calibration = withPlanChange(state.calibration, change);
    job.onEvent({
      type: 'replanned',
      step: state.step,
      from: plannedSteps(state.calibration),
      steps: change.steps,
      minutes,
      calibration,
    });
    return { ...state, calibration };
  };
}
