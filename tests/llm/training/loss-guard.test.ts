import { describe, expect, it } from 'vitest';
import { initialLossGuard, judgeStep, rememberLoss } from '../../../src/main/llm/training/loss-guard.ts';

const after = (losses: readonly number[]) => losses.reduce(rememberLoss, initialLossGuard);
const tenTwos = Array.from({ length: 10 }, () => 2);

describe('the loss guard', () => {
  it('lets ordinary steps pass', () => {
    expect(judgeStep(after(tenTwos), 2.5, 1, 3)).toEqual({ kind: 'fine' });
  });

  it.each([Number.NaN, Infinity, -Infinity])('names a loss of %s', (loss) => {
    expect(judgeStep(initialLossGuard, loss, 1, 3)).toEqual({
      kind: 'notFinite',
      reason: `The loss is ${loss}.`,
    });
  });

  it.each([Number.NaN, Infinity])('names a gradient norm of %s though the loss is finite', (norm) => {
    expect(judgeStep(initialLossGuard, 2, norm, 3)).toMatchObject({ kind: 'notFinite' });
  });

  it('calls a loss above the factor times the recent average a spike, and says both', () => {
    expect(judgeStep(after(tenTwos), 6, 1, 3)).toEqual({ kind: 'fine' });
    expect(judgeStep(after(tenTwos), 6.01, 1, 3)).toEqual({
      kind: 'spike',
      reason: 'The loss jumped to 6.010 from a recent average of 2.000.',
    });
  });

  it('judges no spike before it has seen ten losses', () => {
    expect(judgeStep(after(tenTwos.slice(1)), 60, 1, 3)).toEqual({ kind: 'fine' });
  });

  it('starts with the plain mean and forgets old losses', () => {
    expect(after([1, 2, 3]).averageLoss).toBeCloseTo(2, 12);
    expect(
      after([...Array.from({ length: 20 }, () => 10), ...Array.from({ length: 200 }, () => 1)]).averageLoss,
    ).toBeCloseTo(1, 2);
  });
});
