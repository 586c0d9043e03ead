import { lowest } from './curves.ts';
import type { Diagnostic, Suggestion } from './diagnostic.ts';
import { branchPoint, trendAt, type CurveAnalysis } from './curve-analysis.ts';

/** Rules about the loss on text that the run does not train on. */

/** The loss on unseen text rises for several measurements while that on the training text goes on falling. */
export function findOverfitting(curves: CurveAnalysis): Diagnostic | undefined {
  const points = curves.metrics.evaluations.flatMap((point) =>
    point.loss === null ? [] : [{ step: point.step, loss: point.loss }],
  );
  const bestPlace = lowest(points.map(({ loss }) => loss));
  const best = bestPlace === undefined ? undefined : points[bestPlace];
  const last = points.at(-1);
  if (bestPlace === undefined || best === undefined || last === undefined) return undefined;
  const later = points.slice(bestPlace + 1);
  const margin = Math.max(0.02, 0.02 * best.loss);
  if (later.length < 3 || later.slice(-2).some(({ loss }) => loss < best.loss + margin)) return undefined;
  const trainedThen = trendAt(curves, best.step);
  const trainedNow = trendAt(curves, last.step);
  if (trainedThen === undefined || trainedNow === undefined || trainedNow > trainedThen - 0.02)
    return undefined;
  return {
    kind: 'overfitting',
    step: best.step,
    figures: { best: best.loss, now: last.loss, training: trainedNow },
    suggestion: againstOverfitting(curves, best.step),
  };
}

/**
 * Dropout first: a branch from the best checkpoint can take it. Where there is much of it already, or the model has none, a run that ends where
 * this one was best; that is a new run, since a branch from there would have nothing left to do.
 */
function againstOverfitting(curves: CurveAnalysis, bestStep: number): Suggestion {
  const { dropout } = curves.configuration.model;
  return dropout !== undefined && dropout < 0.2
    ? {
        change: { path: 'model.dropout', from: dropout, to: dropout < 0.1 ? 0.1 : 0.2 },
        ...branchPoint(curves, bestStep),
      }
    : { change: { path: 'training.steps', from: curves.steps ?? null, to: bestStep } };
}

/** Validation tokens below which two measurements differ by chance alone about as much as two runs do. */
const fewestValidationTokens = 2000;

export function findSmallValidationPart({
  validationTokens,
  metrics,
  configuration,
}: CurveAnalysis): Diagnostic | undefined {
  if (validationTokens === undefined || validationTokens >= fewestValidationTokens) return undefined;
  const { validationFraction } = configuration.data;
  const wanted = Number(((validationFraction * fewestValidationTokens) / validationTokens).toFixed(2));
  return {
    kind: 'validationPartSmall',
    step: metrics.evaluations[0]?.step ?? 0,
    figures: { tokens: validationTokens },
    // Half of the text for validation leaves too little to learn from: then it takes more text.
    ...(wanted > validationFraction && wanted <= 0.4
      ? { suggestion: { change: { path: 'data.validationFraction', from: validationFraction, to: wanted } } }
      : {}),
  };
}
