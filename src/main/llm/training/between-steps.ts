import { LoamError } from '../../../shared/errors.ts';
import { begin } from './beginning.ts';
import { recordEvaluation } from './early-stopping.ts';
import type { Verdict } from './loss-guard.ts';
import { defaultEvaluationTokens } from './measure.ts';
import { checkpointInterval, endOfRun, remainingEvaluationTokens } from './milestones.ts';
import { isDue, removableCheckpoints, rollbackTarget } from './retention.ts';
import type { RunState } from './run-state.ts';
import { plannedSteps } from './step-plan.ts';
import type { Session } from './session.ts';
import type { StepOutcome } from './training-step.ts';

/** Tells of a step that was done. */
export function reportStep(
  state: RunState,
  session: Session,
  { loss, learningRate, gradientNorm, verdict }: StepOutcome,
): void {
  const { job, configuration, memory, meter } = session;
  const { step, tokens, elapsedSeconds, calibration } = state;
  if (verdict.kind !== 'fine') {
    const consequence =
      verdict.kind === 'notFinite' ? 'The parameters were not updated.' : 'The run goes on.';
    job.onEvent({ type: 'notice', step, message: `${verdict.reason} ${consequence}` });
  }
  const evaluationTokens = remainingEvaluationTokens(
    state,
    configuration.evaluationInterval,
    tokensOfAnEvaluation(session),
    session.validationPredictions,
  );
  const remaining = meter.remainingSeconds({ steps: plannedSteps(calibration) - step, evaluationTokens });
  const timeLeft =
    configuration.minutes === undefined ? Infinity : configuration.minutes * 60 - elapsedSeconds;
  job.onEvent({
    type: 'step',
    metrics: {
      step,
      loss,
      learningRate,
      gradientNorm,
      tokens,
      tokensPerSecond: meter.tokensPerSecond(),
      memoryBytes: memory.resident(),
      elapsedSeconds,
      remainingSeconds: Math.max(0, Math.min(remaining, timeLeft)),
    },
  });
}

/**
 * Measures the validation loss and writes a sample. Evaluations compete for the best checkpoint over the same tokens
 * each time; where the run ends, the whole split is evaluated besides, and that is what is told.
 * @returns the state with the evaluation taken in, or 'interrupted' when the job's signal aborted it
 */
export async function evaluateHere(
  state: RunState,
  session: Session,
  ending: boolean,
): Promise<RunState | 'interrupted'> {
  try {
    return await evaluateState(state, session, ending);
  } catch (error) {
    if (session.job.signal.aborted && error instanceof LoamError && error.kind === 'interrupted')
      return 'interrupted';
    throw error;
  }
}

async function evaluateState(before: RunState, session: Session, ending: boolean): Promise<RunState> {
  const { job, configuration, evaluator, meter } = session;
  const { step } = before;
  const measure = async (maximumPredictions: number) => {
    const started = job.clock();
    const evaluation = await evaluator.evaluate({
      split: job.data.validation,
      maximumPredictions,
      signal: job.signal,
    });
    meter.recordEvaluation(job.clock() - started, evaluation.predictions);
    return evaluation;
  };
  const report = ({ loss, figures, predictions, complete }: Awaited<ReturnType<typeof measure>>) => {
    job.onEvent({ type: 'evaluated', metrics: { step, loss, figures, predictions, complete } });
  };

  let state = before;
  if (state.latestEvaluation?.step !== step) {
    const evaluation = await measure(tokensOfAnEvaluation(session));
    const { loss, complete } = evaluation;
    state = {
      ...state,
      evaluations: recordEvaluation(state.evaluations, step, loss),
      latestEvaluation: { step, loss: Number.isFinite(loss) ? loss : undefined, complete },
    };
    const ends = ending || endOfRun(state, configuration, 0) !== undefined;
    if (complete || !ends) report(evaluation);
    await writeSample(step, session);
    if (!ends) return { ...state, elapsedSeconds: session.elapsedSeconds() };
  }
  if (state.latestEvaluation?.complete === false) {
    report(await measure(Infinity));
    state = { ...state, latestEvaluation: { ...state.latestEvaluation, complete: true } };
  }
  return { ...state, elapsedSeconds: session.elapsedSeconds() };
}

/** Predicted tokens of an evaluation during the run. */
export function tokensOfAnEvaluation({ configuration, validationPredictions }: Session): number {
  return Math.min(configuration.evaluationTokens ?? defaultEvaluationTokens, validationPredictions);
}

/** A sample that cannot be written is no reason to end a run. */
async function writeSample(step: number, { job, samples }: Session): Promise<void> {
  try {
    const sample = await samples.write(step);
    if (sample !== undefined) job.onEvent({ type: 'sample', step, ...sample });
  } catch (error) {
    if (!(error instanceof LoamError)) throw error;
    job.onEvent({ type: 'notice', step, message: `No sample could be written. ${error.message}` });
  }
}

/**
 * Writes a checkpoint unless the step's holds this state already, and removes those that the retention rule lets go. A
 * checkpoint that was saved before the step's evaluation, at a pause, is written anew with it.
 */
export async function saveHere(state: RunState, { job, checkpoints, configuration }: Session): Promise<void> {
  if (checkpoints.holds(state)) return;
  const { step, latestEvaluation } = state;
  const bestStep = state.evaluations.best?.step;
  const regular = bestStep === step || isDue(step, checkpointInterval(configuration));
  const { folder, bytes } = await checkpoints.save(state, regular);
  const loss = latestEvaluation?.step === step ? latestEvaluation.loss : undefined;
  job.onEvent({ type: 'checkpoint', step, folder, best: bestStep === step, loss, bytes });
  const kept = new Set(job.keptSteps?.());
  for (const removable of removableCheckpoints(checkpoints.list(), configuration.keepCheckpoints, bestStep)) {
    if (kept.has(removable.step)) continue;
    await remove(removable.step, job, checkpoints);
  }
}

async function remove(step: number, job: Session['job'], checkpoints: Session['checkpoints']): Promise<void> {
  const folder = checkpoints.folder(step);
  await checkpoints.remove(step);
  job.onEvent({ type: 'checkpointRemoved', step, folder });
}

/**
 * After a refused step: goes back to the newest due checkpoint, or to what the run began with, and halves the learning rate.
 * @returns the state to go on from, or 'stopped' when the guard is set to stop or has gone back often enough
 */
export async function rollBack(
  state: RunState,
  session: Session,
  verdict: Verdict,
): Promise<RunState | 'stopped'> {
  const { job, checkpoints, configuration, parameters } = session;
  const { action, maximumRollbacks } = configuration.guard;
  const reason = verdict.kind === 'fine' ? '' : verdict.reason;
  if (action === 'stop' || state.rollbacks >= maximumRollbacks) {
    const after = action === 'stop' ? '' : ` The run had gone back ${state.rollbacks} times already.`;
    job.onEvent({
      type: 'notice',
      step: state.step + 1,
      message: `${reason}${after} The run stops; try a lower learning rate.`,
    });
    return 'stopped';
  }
  const regular = rollbackTarget(checkpoints.list());
  const restored =
    regular === 0
      ? (await begin(job, parameters, checkpoints)).state(state.calibration)
      : await checkpoints.restore(regular);
  const target = restored.step;
  job.onEvent({ type: 'rolledBack', step: state.step + 1, toStep: target, reason });
  // What was saved since then, at a pause, belongs to a course that the run does not take.
  for (const { step } of checkpoints.list()) if (step > target) await remove(step, job, checkpoints);
  return {
    ...restored,
    // What was found out of the machine's pace since stays known.
    calibration: state.calibration,
    elapsedSeconds: session.elapsedSeconds(),
    rollbacks: state.rollbacks + 1,
    learningRateFactor: state.learningRateFactor / 2,
  };
}
