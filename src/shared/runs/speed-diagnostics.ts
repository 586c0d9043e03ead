import { median, movingAverage } from './curves.ts';
import type { Diagnostic } from './diagnostic.ts';
import { branchPoint, fewestSteps, type CurveAnalysis } from './curve-analysis.ts';

/** Rules about how fast a run is. */

/** A run counts as slowed down below this share of its former speed. */
const slowShare = 0.75;

/** For so long, in seconds, and over this share of the run. */
const shortestStretch = 60;
const shareOfRun = 0.1;

/** From some step to the present, far fewer tokens a second than before. */
export function findSlowdown(curves: CurveAnalysis): Diagnostic | undefined {
  const { step, metrics, lastStep, configuration } = curves;
  const speeds = movingAverage(metrics.series.tokensPerSecond?.mean ?? [], 1);
  if (lastStep < fewestSteps || speeds.length < 20) return undefined;
  const usual = median(
    speeds
      .filter((speed) => speed !== null)
      .toSorted((one, other) => other - one)
      .slice(0, Math.ceil(speeds.length / 2)),
  );
  if (usual === undefined) return undefined;
  const isFast = (speed: number | null): boolean => speed !== null && speed >= slowShare * usual;
  const from = speeds.findLastIndex(isFast) + 1;
  const slow = speeds.slice(from).filter((speed) => speed !== null);
  const now = median(slow);
  const before = median(speeds.slice(0, from).filter((speed) => speed !== null));
  if (now === undefined || before === undefined || now > slowShare * before) return undefined;
  const seconds = (metrics.elapsedSeconds.at(-1) ?? 0) - (metrics.elapsedSeconds[from] ?? 0);
  if (seconds < shortestStretch || slow.length < Math.max(5, shareOfRun * speeds.length)) return undefined;
  const { threads } = configuration.engine;
  return {
    kind: 'slowdown',
    step: step[from] ?? lastStep,
    figures: { before, now, share: 1 - now / before },
    ...(threads === undefined || threads < 2
      ? {}
      : {
          suggestion: {
            change: { path: 'engine.threads', from: threads, to: threads - 1 },
            ...branchPoint(curves, lastStep),
          },
        }),
  };
}

/** A run counts as slower than was measured above so many times the time of a step. */
const slowTimes = 1.6;

/** Over the whole run a step takes far longer than when it was measured, so that an estimate made of that is too short. */
export function findSlowerThanMeasured({
  metrics,
  lastStep,
  configuration,
  measuredSecondsPerStep,
}: CurveAnalysis): Diagnostic | undefined {
  const speeds = (metrics.series.tokensPerSecond?.mean ?? []).filter((speed) => speed !== null && speed > 0);
  const speed = median(speeds.filter((each) => each !== null));
  if (measuredSecondsPerStep === undefined || speed === undefined || lastStep < 20) return undefined;
  if ((metrics.elapsedSeconds.at(-1) ?? 0) < shortestStretch / 2) return undefined;
  const now = (configuration.training.batchSize * configuration.model.contextLength) / speed;
  const times = now / measuredSecondsPerStep;
  return times < slowTimes
    ? undefined
    : {
        kind: 'slowerThanMeasured',
        step: metrics.step[0] ?? lastStep,
        figures: { measured: measuredSecondsPerStep, seconds: now, times },
      };
}
