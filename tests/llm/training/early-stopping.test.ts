import { describe, expect, it } from 'vitest';
import {
  noEvaluations,
  patienceIsSpent,
  recordEvaluation,
} from '../../../src/main/llm/training/early-stopping.ts';

const after = (losses: readonly number[]) =>
  losses.reduce((record, loss, index) => recordEvaluation(record, (index + 1) * 10, loss), noEvaluations);

describe('early stopping', () => {
  it('remembers the step of the lowest loss', () => {
    expect(after([3, 2, 2.5]).best).toEqual({ step: 20, loss: 2 });
  });

  it('stops after so many evaluations without a better one', () => {
    expect(patienceIsSpent(after([3, 2, 2.5]), 2)).toBe(false);
    expect(patienceIsSpent(after([3, 2, 2.5, 2.1]), 2)).toBe(true);
  });

  it('does not count an equal loss as better', () => {
    expect(patienceIsSpent(after([2, 2, 2]), 2)).toBe(true);
  });

  it('begins to count anew after a better loss', () => {
    expect(patienceIsSpent(after([3, 3.5, 2.9, 3.1]), 2)).toBe(false);
  });

  it('never takes a loss that is not finite as the best', () => {
    expect(after([Number.NaN]).best).toBeUndefined();
    expect(after([3, Number.NaN, Infinity])).toEqual({
      best: { step: 10, loss: 3 },
      evaluationsSinceBest: 2,
    });
  });

  it('never stops a run without a patience', () => {
    expect(patienceIsSpent(after([1, 2, 3, 4, 5, 6]), undefined)).toBe(false);
  });
});
