import { lowest, median } from './curves.ts';
import type { EvaluationPoint } from './metrics.ts';
import type { Diagnostic } from './diagnostic.ts';
import { branchPoint, fewestSteps, learningRateChange, type CurveAnalysis } from './curve-analysis.ts';

/** Rules about the training loss. */

/** The loss rose far above where it had been and stayed there, became no number, or the guard had to step in. */
export function findDivergence(curves: CurveAnalysis): Diagnostic | undefined {
  const { trend, loss, step, rollbacks, guardStopped, configuration } = curves;
  const suggestion = (before: number) => ({
    ...learningRateChange(configuration, 1 / 3),
    ...branchPoint(curves, before),
  });
  const firstRollback = rollbacks[0];
  if (guardStopped || rollbacks.length >= 2) {
    const at = firstRollback?.step ?? curves.lastStep;
    return {
      kind: 'diverging',
      step: at,
      figures: { rollbacks: rollbacks.length },
      suggestion: suggestion(firstRollback?.toStep ?? at),
    };
  }
  if (curves.lastStep < fewestSteps) return undefined;

  const hole = loss.findIndex((value) => value === null);
  const holes = loss.filter((value) => value === null).length;
  if (hole !== -1 && holes >= 2) {
    const at = step[hole] ?? 0;
    return { kind: 'diverging', step: at, figures: {}, suggestion: suggestion(at) };
  }
  const bottom = lowest(trend);
  if (bottom === undefined) return undefined;
  const low = trend[bottom] ?? 0;
  const high = trend.find((value) => value !== null) ?? low;
  const afterwards = trend.slice(bottom).filter((value) => value !== null);
  const tail = afterwards.slice(-Math.max(3, Math.ceil(loss.length / 20)));
  const rise = (median(tail) ?? low) - low;
  const sustained = afterwards.length >= 2 * tail.length && Math.min(...tail) > low + 0.25;
  if (!sustained || rise < 0.25 || rise < 0.3 * (high - low)) return undefined;
  const began = trend.findIndex((value, index) => index > bottom && value !== null && value > low + rise / 3);
  const at = step[began === -1 ? bottom : began] ?? 0;
  return {
    kind: 'diverging',
    step: at,
    figures: { lowest: low, now: low + rise },
    suggestion: suggestion(step[bottom] ?? at),
  };
}

/** The first measurement on unseen text was worse than giving every token the same chance. */
export function findBadStart({
  metrics,
  vocabularySize,
  configuration,
}: CurveAnalysis): Diagnostic | undefined {
  const first = metrics.evaluations[0];
  if (vocabularySize === undefined || first === undefined || first.loss === null) return undefined;
  const guessing = Math.log(vocabularySize);
  if (first.step < configuration.training.warmupSteps || first.loss <= guessing + 0.05) return undefined;
  return {
    kind: 'worseThanGuessing',
    step: first.step,
    figures: { loss: first.loss, guessing },
    suggestion: { ...learningRateChange(configuration, 1 / 3) },
  };
}

/** The loss hardly fell at all, or for a long while not any more although the learning rate is still high. */
export function findStall(curves: CurveAnalysis): Diagnostic | undefined {
  const { trend, step, configuration, lastStep, steps, vocabularySize } = curves;
  const { warmupSteps, learningRate } = configuration.training;
  const start = trend.find((value) => value !== null);
  const end = trend.findLast((value) => value !== null);
  if (start === undefined || start === null || end === undefined || end === null) return undefined;
  // A branch begins with a model that has learnt already: it may well hardly move.
  const knowsNothing = vocabularySize !== undefined && end > 0.8 * Math.log(vocabularySize);
  if (knowsNothing && lastStep >= 200 + warmupSteps && start - end < 0.05 * start)
    return {
      kind: 'stalled',
      step: lastStep,
      figures: { start, now: end },
      suggestion: { ...learningRateChange(configuration, learningRate >= 3e-3 ? 1 / 3 : 3) },
    };

  const rates = curves.metrics.series.learningRate?.last ?? [];
  const rateNow = rates.findLast((value) => value !== null) ?? 0;
  if (steps === undefined || lastStep > 0.6 * steps || lastStep < 1000 || rateNow < 0.7 * learningRate)
    return undefined;
  const from = step.findIndex((each) => each >= 0.5 * lastStep);
  const plateau = trend.slice(from).filter((value) => value !== null);
  const recent = curves.metrics.evaluations.filter((point) => point.step >= 0.5 * lastStep);
  const fell = (plateau[0] ?? end) - end;
  if (recent.length < 5 || Math.abs(fell) > 0.003 * end || !isFlat(recent)) return undefined;
  return {
    kind: 'stalled',
    step: step[from] ?? lastStep,
    figures: { start: plateau[0] ?? end, now: end },
    suggestion: { ...learningRateChange(configuration, 1 / 3), ...branchPoint(curves, lastStep) },
  };
}

function isFlat(points: readonly EvaluationPoint[]): boolean {
  const losses = points.flatMap(({ loss }) => (loss === null ? [] : [loss]));
  const half = Math.floor(losses.length / 2);
  const before = median(losses.slice(0, half));
  const after = median(losses.slice(half));
  return before !== undefined && after !== undefined && Math.abs(before - after) < 0.003 * after;
}
