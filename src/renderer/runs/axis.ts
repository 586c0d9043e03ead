import type { Metrics } from '../../shared/runs/metrics.ts';
import { formatCompact, formatCount, formatDuration } from '../format/format.ts';
import { nearestPlace, type ChartRange } from '../components/chart/chart-lines.ts';
import type { ChartAxis } from './chart-axes.ts';
import type { StepRange } from './use-run-metrics.ts';

type Curves = Pick<Metrics, 'step' | 'elapsedSeconds' | 'tokens'>;

/** What the x axis counts, for each bucket. */
export function axisValues(metrics: Curves, axis: ChartAxis): readonly number[] {
  switch (axis) {
    case 'step':
      return metrics.step;
    case 'time':
      return metrics.elapsedSeconds;
    case 'tokens':
      return metrics.tokens;
    default:
      return axis satisfies never;
  }
}

/** Where a step lies on the axis. */
export function placeOfStep(metrics: Curves, axis: ChartAxis, step: number): number | undefined {
  if (axis === 'step') return step;
  return interpolate(metrics.step, axisValues(metrics, axis), step);
}

/** Steps shown, as a stretch of the axis. */
export function rangeOnAxis(metrics: Curves, axis: ChartAxis, range: StepRange): ChartRange | undefined {
  const min = placeOfStep(metrics, axis, range.from);
  const max = placeOfStep(metrics, axis, range.to);
  return min === undefined || max === undefined || max <= min ? undefined : { min, max };
}

/** A stretch of the axis, in steps; at least a few, and none before the first or after the last. */
export function rangeInSteps(
  metrics: Curves & Pick<Metrics, 'extent'>,
  axis: ChartAxis,
  range: ChartRange,
): StepRange | undefined {
  const { extent } = metrics;
  if (extent === undefined) return undefined;
  const from = axis === 'step' ? range.min : interpolate(axisValues(metrics, axis), metrics.step, range.min);
  const to = axis === 'step' ? range.max : interpolate(axisValues(metrics, axis), metrics.step, range.max);
  if (from === undefined || to === undefined) return undefined;
  const whole = extent.last - extent.first;
  const width = Math.max(4, to - from);
  if (width >= whole) return undefined;
  const begin = Math.min(Math.max(extent.first, from), extent.last - width);
  return { from: begin, to: begin + width };
}

/** The value of a growing function, given by points, between and beyond them. */
function interpolate(from: readonly number[], to: readonly number[], wanted: number): number | undefined {
  if (from.length < 2) return undefined;
  const nearest = nearestPlace(from, wanted);
  const left = Math.max(0, Math.min(from.length - 2, (from[nearest] ?? 0) > wanted ? nearest - 1 : nearest));
  const x0 = from[left] ?? 0;
  const x1 = from[left + 1] ?? x0;
  const y0 = to[left] ?? 0;
  const y1 = to[left + 1] ?? y0;
  return x1 === x0 ? y0 : y0 + ((wanted - x0) / (x1 - x0)) * (y1 - y0);
}

const shortStep = (value: number): string => (value >= 1e5 ? formatCompact(value) : formatCount(value));

/** How a place on the axis is read. */
export const axisFormats: Readonly<Record<ChartAxis, (value: number) => string>> = {
  step: shortStep,
  time: formatDuration,
  tokens: formatCompact,
};

/** How the axis itself writes it, where there is little room. */
export const axisTicks: Readonly<Record<ChartAxis, (value: number) => string>> = {
  step: shortStep,
  time: formatClock,
  tokens: formatCompact,
};

/** 95 → "1:35", 5400 → "1:30:00". */
function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours === 0 ? `${minutes}:${two(whole % 60)}` : `${hours}:${two(minutes)}:${two(whole % 60)}`;
}
