import { expect, test } from 'vitest';
import {
  formatAgo,
  formatBytes,
  formatCompact,
  formatCount,
  formatDuration,
  formatEstimate,
  formatLoss,
  formatMilliseconds,
  formatNumber,
  formatPercent,
  formatRate,
} from '../../../src/renderer/format/format.ts';

test('numbers are grouped, shortened, and cut to the digits that matter', () => {
  expect(formatCount(1234567)).toBe('1,234,567');
  expect(formatCount(0.4)).toBe('0');
  expect(formatCompact(1_234_567)).toBe('1.23M');
  expect(formatNumber(1.256)).toBe('1.26');
  expect(formatPercent(0.256)).toBe('26%');
  expect(formatPercent(0.2564, 1)).toBe('25.6%');
  expect(formatLoss(2.34567)).toBe('2.346');
  expect(formatRate(0.00018)).toBe('1.8e-4');
  expect(formatRate(0.001)).toBe('1e-3');
  expect(formatRate(0)).toBe('0');
});

test('what is not there is a dash, whatever would be shown', () => {
  for (const show of [formatCount, formatCompact, formatNumber, formatBytes, formatDuration, formatLoss])
    for (const missing of [undefined, null, Number.NaN]) expect(show(missing)).toBe('–');
  expect(formatAgo(undefined)).toBe('–');
});

test('sizes are in powers of 1000 and never read 1000 of a unit', () => {
  expect(formatBytes(0)).toBe('0 B');
  expect(formatBytes(999)).toBe('999 B');
  expect(formatBytes(999_950)).toBe('1.0 MB');
  expect(formatBytes(1_234_567)).toBe('1.2 MB');
  expect(formatBytes(123_456_789)).toBe('123 MB');
  expect(formatBytes(99_960_000)).toBe('100 MB');
  expect(formatBytes(5e15)).toBe('5,000 TB');
});

test('durations have two units at most and say no more than is known', () => {
  expect(formatDuration(0)).toBe('0 sec');
  expect(formatDuration(0.023)).toBe('23 ms');
  expect(formatDuration(0.0002)).toBe('1 ms');
  expect(formatDuration(0.42)).toBe('0.4 sec');
  expect(formatDuration(9.96)).toBe('10 sec');
  expect(formatDuration(59.6)).toBe('1 min');
  expect(formatDuration(105)).toBe('1 min 45 sec');
  expect(formatDuration(3600)).toBe('1 hr');
  expect(formatDuration(5400)).toBe('1 hr 30 min');
  expect(formatDuration(90_000)).toBe('1 day 1 hr');
  expect(formatDuration(Number.POSITIVE_INFINITY)).toBe('∞');
});

test('tells apart short times that are compared', () => {
  expect([0.156, 0.214, 0.9994].map(formatMilliseconds)).toEqual(['156 ms', '214 ms', '999 ms']);
  expect([0.9996, 1.25, 105].map(formatMilliseconds)).toEqual(['1 sec', '1.3 sec', '1 min 45 sec']);
  expect(formatMilliseconds(undefined)).toBe('–');
});

test('an estimate is no more exact than it can be', () => {
  expect(formatEstimate(3)).toBe('5 sec');
  expect(formatEstimate(42)).toBe('45 sec');
  expect(formatEstimate(127)).toBe('2 min');
  expect(formatEstimate(5200)).toBe('1 hr 30 min');
});

test('how long ago is told in words for a week, and then by the date', () => {
  const now = new Date('2026-03-10T12:00:00Z');
  expect(formatAgo('2026-03-10T11:59:50Z', now)).toBe('now');
  expect(formatAgo('2026-03-10T11:58:40Z', now)).toBe('1 minute ago');
  expect(formatAgo('2026-03-10T09:00:00Z', now)).toBe('3 hours ago');
  expect(formatAgo('2026-03-09T12:00:00Z', now)).toBe('yesterday');
  expect(formatAgo('2026-01-10T12:00:00Z', now)).toBe('Jan 10, 2026');
});
