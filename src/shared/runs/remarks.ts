import type { RunConfiguration } from './configuration.ts';
import { lowest, median, movingAverage, type Curve } from './curves.ts';
import type { EvaluationPoint, Metrics } from './metrics.ts';
import type { Remark } from './remark.ts';

/** What is looked at. */
export interface RemarkInput {
  /** The whole run in some hundred buckets, with loss, learningRate and gradientNorm. */
  readonly metrics: Pick<Metrics, 'step' | 'series' | 'evaluations'>;
  readonly configuration: RunConfiguration;
  /** Planned optimizer steps. */
  readonly steps: number | undefined;
  readonly vocabularySize: number | undefined;
  /** Tokens of the validation part. */
  readonly validationTokens: number | undefined;
  /** Steps at which the guard refused a step and the run went back. */
  readonly rollbacks: readonly { readonly step: number; readonly toStep: number }[];
  /** Whether the guard ended the run. */
  readonly guardStopped: boolean;
}

/** The curves as the rules see them. */
interface Sight extends RemarkInput {
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

/**
 * What is unusual about a run, at most one remark a kind, the gravest first. Every rule wants clear evidence: a remark on
 * a healthy curve would teach a person to read past them.
 */
export function remarksOn(input: RemarkInput): readonly Remark[] {
  const { step, series } = input.metrics;
  const loss = series.loss?.mean ?? [];
  const sight: Sight = {
    ...input,
    step,
    loss,
    lossPeaks: series.loss?.max ?? [],
    trend: movingAverage(loss, Math.max(1, Math.round(loss.length / 40))),
    gradients: series.gradientNorm?.mean ?? [],
    gradientPeaks: series.gradientNorm?.max ?? [],
    lastStep: step.at(-1) ?? 0,
  };
  const diverging = findDivergence(sight);
  return [
    diverging,
    diverging === undefined ? findBadStart(sight) : undefined,
    findOverfitting(sight),
    diverging === undefined ? findSpikes(sight) : undefined,
    diverging === undefined ? findStall(sight) : undefined,
    findSmallValidationPart(sight),
  ].filter((remark) => remark !== undefined);
}

/** A run needs this many steps before its curve says anything. */
const fewestSteps = 50;

/** The loss rose far above where it had been and stayed there, became no number, or the guard had to step in. */
function findDivergence(sight: Sight): Remark | undefined {
  const { trend, loss, step, rollbacks, guardStopped, configuration } = sight;
  const suggestion = (before: number) => ({
    change: learningRateChange(configuration, 1 / 3),
    ...branchPoint(sight, before),
  });
  const firstRollback = rollbacks[0];
  if (guardStopped || rollbacks.length >= 2) {
    const at = firstRollback?.step ?? sight.lastStep;
    return {
      kind: 'diverging',
      step: at,
      figures: { rollbacks: rollbacks.length },
      suggestion: suggestion(firstRollback?.toStep ?? at),
    };
  }
  if (sight.lastStep < fewestSteps) return undefined;

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
function findBadStart({ metrics, vocabularySize, configuration }: Sight): Remark | undefined {
  const first = metrics.evaluations[0];
  if (vocabularySize === undefined || first === undefined || first.loss === null) return undefined;
  const guessing = Math.log(vocabularySize);
  if (first.step < configuration.training.warmupSteps || first.loss <= guessing + 0.05) return undefined;
  return {
    kind: 'worseThanGuessing',
    step: first.step,
    figures: { loss: first.loss, guessing },
    suggestion: { change: learningRateChange(configuration, 1 / 3) },
  };
}

/** The loss on unseen text rises for several measurements while that on the training text goes on falling. */
function findOverfitting(sight: Sight): Remark | undefined {
  const points = sight.metrics.evaluations.flatMap((point) =>
    point.loss === null ? [] : [{ step: point.step, loss: point.loss }],
  );
  const bestPlace = lowest(points.map(({ loss }) => loss));
  const best = bestPlace === undefined ? undefined : points[bestPlace];
  const last = points.at(-1);
  if (bestPlace === undefined || best === undefined || last === undefined) return undefined;
  const later = points.slice(bestPlace + 1);
  const margin = Math.max(0.02, 0.02 * best.loss);
  if (later.length < 3 || later.slice(-2).some(({ loss }) => loss < best.loss + margin)) return undefined;
  const trainedThen = trendAt(sight, best.step);
  const trainedNow = trendAt(sight, last.step);
  if (trainedThen === undefined || trainedNow === undefined || trainedNow > trainedThen - 0.02)
    return undefined;
  return {
    kind: 'overfitting',
    step: best.step,
    figures: { best: best.loss, now: last.loss, training: trainedNow },
    suggestion: { change: regularization(sight.configuration, best.step), ...branchPoint(sight, best.step) },
  };
}

/** The gradient norm and with it the loss jump up again and again. */
function findSpikes(sight: Sight): Remark | undefined {
  const { gradientPeaks, gradients, lossPeaks, trend, step, configuration } = sight;
  const { warmupSteps } = configuration.training;
  const noise = median(
    lossPeaks.flatMap((peak, index) => {
      const middle = trend[index];
      return peak === null || middle === null || middle === undefined ? [] : [Math.abs(peak - middle)];
    }),
  );
  if (noise === undefined || sight.lastStep < fewestSteps) return undefined;
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
      change: learningRateChange(configuration, 1 / 2),
      ...branchPoint(sight, first.at),
    },
  };
}

/** The loss hardly fell at all, or for a long while not any more although the learning rate is still high. */
function findStall(sight: Sight): Remark | undefined {
  const { trend, step, configuration, lastStep, steps, vocabularySize } = sight;
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
      suggestion: { change: learningRateChange(configuration, learningRate >= 3e-3 ? 1 / 3 : 3) },
    };

  const rates = sight.metrics.series.learningRate?.last ?? [];
  const rateNow = rates.findLast((value) => value !== null) ?? 0;
  if (steps === undefined || lastStep > 0.6 * steps || lastStep < 1000 || rateNow < 0.7 * learningRate)
    return undefined;
  const from = step.findIndex((each) => each >= 0.5 * lastStep);
  const plateau = trend.slice(from).filter((value) => value !== null);
  const recent = sight.metrics.evaluations.filter((point) => point.step >= 0.5 * lastStep);
  const fell = (plateau[0] ?? end) - end;
  if (recent.length < 5 || Math.abs(fell) > 0.003 * end || !isFlat(recent)) return undefined;
  return {
    kind: 'stalled',
    step: step[from] ?? lastStep,
    figures: { start: plateau[0] ?? end, now: end },
    suggestion: { change: learningRateChange(configuration, 1 / 3), ...branchPoint(sight, lastStep) },
  };
}

function isFlat(points: readonly EvaluationPoint[]): boolean {
  const losses = points.flatMap(({ loss }) => (loss === null ? [] : [loss]));
  const half = Math.floor(losses.length / 2);
  const before = median(losses.slice(0, half));
  const after = median(losses.slice(half));
  return before !== undefined && after !== undefined && Math.abs(before - after) < 0.003 * after;
}

/** Validation tokens below which two measurements differ by chance alone about as much as two runs do. */
const fewestValidationTokens = 2000;

function findSmallValidationPart({ validationTokens, metrics, configuration }: Sight): Remark | undefined {
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

/** The training loss without its noise around a step. */
function trendAt({ step, trend }: Sight, wanted: number): number | undefined {
  const place = step.findIndex((each) => each >= wanted);
  return trend[place === -1 ? trend.length - 1 : place] ?? undefined;
}

/** The step of the last measurement before something went wrong: where a branch would best begin. */
function branchPoint({ metrics }: Pick<Sight, 'metrics'>, before: number): { readonly branchFrom?: number } {
  const point = metrics.evaluations.findLast(({ step, loss }) => step <= before && loss !== null);
  return point === undefined ? {} : { branchFrom: point.step };
}

/** Above this no learning rate is of use: then a usual one is a better guess than a part of it. */
const wildLearningRate = 0.01;
const usualLearningRate = 0.001;

/** To one significant digit, as people write learning rates. */
function learningRateChange({ training }: RunConfiguration, factor: number) {
  const { learningRate } = training;
  const wanted = learningRate > wildLearningRate && factor < 1 ? usualLearningRate : learningRate * factor;
  return { path: 'training.learningRate', from: learningRate, to: Number(wanted.toPrecision(1)) };
}

function regularization({ model }: RunConfiguration, bestStep: number) {
  return model.dropout < 0.2
    ? { path: 'model.dropout', from: model.dropout, to: model.dropout < 0.1 ? 0.1 : 0.2 }
    : { path: 'training.steps', from: null, to: bestStep };
}
