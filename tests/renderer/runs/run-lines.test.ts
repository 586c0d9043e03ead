import { expect, test } from 'vitest';
import { fromParent, spreadsWide } from '../../../src/renderer/runs/run-lines.ts';
import type { Metrics } from '../../../src/shared/runs/metrics.ts';

const line = (id: string, x: readonly number[], y: readonly number[]) =>
  ({ id, label: id, color: 1, x, y }) as const;

test('A branch’s measurements begin where its parent’s end, up to the step of the branch', () => {
  const parent = { line: line('parent', [250, 500, 750, 1000], [5, 4, 3, 2]), step: 750 };
  const branch = line('branch', [1000, 1250], [2.9, 2.8]);
  expect(fromParent(branch, parent)).toMatchObject({ id: 'branch', x: [750, 1000, 1250], y: [3, 2.9, 2.8] });
  expect(fromParent(branch, undefined)).toBe(branch);
  expect(fromParent(branch, { ...parent, step: 100 })).toBe(branch);
});

test('Only a curve with a peak far above its usual values spreads wide', () => {
  const metrics = (max: readonly number[]) => {
    const mean = max.map(() => 1);
    return { series: { gradientNorm: { mean, min: mean, last: mean, max } } } as unknown as Metrics;
  };
  expect(spreadsWide(metrics([1, 2, 65, 1]), 'gradientNorm')).toBe(true);
  expect(spreadsWide(metrics([1, 2, 5, 1]), 'gradientNorm')).toBe(false);
  expect(spreadsWide(metrics([]), 'gradientNorm')).toBe(false);
});
