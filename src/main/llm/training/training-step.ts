import type { TrainingConfiguration } from '../../../shared/runs/configuration.ts';
import type { ModelShape } from '../../../shared/models/model-shape.ts';
import type { SplitCounts } from '../objectives/example-format.ts';
import type { Objective } from '../objectives/objective.ts';
import { clippingScale } from './gradient-clipping.ts';
import { learningRateAt, type LearningRateSchedule } from './learning-rate.ts';
import { judgeStep, rememberLoss, type Verdict } from './loss-guard.ts';
import type { MicroBatches } from './micro-batches.ts';
import type { ModelParameters } from './model-parameters.ts';
import type { RunState } from './run-state.ts';
import { positionInSchedule } from './step-plan.ts';

/** What a step works on. */
export interface StepInputs {
  readonly configuration: TrainingConfiguration;
  readonly schedule: LearningRateSchedule;
  readonly objective: Objective;
  readonly shape: ModelShape;
  /** The examples to train on. */
  readonly examples: SplitCounts;
  readonly parameters: ModelParameters;
  readonly microBatches: MicroBatches;
}

export interface StepOutcome {
  /** The state after the step; of a step that was refused, the state before it. */
  readonly state: RunState;
  /** Tokens of the batch. */
  readonly tokens: number;
  readonly loss: number;
  readonly gradientNorm: number;
  readonly learningRate: number;
  readonly verdict: Verdict;
  /** The guard refused the step: nothing was updated. */
  readonly refused: boolean;
}

/**
 * One optimizer step: draw a batch, add up its gradients over the micro-batches, let the guard look at loss and
 * gradient, clip, and update the parameters.
 */
export async function trainingStep(state: RunState, inputs: StepInputs): Promise<StepOutcome> {
  const { configuration, schedule, objective, shape, examples, parameters, microBatches } = inputs;
  const { batchSize, beta1, beta2, epsilon, weightDecay, gradientClipping, guard, seed } = configuration;
  const step = state.step + 1;

  const { batch, state: sampler } = objective.drawBatch({
    split: examples,
    shape,
    batchSize,
    seed,
    state: state.sampler,
  });
  const tokens = batch.sequences * batch.sequenceLength;
  const loss = await microBatches.computeGradients(batch, step);
  const gradientNorm = await parameters.trained.gradientNorm();
  const learningRate =
    learningRateAt(positionInSchedule(step, state.calibration), schedule) * state.learningRateFactor;

  const verdict = judgeStep(state.guard, loss, gradientNorm, guard.lossSpike);
  if (verdict.kind !== 'fine' && guard.action !== 'warn') {
    return { state, tokens, loss, gradientNorm, learningRate, verdict, refused: true };
  }
  // Gradients that are not finite would destroy every parameter: such a step passes without an update.
  if (verdict.kind !== 'notFinite') {
    const gradientScale = clippingScale(gradientNorm, gradientClipping);
    await parameters.trained.adamW({ step, learningRate, beta1, beta2, epsilon, weightDecay, gradientScale });
  }
  const next: RunState = {
    ...state,
    step,
    tokens: state.tokens + tokens,
    sampler,
    guard: verdict.kind === 'notFinite' ? state.guard : rememberLoss(state.guard, loss),
  };
  return { state: next, tokens, loss, gradientNorm, learningRate, verdict, refused: false };
}
