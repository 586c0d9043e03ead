import { useState } from 'react';

/** An estimate of the time left, and when it was made, both in seconds. */
export interface Estimate {
  readonly seconds: number;
  readonly at: number;
}

/** Estimates that differ by less than this share, or by so many seconds, say the same to a person. */
const alikeShare = 0.2;
const alikeSeconds = 5;

/** What is left by an estimate that was made earlier. */
export function remainingBy({ seconds, at }: Estimate, now: number): number {
  return Math.max(0, seconds - (now - at));
}

/**
 * The estimate to show: the one that is shown already, counted down, for as long as a new one says about the same. A time
 * left that is worked out anew each second goes up and down with every breath of the machine.
 * @returns `shown` itself where it still holds.
 */
export function steadyEstimate(shown: Estimate | undefined, seconds: number, now: number): Estimate {
  if (shown === undefined) return { seconds, at: now };
  const expected = remainingBy(shown, now);
  const alike = Math.max(alikeSeconds, alikeShare * expected);
  return Math.abs(seconds - expected) <= alike ? shown : { seconds, at: now };
}

/** The time left of some work, in seconds, that counts down instead of jumping. */
export function useSteadyEstimate(seconds: number | undefined): number | undefined {
  const [shown, setShown] = useState<Estimate>();
  const now = performance.now() / 1000;
  const next = seconds === undefined ? undefined : steadyEstimate(shown, seconds, now);
  if (next !== shown) setShown(next);
  return next === undefined ? undefined : remainingBy(next, now);
}
