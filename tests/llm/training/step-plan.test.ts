import { describe, expect, it } from 'vitest';
import { learningRateAt } from '../../../src/main/llm/training/learning-rate.ts';
import { plannedSteps, positionInSchedule } from '../../../src/main/llm/training/step-plan.ts';
import { scheduleNames } from '../../../src/shared/runs/configuration.ts';

const slower = { step: 300, steps: 600, secondsPerStep: 1 };
const faster = { step: 400, steps: 900, secondsPerStep: 1 };

describe('the place of a step in the schedule', () => {
  it('is the step itself where the plan stands, to the last bit', () => {
    for (const step of [1, 7, 999, 1000]) expect(positionInSchedule(step, { steps: 1000 })).toBe(step);
    for (const step of [1, 300])
      expect(positionInSchedule(step, { steps: 1000, changes: [slower] })).toBe(step);
  });

  it('spreads what is left over the steps that are left, with every change', () => {
    const plan = { steps: 1000, changes: [slower, faster] };
    expect(plannedSteps(plan)).toBe(900);
    // 700 positions over 300 steps, then what 100 of these leave of them over 500 steps.
    expect(positionInSchedule(400, plan)).toBeCloseTo(300 + 700 / 3, 9);
    expect(positionInSchedule(650, plan)).toBeCloseTo((300 + 700 / 3 + 1000) / 2, 9);
    expect(positionInSchedule(900, plan)).toBeCloseTo(1000, 9);
  });

  it.each(scheduleNames)(
    'keeps the rate of %s at a change, goes on without a jump and ends at its end',
    (schedule) => {
      const settings = {
        schedule,
        learningRate: 1,
        minimumLearningRate: 0,
        steps: 1000,
        warmupSteps: 100,
        decayFraction: 0.5,
      };
      for (const change of [slower, faster, { ...slower, step: 50 }, { ...slower, step: 550 }]) {
        const plan = { steps: 1000, changes: [change] };
        const rate = (step: number) => learningRateAt(positionInSchedule(step, plan), settings);
        for (let step = 1; step <= change.step; step += 1)
          expect(rate(step)).toBe(learningRateAt(step, settings));
        const stretch = (1000 - change.step) / (change.steps - change.step);
        const steepest = Math.max(
          ...Array.from({ length: 949 }, (_, index) =>
            Math.abs(learningRateAt(index + 2, settings) - learningRateAt(index + 1, settings)),
          ),
        );
        for (let step = change.step; step < change.steps - 50; step += 1)
          expect(Math.abs(rate(step + 1) - rate(step))).toBeLessThanOrEqual(
            steepest * Math.max(1, stretch) + 1e-9,
          );
        expect(rate(change.steps)).toBeCloseTo(learningRateAt(1000, settings), 6);
      }
    },
  );
});
