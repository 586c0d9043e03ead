import i18next from 'i18next';

/** What stands where there is no value. */
export const noValue = '–';

const locale = (): string => (typeof i18next.language === 'string' ? i18next.language : 'en');

type Maybe<T> = T | null | undefined;

function isMissing(value: Maybe<number>): value is null | undefined {
  return value === null || value === undefined || Number.isNaN(value);
}

const numberFormats = new Map<string, Intl.NumberFormat>();

function format(value: number, options: Intl.NumberFormatOptions): string {
  const key = JSON.stringify([locale(), options]);
  const known = numberFormats.get(key) ?? new Intl.NumberFormat(locale(), options);
  numberFormats.set(key, known);
  return known.format(value);
}

/** 1234567 → "1,234,567". */
export function formatCount(count: Maybe<number>): string {
  return isMissing(count) ? noValue : format(Math.round(count), { maximumFractionDigits: 0 });
}

/** 1234567 → "1.2M"; for places that have no room. */
export function formatCompact(count: Maybe<number>): string {
  return isMissing(count) ? noValue : format(count, { notation: 'compact', maximumSignificantDigits: 3 });
}

/** A number with at most so many digits after the point: 1.25 → "1.25". */
export function formatNumber(value: Maybe<number>, digits = 2): string {
  return isMissing(value) ? noValue : format(value, { maximumFractionDigits: digits });
}

/** 0.256 → "26%", with `digits` 1 "25.6%". */
export function formatPercent(share: Maybe<number>, digits = 0): string {
  return isMissing(share) ? noValue : format(share, { style: 'percent', maximumFractionDigits: digits });
}

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** 1234567 → "1.2 MB", in powers of 1000 as disks are sold and file managers count. */
export function formatBytes(bytes: Maybe<number>): string {
  if (isMissing(bytes)) return noValue;
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < byteUnits.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.5 ? 0 : 1;
  if (unit === 0) return `${format(Math.round(value), {})} B`;
  return format(value, {
    style: 'unit',
    unit: byteUnits[unit] ?? 'terabyte',
    unitDisplay: 'short',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

const unit = (
  value: number,
  name: 'day' | 'hour' | 'minute' | 'second' | 'millisecond',
  digits = 0,
): string =>
  format(value, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits });

/** 105 → "1 min 45 sec"; 0.42 → "0.4 sec"; 0.023 → "23 ms"; two units at most. */
export function formatDuration(seconds: Maybe<number>): string {
  if (isMissing(seconds)) return noValue;
  if (!Number.isFinite(seconds)) return '∞';
  if (seconds > 0 && seconds < 0.0995) return unit(Math.max(1, seconds * 1000), 'millisecond');
  if (seconds > 0 && seconds < 9.95) return unit(seconds, 'second', 1);
  const whole = Math.max(0, Math.round(seconds));
  const parts = (large: string, small: string | undefined) => [large, small].filter(Boolean).join(' ');
  if (whole < 60) return unit(whole, 'second');
  if (whole < 3600)
    return parts(
      unit(Math.floor(whole / 60), 'minute'),
      whole % 60 === 0 ? undefined : unit(whole % 60, 'second'),
    );
  const minutes = Math.floor((whole % 3600) / 60);
  if (whole < 86_400)
    return parts(unit(Math.floor(whole / 3600), 'hour'), minutes === 0 ? undefined : unit(minutes, 'minute'));
  const hours = Math.floor((whole % 86_400) / 3600);
  return parts(unit(Math.floor(whole / 86_400), 'day'), hours === 0 ? undefined : unit(hours, 'hour'));
}

/** A short time to compare with another: 0.156 → "156 ms"; from a second on as any other duration. */
export function formatMilliseconds(seconds: Maybe<number>): string {
  return !isMissing(seconds) && seconds > 0 && seconds < 0.9995
    ? unit(Math.max(1, seconds * 1000), 'millisecond')
    : formatDuration(seconds);
}

/** A time still to come, no more exact than an estimate is: 127 → "2 min", 5200 → "1 hr 30 min". */
export function formatEstimate(seconds: Maybe<number>): string {
  if (isMissing(seconds)) return noValue;
  if (seconds < 50) return unit(Math.max(5, Math.ceil(seconds / 5) * 5), 'second');
  if (seconds < 3570) return unit(Math.max(1, Math.round(seconds / 60)), 'minute');
  return formatDuration(Math.round(seconds / 600) * 600);
}

/** "Mar 4, 2026, 2:05 PM", in the person's own time. */
export function formatMoment(moment: Maybe<string>): string {
  return moment === null || moment === undefined
    ? noValue
    : new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(moment));
}

const agoSteps = [
  { unit: 'minute', seconds: 60, below: 3600 },
  { unit: 'hour', seconds: 3600, below: 86_400 },
  { unit: 'day', seconds: 86_400, below: 7 * 86_400 },
] as const;

/** "now", "5 minutes ago", "yesterday"; the date where it is longer than a week ago. */
export function formatAgo(moment: Maybe<string>, now: Date = new Date()): string {
  if (moment === null || moment === undefined) return noValue;
  const then = new Date(moment);
  const seconds = (now.getTime() - then.getTime()) / 1000;
  const relative = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' });
  if (seconds < 45) return relative.format(0, 'second');
  const step = agoSteps.find(({ below }) => seconds < below);
  return step === undefined
    ? new Intl.DateTimeFormat(locale(), { dateStyle: 'medium' }).format(then)
    : relative.format(-Math.max(1, Math.round(seconds / step.seconds)), step.unit);
}

/** A loss in nats per token: 2.34567 → "2.346". */
export function formatLoss(loss: Maybe<number>): string {
  if (isMissing(loss)) return noValue;
  return Number.isFinite(loss)
    ? format(loss, { minimumFractionDigits: 3, maximumFractionDigits: 3 })
    : String(loss);
}

/** A learning rate: 0.00018 → "1.8e-4". */
export function formatRate(rate: Maybe<number>): string {
  if (isMissing(rate)) return noValue;
  return rate === 0 ? '0' : rate.toExponential(1).replace('.0e', 'e');
}

/** Parameters: 823296 → "823K", 124439808 → "124M". */
export function formatParameters(count: Maybe<number>): string {
  return formatCompact(count);
}
