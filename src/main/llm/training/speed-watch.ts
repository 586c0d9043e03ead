import type { Calibration, PlanChange } from '../../../shared/runs/events.ts';
import { plannedSteps } from './step-plan.ts';

/** A pace that differs from the planned one by less is not worth a new plan. */
const toleratedDeviation = 0.15;

/** Share of the time left that is planned for; the rest is for what comes in between. */
const plannedShare = 0.95;

/** A pace is judged over so many steps at least, and over this share of the time budget. */
const fewestSteps = 20;
const shareOfBudget = 0.05;

/** What a step takes, in seconds. */
export interface StepSpeed {
  readonly secondsPerStep: number;
  /** A step's share of evaluations, samples and checkpoints. */
  readonly secondsBetweenSteps: number;
}

/** Watches the pace of a session. The clock is read elsewhere. */
export interface SpeedWatch {
  /**
   * @param seconds what the step took
   * @param elapsedSeconds of the run, after the step
   * @returns the pace over a good while, now and then
   */
  recordStep(seconds: number, elapsedSeconds: number): StepSpeed | undefined;
}

export interface SpeedWatchOptions {
  readonly budgetSeconds: number;
  readonly evaluationInterval: number;
  /** Where the session begins. */
  readonly step: number;
  readonly elapsedSeconds: number;
  /** What happens between steps is measured over whole intervals; this is what it is expected to take until then. */
  readonly expectedBetweenSteps: number;
}

/**
 * Tells the pace of each stretch of a session that is long enough to say something. The longest step of a stretch is
 * left out: one that was held up says nothing of the others.
 */
export function createSpeedWatch(options: SpeedWatchOptions): SpeedWatch {
  const { budgetSeconds, evaluationInterval, elapsedSeconds: begin } = options;
  let step = options.step;
  let secondsOfSteps = 0;
  let stretch = { steps: 0, seconds: 0, longest: 0, since: begin };
  return {
    recordStep(seconds, elapsedSeconds) {
      step += 1;
      secondsOfSteps += seconds;
      stretch = {
        ...stretch,
        steps: stretch.steps + 1,
        seconds: stretch.seconds + seconds,
        longest: Math.max(stretch.longest, seconds),
      };
      const longEnough = elapsedSeconds - stretch.since >= shareOfBudget * budgetSeconds;
      if (!longEnough || stretch.steps < fewestSteps) return undefined;
      const secondsPerStep = (stretch.seconds - stretch.longest) / (stretch.steps - 1);
      stretch = { steps: 0, seconds: 0, longest: 0, since: elapsedSeconds };
      const intervals =
        Math.floor((step - 1) / evaluationInterval) - Math.floor(options.step / evaluationInterval);
      const secondsBetweenSteps =
        intervals > 0
          ? Math.max(0, elapsedSeconds - begin - secondsOfSteps) / (intervals * evaluationInterval)
          : options.expectedBetweenSteps;
      return { secondsPerStep, secondsBetweenSteps };
    },
  };
}

/**
 * A new number of steps where the pace is another than the one planned with: as many as fit into the time that is left,
 * at least one. Undefined where the plan stands.
 */
export function changeOfPlan(
  { step, elapsedSeconds, calibration }: ChangingRun,
  pace: StepSpeed,
  { seconds, secondsOfFinalEvaluation, expectedBetweenSteps }: RemainingBudget,
): PlanChange | undefined {
  const latest = calibration.changes?.at(-1);
  // A change that the record knows of is still to come: the run is on its way there again.
  if (calibration.keepsPlan === true || (latest !== undefined && step <= latest.step)) return undefined;
  const secondsPerStep = pace.secondsPerStep + pace.secondsBetweenSteps;
  const expected = latest?.secondsPerStep ?? calibration.secondsPerStep + expectedBetweenSteps;
  if (!(expected > 0) || Math.abs(secondsPerStep / expected - 1) <= toleratedDeviation) return undefined;
  const left = (seconds - elapsedSeconds - secondsOfFinalEvaluation) * plannedShare;
  const steps = step + Math.max(1, Math.floor(left / secondsPerStep));
  const before = plannedSteps(calibration);
  // With little left to do, or none, a new plan changes nothing that anyone would see.
  if (step >= before || Math.abs(steps - before) < Math.max(2, 0.01 * before)) return undefined;
  return { step, steps, secondsPerStep };
}

export interface ChangingRun {
  readonly step: number;
  readonly elapsedSeconds: number;
  readonly calibration: Calibration;
}

export interface RemainingBudget {
  /** The whole time budget. */
  readonly seconds: number;
  readonly secondsOfFinalEvaluation: number;
  /** A step's share of evaluations, as the calibration measured them. */
  readonly expectedBetweenSteps: number;
}
