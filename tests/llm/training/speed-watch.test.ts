import { describe, expect, it } from 'vitest';
import type { Calibration } from '../../../src/shared/runs/events.ts';
import { changeOfPlan, createSpeedWatch } from '../../../src/main/llm/training/speed-watch.ts';

const calibration: Calibration = {
  microBatchSize: 1,
  lossChunks: 1,
  steps: 1000,
  secondsPerStep: 0.09,
  memoryBytes: 0,
  candidates: [],
};

describe('the pace watch', () => {
  const watchOf = (budgetSeconds: number) =>
    createSpeedWatch({
      budgetSeconds,
      evaluationInterval: 10,
      step: 0,
      elapsedSeconds: 5,
      expectedBetweenSteps: 0.25,
    });

  it('speaks after a twentieth of the budget, and after twenty steps at least', () => {
    const long = watchOf(1000);
    const paces = Array.from({ length: 60 }, (_, index) => long.recordStep(1, 5 + index + 1));
    expect(paces.flatMap((pace, index) => (pace === undefined ? [] : [index + 1]))).toEqual([50]);
    const short = watchOf(10);
    expect(
      Array.from({ length: 40 }, (_, index) => short.recordStep(1, 6 + index)).filter(Boolean),
    ).toHaveLength(2);
  });

  it('leaves out the one step that was held up', () => {
    const watch = watchOf(100);
    for (let step = 1; step < 20; step += 1) watch.recordStep(1, 5 + step);
    expect(watch.recordStep(60, 84)).toMatchObject({ secondsPerStep: 1 });
  });

  it('measures what comes between the steps over whole intervals, and expects it before', () => {
    const early = createSpeedWatch({
      budgetSeconds: 100,
      evaluationInterval: 100,
      step: 0,
      elapsedSeconds: 0,
      expectedBetweenSteps: 0.25,
    });
    const first = Array.from({ length: 20 }, (_, index) => early.recordStep(1, index + 1)).at(-1);
    expect(first).toEqual({ secondsPerStep: 1, secondsBetweenSteps: 0.25 });
    const late = watchOf(100);
    let elapsed = 5;
    const second = Array.from({ length: 21 }, (_, index) => {
      if (index > 0 && index % 10 === 0) elapsed += 5; // an evaluation
      elapsed += 1;
      return late.recordStep(1, elapsed);
    });
    expect(second[19]).toEqual({ secondsPerStep: 1, secondsBetweenSteps: 0.5 });
  });
});

describe('the change of plan', () => {
  const budget = { seconds: 100, secondsOfFinalEvaluation: 5, expectedBetweenSteps: 0.01 };
  const at = (secondsPerStep: number, from: Partial<Calibration> = {}, step = 200, elapsedSeconds = 25) =>
    changeOfPlan(
      { step, elapsedSeconds, calibration: { ...calibration, ...from } },
      { secondsPerStep, secondsBetweenSteps: 0.01 },
      budget,
    );

  it('leaves a plan alone whose pace is within 15 % of what was measured', () => {
    expect(at(0.09)).toBeUndefined();
    expect(at(0.104)).toBeUndefined();
    expect(at(0.077)).toBeUndefined();
  });

  it('plans as many steps as fit into 95 % of the time left', () => {
    // 100 − 25 − 5 = 70 s, of them 66.5 s; a step and its share of evaluations take 0.2 s.
    expect(at(0.19)).toEqual({ step: 200, steps: 532, secondsPerStep: expect.closeTo(0.2, 9) });
    expect(at(0.04)?.steps).toBe(200 + 1330);
  });

  it('measures against the pace of the latest plan', () => {
    const changes = [{ step: 100, steps: 500, secondsPerStep: 0.2 }];
    expect(at(0.19, { changes })).toBeUndefined();
    // As fast as the first plan was made for, and twice as fast as the second.
    expect(at(0.09, { changes })).toMatchObject({ step: 200, steps: 865 });
  });

  it('makes no plan before one that the record knows of, nor for a plan that is kept', () => {
    expect(at(0.19, { changes: [{ step: 200, steps: 500, secondsPerStep: 0.1 }] })).toBeUndefined();
    expect(at(0.19, { keepsPlan: true })).toBeUndefined();
  });

  it('trains one more step at least, and changes nothing at the last', () => {
    expect(at(0.19, {}, 900, 99)?.steps).toBe(901);
    expect(at(0.19, {}, 1000, 99)).toBeUndefined();
    expect(at(0.19, {}, 999, 99)).toBeUndefined();
  });
});
