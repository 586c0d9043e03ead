import { LoamError } from '../../../shared/errors.ts';
import type { TrainingEnd } from '../../../shared/runs/events.ts';
import type { TrainingJob, TrainingResult } from './job.ts';
import { checkpointIsDue, endOfRun, evaluationIsDue } from './milestones.ts';
import { evaluateHere, reportStep, rollBack, saveHere } from './between-steps.ts';
import { createReplanning } from './replanning.ts';
import type { RunState } from './run-state.ts';
import { openSession, type Session } from './session.ts';
import { plannedSteps } from './step-plan.ts';
import { trainingStep } from './training-step.ts';

export type { TrainingJob, TrainingResult } from './job.ts';

/**
 * Trains until the run is done, its time is up, its patience is spent, the guard stops it, or `signal` asks for a pause.
 * Each of these ends leaves a checkpoint of the step it came at (a pause before the first step has nothing to save).
 *
 * The losses are a function of text, configuration, calibration and engine: a run that was paused or killed and then
 * resumed has bitwise the losses of one that was not.
 * @throws LoamError when the texts are too short, the configuration does not fit, or a checkpoint cannot be written or read
 */
export async function train(job: TrainingJob): Promise<TrainingResult> {
  let session: Session;
  try {
    session = await openSession(job);
  } catch (error) {
    if (job.signal.aborted && error instanceof LoamError && error.kind === 'interrupted')
      return { end: 'paused', step: 0 };
    throw error;
  }
  try {
    return await trainUntilEnd(session);
  } finally {
    await session.close();
  }
}

/** Between two steps: evaluate, save, end or pause where that is due. Then the next step. */
async function trainUntilEnd(session: Session): Promise<TrainingResult> {
  const { job, configuration, meter } = session;
  const replan = createReplanning(session);
  let state = session.state;
  for (;;) {
    const end = endOfRun(state, configuration, meter.evaluationSeconds(session.validationPredictions));
    if (evaluationIsDue(state, configuration, end !== undefined)) {
      const evaluated = await evaluateHere(state, session, end !== undefined);
      if (evaluated === 'interrupted') return leave('paused', state, session);
      state = evaluated;
      continue; // it may have ended the run
    }
    if (checkpointIsDue(state, configuration, end !== undefined)) await saveHere(state, session);
    if (end !== undefined) return leave(end, state, session);
    if (job.signal.aborted) return leave('paused', state, session);

    const started = job.clock();
    const outcome = await trainingStep(state, session);
    if (outcome.refused) {
      const restored = await rollBack(state, session, outcome.verdict);
      if (restored === 'stopped') return leave('guardStopped', state, session);
      state = restored;
      continue;
    }
    state = { ...outcome.state, elapsedSeconds: session.elapsedSeconds() };
    const seconds = job.clock() - started;
    meter.recordStep(seconds, outcome.tokens);
    reportStep(state, session, outcome);
    state = replan(state, seconds);
  }
}

/** Saves what is not saved yet and says how the session ended. */
async function leave(end: TrainingEnd, state: RunState, session: Session): Promise<TrainingResult> {
  const { checkpoints, job } = session;
  const cut = plannedSteps(state.calibration) - state.step;
  if (end === 'timeBudget' && cut > 0)
    job.onEvent({
      type: 'notice',
      step: state.step,
      message: `The time was up before the last ${cut === 1 ? 'step' : `${cut} steps`} of the plan, in which the learning rate falls to its end. To finish, branch from this checkpoint with more steps.`,
    });
  if (state.step > 0) await saveHere(state, session);
  const best = state.evaluations.best;
  const isThere = best !== undefined && checkpoints.list().some(({ step }) => step === best.step);
  return {
    end,
    step: state.step,
    ...(isThere ? { best: { ...best, folder: checkpoints.folder(best.step) } } : {}),
  };
}
