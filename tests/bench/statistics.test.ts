import { expect, test } from 'vitest';
import { measured, median } from '../../bench/harness/statistics.ts';

test('The median is the middle number, or the mean of the middle two', () => {
  expect(median([10, 9, 1])).toBe(9);
  expect(median([4, 1, 3, 100])).toBe(3.5);
  expect(median([])).toBeNaN();
});

test('What was measured keeps its spread', () => {
  expect(measured([3, 1, 2])).toEqual({ median: 2, lowest: 1, highest: 3, count: 3 });
});
