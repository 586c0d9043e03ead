import { median, type Curve } from './curves.ts';
import type { Diagnostic } from './diagnostic.ts';
import { branchPoint, fewestSteps, learningRateChange, type CurveAnalysis } from './curve-analysis.ts';

/** Rules about jumps of the training loss. */

/** The gradient norm and with it the loss jump up again and again. */
export function findSpikes(curves: CurveAnalysis): Diagnostic | undefined {
  const { gradientPeaks, gradients, lossPeaks, trend, step, configuration } = curves;
  const { warmupSteps } = configuration.training;
  const noise = median(
    lossPeaks.flatMap((peak, index) => {
      const middle = trend[index];
      return peak === null || middle === null || middle === undefined ? [] : [Math.abs(peak - middle)];
    }),
  );
  if (noise === undefined || curves.lastStep < fewestSteps) return undefined;
  const spikes = gradientPeaks.flatMap((peak, index) => {
    const at = step[index] ?? 0;
    const lossPeak = lossPeaks[index];
    const middle = trend[index];
    if (peak === null || at <= warmupSteps || lossPeak === null || lossPeak === undefined) return [];
    if (middle === null || middle === undefined) return [];
    const usual = median(
      gradients.slice(Math.max(0, index - 20), index + 21).filter((value) => value !== null),
    );
    const jumps = usual !== undefined && peak > 6 * usual && lossPeak > middle + Math.max(0.2, 4 * noise);
    return jumps ? [{ at, times: peak / usual }] : [];
  });
  const first = spikes[0];
  if (first === undefined || spikes.length < 3) return undefined;
  return {
    kind: 'learningRateTooHigh',
    step: first.at,
    figures: { spikes: spikes.length, times: Math.max(...spikes.map(({ times }) => times)) },
    suggestion: {
      ...learningRateChange(configuration, 1 / 2),
      ...branchPoint(curves, first.at),
    },
  };
}

/** The gradient norm alone must jump so many times its usual size to be worth a word; the very first steps are always wild. */
const wildGradient = 20;
const wildSteps = 5;

/** The gradient norm jumps far, once or a few times, and the loss does not follow: the steps were cut short or went well. */
export function findGradientSpike({
  gradientPeaks,
  gradients,
  step,
  lastStep,
  configuration,
}: CurveAnalysis): Diagnostic | undefined {
  if (lastStep < fewestSteps) return undefined;
  const spikes = gradientPeaks.flatMap((peak, index) => {
    const at = step[index] ?? 0;
    const usual = middleOf(gradients, index);
    const jumps = peak !== null && usual !== undefined && at > wildSteps && peak > wildGradient * usual;
    return jumps ? [{ at, norm: peak, usual }] : [];
  });
  const [highest] = spikes.toSorted((one, other) => other.norm - one.norm);
  if (highest === undefined) return undefined;
  const { at, norm, usual } = highest;
  const { gradientClipping } = configuration.training;
  return {
    kind: 'gradientSpike',
    step: at,
    figures: { spikes: spikes.length, norm, usual, clipping: gradientClipping },
  };
}

/** A single jump must be as high as this, in nats, to be worth a word; several may be lower. */
const highJump = 1.5;
const fewJumps = 3;

/**
 * The loss itself jumps far above where it is, once or again and again, and comes back. What comes before counts as well as
 * what comes after, so that the steep fall at a run's start is no jump.
 */
export function findLossSpikes(curves: CurveAnalysis): Diagnostic | undefined {
  const { loss, lossPeaks, step, configuration, lastStep } = curves;
  const { warmupSteps, gradientClipping } = configuration.training;
  if (lastStep < fewestSteps) return undefined;
  const middles = loss.map((_, index) => middleOf(loss, index));
  const noise = median(
    lossPeaks.flatMap((peak, index) => {
      const middle = middles[index];
      return peak === null || middle === undefined ? [] : [Math.abs(peak - middle)];
    }),
  );
  if (noise === undefined) return undefined;
  const jumps = lossPeaks.flatMap((peak, index) => {
    const middle = middles[index];
    const at = step[index] ?? 0;
    if (peak === null || middle === undefined || at <= warmupSteps) return [];
    const height = peak - middle;
    return height > Math.max(0.5, 8 * noise)
      ? [{ at, height, to: peak, from: middle, before: step[index - 1] ?? 0 }]
      : [];
  });
  const [highest] = jumps.toSorted((one, other) => other.height - one.height);
  if (highest === undefined || (jumps.length < fewJumps && highest.height < highJump)) return undefined;
  return {
    kind: 'lossSpikes',
    step: highest.at,
    figures: { spikes: jumps.length, from: highest.from, to: highest.to },
    suggestion: {
      ...(gradientClipping === 0 || gradientClipping > 0.5
        ? {
            change: {
              path: 'training.gradientClipping',
              from: gradientClipping,
              to: gradientClipping === 0 || gradientClipping > 1 ? 1 : 0.5,
            },
          }
        : learningRateChange(configuration, 1 / 2)),
      ...branchPoint(curves, jumps[0]?.before ?? highest.before),
    },
  };
}

/** A curve around a bucket without it: the higher of the middles before and after. */
function middleOf(curve: Curve, index: number): number | undefined {
  const near = (from: number, to: number): number | undefined =>
    median(curve.slice(Math.max(0, from), Math.max(0, to)).filter((value) => value !== null));
  const before = near(index - 5, index);
  const after = near(index + 1, index + 6);
  return before === undefined || after === undefined ? undefined : Math.max(before, after);
}
