import { expect, test } from 'vitest';
import { quantile, summarizeFrames } from '../../bench/interface/frames.ts';

test('frames are summed up by what 95 % of them kept within, and by the longest', () => {
  const times = [...Array.from({ length: 95 }, () => 16.7), 33.3, 33.3, 33.3, 40, 120];
  expect(summarizeFrames(times)).toEqual({
    count: 100,
    median: 16.7,
    within95: 16.7,
    longest: 120,
    smooth: 0.98,
  });
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2);
  expect(quantile([1, 2, 3, 4], 1)).toBe(4);
  expect(quantile([], 0.5)).toBeNaN();
});
