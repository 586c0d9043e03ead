import { expect, test } from 'vitest';
import { rowWindow, scrollTopFor, tallest } from '../../../src/renderer/components/row-window.ts';

const view = { rowHeight: 30, viewHeight: 600, overscan: 2 };

test('only the rows in view and a few around them are drawn, each where it belongs', () => {
  expect(rowWindow({ ...view, count: 1000, scrollTop: 0 })).toEqual({
    height: 30_000,
    first: 0,
    end: 22,
    top: 0,
  });
  expect(rowWindow({ ...view, count: 1000, scrollTop: 3015 })).toEqual({
    height: 30_000,
    first: 98,
    end: 123,
    top: 98 * 30,
  });
  expect(rowWindow({ ...view, count: 5, scrollTop: 0 })).toMatchObject({ height: 150, first: 0, end: 5 });
  expect(rowWindow({ ...view, count: 0, scrollTop: 0 })).toMatchObject({ height: 0, first: 0, end: 0 });
});

test('a million rows fit below the tallest element that Chromium draws', () => {
  const { height } = rowWindow({ ...view, count: 1_000_000, scrollTop: 0 });
  expect(height).toBe(30_000_000);
});

test('of ten million rows the first, the last and one between can be reached', () => {
  const count = 10_000_000;
  const end = tallest - view.viewHeight;
  expect(rowWindow({ ...view, count, scrollTop: 0 })).toMatchObject({ height: tallest, first: 0 });
  const last = rowWindow({ ...view, count, scrollTop: end });
  expect(last.end).toBe(count);
  // The last row ends where the element does.
  expect(last.top + (last.end - last.first) * view.rowHeight).toBeCloseTo(tallest, 0);
  const middle = rowWindow({ ...view, count, scrollTop: end / 2 });
  expect(Math.abs(middle.first - count / 2)).toBeLessThan(30);
});

test('going to a row scrolls as little as shows it whole, in short lists and in long ones', () => {
  for (const count of [1000, 10_000_000])
    for (const row of [0, 7, count / 2, count - 1]) {
      const place = { count, rowHeight: 30, viewHeight: 600 };
      const scrollTop = scrollTopFor(row, { ...place, scrollTop: 0 });
      const { first, top } = rowWindow({ ...place, scrollTop, overscan: 0 });
      const rowTop = top + (row - first) * 30;
      expect(rowTop).toBeGreaterThanOrEqual(scrollTop - 0.5);
      expect(rowTop + 30).toBeLessThanOrEqual(scrollTop + 600.5);
      // It is in view now: nothing moves.
      expect(scrollTopFor(row, { ...place, scrollTop })).toBeCloseTo(scrollTop, 3);
    }
});
