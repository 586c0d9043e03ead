import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { removableCheckpoints, rollbackTarget } from '../../../src/main/llm/training/retention.ts';

describe('the retention rule', () => {
  it('keeps the newest due checkpoints and the best one', () => {
    expect(removableCheckpoints([10, 20, 30, 40, 50], { interval: 10, keep: 2, bestStep: 20 })).toEqual([
      10, 30,
    ]);
  });

  it('keeps a checkpoint between the due ones only while it is the newest', () => {
    expect(removableCheckpoints([10, 20, 25], { interval: 10, keep: 2, bestStep: undefined })).toEqual([]);
    expect(removableCheckpoints([10, 20, 25, 30], { interval: 10, keep: 2, bestStep: undefined })).toEqual([
      10, 25,
    ]);
  });

  it('always keeps the best, the newest and what the guard goes back to', () => {
    const steps = fc.uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 1 });
    fc.assert(
      fc.property(
        steps,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 20 }),
        fc.nat(),
        (all, keep, interval, pick) => {
          const bestStep = all[pick % all.length];
          const removed = removableCheckpoints(all, { interval, keep, bestStep });
          const kept = all.filter((step) => !removed.includes(step));
          expect(kept).toContain(bestStep);
          expect(kept).toContain(Math.max(...all));
          expect(rollbackTarget(kept, interval)).toBe(rollbackTarget(all, interval));
          expect(kept.length).toBeLessThanOrEqual(keep + 2);
        },
      ),
    );
  });
});

describe('the step that the guard goes back to', () => {
  it('is the newest due checkpoint, whatever was written at a pause', () => {
    expect(rollbackTarget([10, 20, 25], 10)).toBe(20);
  });

  it('is the untrained model when there is none', () => {
    expect(rollbackTarget([], 10)).toBe(0);
    expect(rollbackTarget([7], 10)).toBe(0);
  });
});
