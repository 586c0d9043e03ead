import type { RunConfiguration } from './configuration.ts';
import { movingAverage, type Curve } from './curves.ts';
import type { Metrics } from './metrics.ts';
import type { Suggestion } from './diagnostic.ts';

/** What is looked at. */
export interface DiagnosticInput {
  /** The whole run in some hundred buckets, with loss, learningRate, gradientNorm and tokensPerSecond. */
  readonly metrics: Pick<Metrics, 'step' | 'elapsedSeconds' | 'series' | 'evaluations'>;
  readonly configuration: RunConfiguration;
  /** Planned optimizer steps. */
  readonly steps: number | undefined;
  readonly vocabularySize: number | undefined;
  /** What a step took when such a run was measured, at its start or before it. */
  readonly measuredSecondsPerStep?: number | undefined;
  /** Tokens of the validation part. */
  readonly validationTokens: number | undefined;
  /** Steps at which the guard refused a step and the run went back. */
  readonly rollbacks: readonly { readonly step: number; readonly toStep: number }[];
  /** Whether the guard ended the run. */
  readonly guardStopped: boolean;
}

/** The curves as the rules see them. */
export interface CurveAnalysis extends DiagnosticInput {
  readonly step: readonly number[];
  readonly loss: Curve;
  /** Largest loss in each bucket. */
  readonly lossPeaks: Curve;
  /** Loss without its noise. */
  readonly trend: Curve;
  readonly gradientPeaks: Curve;
  readonly gradients: Curve;
  readonly lastStep: number;
}

/** The curves made ready for the rules. */
export function analyseCurves(input: DiagnosticInput): CurveAnalysis {
  const { step, series } = input.metrics;
  const loss = series.loss?.mean ?? [];
  return {
    ...input,
    step,
    loss,
    lossPeaks: series.loss?.max ?? [],
    trend: movingAverage(loss, Math.max(1, Math.round(loss.length / 40))),
    gradients: series.gradientNorm?.mean ?? [],
    gradientPeaks: series.gradientNorm?.max ?? [],
    lastStep: step.at(-1) ?? 0,
  };
}

/** A run needs this many steps before its curve says anything. */
export const fewestSteps = 50;

/** The training loss without its noise around a step. */
export function trendAt({ step, trend }: CurveAnalysis, wanted: number): number | undefined {
  const place = step.findIndex((each) => each >= wanted);
  return trend[place === -1 ? trend.length - 1 : place] ?? undefined;
}

/**
 * The step of the last measurement before something went wrong: where a branch would best begin. None where the run ends
 * there, since nothing would be left to train.
 */
export function branchPoint(
  { metrics, steps = Infinity }: Pick<CurveAnalysis, 'metrics' | 'steps'>,
  before: number,
): { readonly branchFrom?: number } {
  const point = metrics.evaluations.findLast(({ step, loss }) => step <= before && loss !== null);
  return point === undefined || point.step >= steps ? {} : { branchFrom: point.step };
}

/** Above this no learning rate is of use: then a usual one is a better guess than a part of it. */
const wildLearningRate = 0.01;
const usualLearningRate = 0.001;

/**
 * Another learning rate, to one significant digit, as people write them. The rate that the schedule ends with goes along
 * where it would be above the new one.
 */
export function learningRateChange(
  { training }: RunConfiguration,
  factor: number,
): Pick<Suggestion, 'change' | 'also'> {
  const { learningRate, minimumLearningRate, schedule } = training;
  const wanted = learningRate > wildLearningRate && factor < 1 ? usualLearningRate : learningRate * factor;
  const to = Number(wanted.toPrecision(1));
  return {
    change: { path: 'training.learningRate', from: learningRate, to },
    ...(schedule !== 'constant' && minimumLearningRate > to
      ? {
          also: [
            {
              path: 'training.minimumLearningRate',
              from: minimumLearningRate,
              to: Number((to / 10).toPrecision(1)),
            },
          ],
        }
      : {}),
  };
}
