import type { TrainingConfiguration } from '../../../shared/runs/configuration.ts';
import { readBatch, type Batch } from '../data/batch.ts';
import type { TokenSplit } from '../data/token-shards.ts';
import { createWindowSampler, type SamplerState } from '../data/window-sampler.ts';
import type { ParameterSet } from '../engines/engine.ts';
import { clippingScale } from './gradient-clipping.ts';
import { learningRateAt, type LearningRateSchedule } from './learning-rate.ts';
import { judgeStep, rememberLoss, type Verdict } from './loss-guard.ts';
import type { MicroBatches } from './micro-batches.ts';
import type { RunState } from './run-state.ts';
import { positionInSchedule } from './step-plan.ts';

/** What a step works on. */
export interface StepInputs {
  readonly configuration: TrainingConfiguration;
  readonly schedule: LearningRateSchedule;
  readonly contextLength: number;
  readonly text: TokenSplit;
  readonly parameters: ParameterSet;
  readonly microBatches: MicroBatches;
}

export interface StepOutcome {
  /** The state after the step; of a step that was refused, the state before it. */
  readonly state: RunState;
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
  const { configuration, schedule, contextLength, text, parameters, microBatches } = inputs;
  const { batchSize, beta1, beta2, epsilon, weightDecay, gradientClipping, guard, seed } = configuration;
  const step = state.step + 1;

  const { batch, sampler } = drawBatch(text, contextLength, batchSize, seed, state.sampler);
  const loss = await microBatches.computeGradients(batch, step);
  const gradientNorm = await parameters.gradientNorm();
  const learningRate =
    learningRateAt(positionInSchedule(step, state.calibration), schedule) * state.learningRateFactor;

  const verdict = judgeStep(state.guard, loss, gradientNorm, guard.lossSpike);
  if (verdict.kind !== 'fine' && guard.action !== 'warn') {
    return { state, loss, gradientNorm, learningRate, verdict, refused: true };
  }
  // Gradients that are not finite would destroy every parameter: such a step passes without an update.
  if (verdict.kind !== 'notFinite') {
    const gradientScale = clippingScale(gradientNorm, gradientClipping);
    await parameters.adamW({ step, learningRate, beta1, beta2, epsilon, weightDecay, gradientScale });
  }
  const next: RunState = {
    ...state,
    step,
    tokens: state.tokens + batchSize * contextLength,
    sampler,
    guard: verdict.kind === 'notFinite' ? state.guard : rememberLoss(state.guard, loss),
  };
  return { state: next, loss, gradientNorm, learningRate, verdict, refused: false };
}

/** The next batch of windows, and where the one after it begins. */
function drawBatch(
  text: TokenSplit,
  contextLength: number,
  batchSize: number,
  seed: number,
  state: SamplerState | undefined,
): { readonly batch: Batch; readonly sampler: SamplerState } {
  const sampler = createWindowSampler({
    tokens: text.tokens,
    contextLength,
    seed,
    ...(state === undefined ? {} : { state }),
  });
  const starts = Array.from({ length: batchSize }, () => sampler.next());
  return { batch: readBatch(text, starts, contextLength), sampler: sampler.state() };
}
