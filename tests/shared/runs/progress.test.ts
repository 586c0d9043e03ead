import { describe, expect, test } from 'vitest';
import { shareTrained, stepsCut, stepsToTrainLonger } from '../../../src/shared/runs/progress.ts';

describe('how far a run is', () => {
  test('is told by its steps', () => {
    expect(shareTrained({ step: 50, steps: 200, elapsedSeconds: 1e6 })).toBe(0.25);
    expect(shareTrained({ step: 0, elapsedSeconds: 0 })).toBeUndefined();
  });

  test('is told by its time where that has come further, never beyond the end', () => {
    const run = { step: 50, steps: 200, budgetSeconds: 100 };
    expect(shareTrained({ ...run, elapsedSeconds: 40 })).toBe(0.4);
    expect(shareTrained({ ...run, elapsedSeconds: 10 })).toBe(0.25);
    expect(shareTrained({ ...run, elapsedSeconds: 120 })).toBe(1);
    // Before the calibration turned the time into steps.
    expect(shareTrained({ step: 0, elapsedSeconds: 5, budgetSeconds: 100 })).toBe(0.05);
  });
});

test('steps count as cut where the clock ended a run, and only there', () => {
  expect(stepsCut({ step: 90, steps: 100, end: 'timeBudget' })).toBe(10);
  expect(stepsCut({ step: 90, steps: 100, end: 'earlyStopped' })).toBe(0);
  expect(stepsCut({ step: 90, steps: 100 })).toBe(0);
});

test('training longer means more steps than there were, in round figures', () => {
  expect(stepsToTrainLonger(900, 1000)).toBe(1300);
  expect(stepsToTrainLonger(1234, 1500)).toBe(1900);
  expect(stepsToTrainLonger(3, 4)).toBe(5);
  for (const step of [1, 7, 99, 1001, 123_456])
    expect(stepsToTrainLonger(step, undefined)).toBeGreaterThan(step);
});
