import { formatEstimate } from '../../format/format.ts';
import type { RunEstimate } from '../../../shared/runs/estimate.ts';

const hour = 3600;
const day = 24 * hour;

/** A number with two digits that count: an estimate is no better than that. */
export function rounded(value: number): number {
  return Number(value.toPrecision(2));
}

/** A time to come, in whole hours where it is many, in whole days where it is several. */
export function roughTime(seconds: number): string {
  const unit = seconds >= 2 * day ? day : seconds >= 10 * hour ? hour : 1;
  return formatEstimate(Math.max(unit, Math.round(seconds / unit) * unit));
}

/** A time to come with how far it may be off, where that is worth saying. */
export function timeRange(
  { low, expected, high }: RunEstimate['training']['seconds'],
  t: (key: 'timeRange', values: { readonly low: string; readonly high: string }) => string,
): string {
  const [least, most] = [roughTime(low), roughTime(high)];
  return high / Math.max(low, 1) < 1.5 || least === most
    ? roughTime(expected)
    : t('timeRange', { low: least, high: most });
}
