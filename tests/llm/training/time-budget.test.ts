import { describe, expect, it } from 'vitest';
import { stepsWithin, timeIsUp } from '../../../src/main/llm/training/time-budget.ts';

describe('the time budget', () => {
  it('plans steps and evaluations into 95% of the time, less what is spent and the final evaluation', () => {
    // 100 s → 95 s − 5 s spent − 10 s of final evaluation = 80 s; a step costs 0.1 s + 25 s / 250 = 0.2 s.
    const times = { secondsPerStep: 0.1, secondsPerEvaluation: 25, secondsOfFinalEvaluation: 10 };
    expect(stepsWithin(100, 5, times, 250)).toBe(400);
  });

  it('trains at least one step', () => {
    expect(
      stepsWithin(1, 5, { secondsPerStep: 10, secondsPerEvaluation: 0, secondsOfFinalEvaluation: 0 }, 250),
    ).toBe(1);
  });

  it('ends when what is left is needed for the final evaluation', () => {
    expect(timeIsUp(1, 49.9, 10)).toBe(false);
    expect(timeIsUp(1, 50, 10)).toBe(true);
    expect(timeIsUp(undefined, 1e9, 10)).toBe(false);
  });
});
