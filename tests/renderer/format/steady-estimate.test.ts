import { expect, test } from 'vitest';
import { remainingBy, steadyEstimate, type Estimate } from '../../../src/renderer/format/steady-estimate.ts';

test('a time left that wavers by a tenth counts down evenly', () => {
  let shown: Estimate | undefined;
  const told: number[] = [];
  for (let now = 0; now <= 300; now++) {
    const wavering = (600 - now) * (1 + 0.1 * Math.sin(now));
    shown = steadyEstimate(shown, wavering, now);
    told.push(remainingBy(shown, now));
  }
  for (const [index, seconds] of told.entries())
    if (index > 0) expect((told[index - 1] ?? 0) - seconds).toBeCloseTo(1);
});

test('one that became quite another is told at once', () => {
  const first = steadyEstimate(undefined, 600, 0);
  const slower = steadyEstimate(first, 1200, 10);
  expect(remainingBy(slower, 10)).toBe(1200);
  const faster = steadyEstimate(slower, 300, 20);
  expect(remainingBy(faster, 20)).toBe(300);
});

test('near the end it never goes below nothing', () => {
  const shown = steadyEstimate(undefined, 3, 0);
  expect(remainingBy(steadyEstimate(shown, 1, 60), 60)).toBe(0);
});
