import { describe, expect, it } from 'vitest';
import { createProgressMeter } from '../../../src/main/llm/training/progress.ts';

describe('the progress meter', () => {
  it('uses the calibration until it has seen a step', () => {
    const meter = createProgressMeter({ secondsPerStep: 2 });
    expect(meter.tokensPerSecond()).toBe(0);
    expect(meter.remainingSeconds({ steps: 10, evaluationTokens: 0 })).toBe(20);
    meter.recordStep(1, 100);
    expect(meter.remainingSeconds({ steps: 10, evaluationTokens: 0 })).toBe(10);
  });

  it('counts tokens over the time of recent steps only', () => {
    const meter = createProgressMeter({ secondsPerStep: 1 });
    for (let step = 0; step < 100; step += 1) meter.recordStep(10, 100);
    for (let step = 0; step < 50; step += 1) meter.recordStep(0.5, 100);
    expect(meter.tokensPerSecond()).toBeCloseTo(200, 9);
  });

  it('adds the evaluations that are still to come', () => {
    const meter = createProgressMeter({ secondsPerStep: 1 });
    meter.recordStep(1, 100);
    meter.recordEvaluation(4, 1000);
    expect(meter.evaluationSeconds(500)).toBe(2);
    expect(meter.remainingSeconds({ steps: 10, evaluationTokens: 5000 })).toBe(30);
  });
});
