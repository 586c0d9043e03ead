import { median, smooth } from '../../shared/runs/curves.ts';
import type { MetricSeries, Metrics } from '../../shared/runs/metrics.ts';
import type { ChartLine } from '../components/chart/chart-lines.ts';
import { axisValues } from './axis.ts';
import type { ChartAxis } from './chart-axes.ts';

type LineLook = Pick<ChartLine, 'id' | 'label' | 'color' | 'dash'>;

/** A measured curve: its mean, smoothed as wanted, within the band of what was measured. */
export function metricLine(
  metrics: Metrics,
  series: MetricSeries,
  axis: ChartAxis,
  smoothing: number,
  look: LineLook,
  withBand = true,
): ChartLine {
  const curve = metrics.series[series];
  const x = axisValues(metrics, axis);
  if (curve === undefined) return { ...look, x: [], y: [] };
  const hasBand = withBand && (metrics.bucketSteps > 1 || smoothing > 0);
  return {
    ...look,
    x,
    y: smooth(curve.mean, smoothing),
    ...(hasBand ? { band: { low: curve.min, high: curve.max } } : {}),
  };
}

/** What was measured on the validation part as a line of points: the loss, or another figure by its name. */
export function evaluationLine(
  metrics: Metrics,
  axis: ChartAxis,
  look: LineLook,
  figure: string = 'loss',
): ChartLine {
  const points = metrics.evaluations.flatMap((point) => {
    const x = axis === 'step' ? point.step : axis === 'time' ? point.elapsedSeconds : point.tokens;
    return x === null ? [] : [{ x, y: figure === 'loss' ? point.loss : (point.figures[figure] ?? null) }];
  });
  return {
    ...look,
    x: points.map(({ x }) => x),
    y: points.map(({ y }) => y),
    points: points.length <= 120,
  };
}

/** Whether a curve has peaks so far above its usual values that these would lie flat on the axis. */
export function spreadsWide(metrics: Metrics, series: MetricSeries): boolean {
  const usual = median((metrics.series[series]?.mean ?? []).filter((value) => value !== null));
  const highest = Math.max(0, ...(metrics.series[series]?.max ?? []).filter((value) => value !== null));
  return usual !== undefined && usual > 0 && highest > 12 * usual;
}

/** A branch's measurements, beginning with the last of its parent up to the step where it begins. */
export function fromParent(
  line: ChartLine,
  parent: { readonly line: ChartLine; readonly step: number } | undefined,
): ChartLine {
  const last = parent?.line.x.findLastIndex((x) => x <= parent.step) ?? -1;
  const x = parent?.line.x[last];
  const first = line.x[0];
  if (parent === undefined || x === undefined || first === undefined || x >= first) return line;
  return { ...line, x: [x, ...line.x], y: [parent.line.y[last] ?? null, ...line.y] };
}
