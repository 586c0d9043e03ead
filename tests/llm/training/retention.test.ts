import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDue, removableCheckpoints, rollbackTarget } from '../../../src/main/llm/training/retention.ts';

/** Checkpoints at these steps; those at multiples of ten are regular. */
const at = (...steps: readonly number[]) => steps.map((step) => ({ step, regular: isDue(step, 10) }));

describe('the retention rule', () => {
  it('keeps the newest regular checkpoints and the best one', () => {
    expect(removableCheckpoints(at(10, 20, 30, 40, 50), 2, 20)).toEqual(at(10, 30));
  });

  it('keeps a checkpoint that a pause wrote only while it is the newest', () => {
    expect(removableCheckpoints(at(10, 20, 25), 2, undefined)).toEqual([]);
    expect(removableCheckpoints(at(10, 20, 25, 30), 2, undefined)).toEqual(at(10, 25));
  });

  it('always keeps the best, the newest and what the guard goes back to', () => {
    const anySteps = fc.uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 1 });
    fc.assert(
      fc.property(anySteps, fc.integer({ min: 1, max: 5 }), fc.nat(), (steps, keep, pick) => {
        const all = at(...steps);
        const bestStep = steps[pick % steps.length];
        const removed = removableCheckpoints(all, keep, bestStep);
        const kept = all.filter((checkpoint) => !removed.includes(checkpoint));
        expect(kept.map(({ step }) => step)).toContain(bestStep);
        expect(kept.map(({ step }) => step)).toContain(Math.max(...steps));
        expect(rollbackTarget(kept)).toBe(rollbackTarget(all));
        expect(kept.length).toBeLessThanOrEqual(keep + 2);
      }),
    );
  });
});

describe('the step that the guard goes back to', () => {
  it('is the newest regular checkpoint, whatever was written at a pause', () => {
    expect(rollbackTarget(at(10, 20, 25))).toBe(20);
  });

  it('is the untrained model when there is none', () => {
    expect(rollbackTarget([])).toBe(0);
    expect(rollbackTarget(at(7))).toBe(0);
  });
});
