import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  fittingWarmup,
  learningRateAt,
  type LearningRateSchedule,
} from '../../../src/main/llm/training/learning-rate.ts';

interface FixtureCase extends LearningRateSchedule {
  readonly expected: readonly number[];
}

const cases = JSON.parse(
  readFileSync(new URL('../../fixtures/schedules/expected.json', import.meta.url), 'utf8'),
) as readonly FixtureCase[];

describe('learning-rate schedules', () => {
  it.each(cases)(
    '$schedule over $steps steps with $warmupSteps of warm-up equals transformers',
    (fixture) => {
      expect(fixture.expected).toHaveLength(fixture.steps);
      for (const [index, expected] of fixture.expected.entries()) {
        expect(learningRateAt(index + 1, fixture), `step ${index + 1}`).toBeCloseTo(expected, 12);
      }
    },
  );

  it('covers every schedule in the fixture', () => {
    expect(new Set(cases.map(({ schedule }) => schedule))).toEqual(
      new Set(['cosine', 'linear', 'constant', 'wsd']),
    );
  });

  it('never climbs after the warm-up when the minimum is above the peak', () => {
    const schedule = {
      schedule: 'cosine',
      learningRate: 1e-5,
      minimumLearningRate: 1e-4,
      steps: 10,
      warmupSteps: 2,
      decayFraction: 0.2,
    } as const;
    for (let step = 2; step <= 10; step += 1) expect(learningRateAt(step, schedule)).toBe(1e-5);
  });

  it('shortens a warm-up that would not end within the run', () => {
    expect(fittingWarmup(100, 2000)).toBe(100);
    expect(fittingWarmup(100, 100)).toBe(10);
    expect(fittingWarmup(100, 5)).toBe(0);
  });
});
