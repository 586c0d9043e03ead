/** Pure arithmetic on curves with holes. */

/** A curve: null where there is no finite value. */
export type Curve = readonly (number | null)[];

/** Centred moving average over `2 · reach + 1` points; holes are left out of the averages and stay holes. */
export function movingAverage(curve: Curve, reach: number): (number | null)[] {
  if (reach <= 0) return [...curve];
  let sum = 0;
  let count = 0;
  const take = (index: number, sign: 1 | -1): void => {
    const value = curve[index];
    if (value === null || value === undefined) return;
    sum += sign * value;
    count += sign;
  };
  for (let index = 0; index < Math.min(reach, curve.length); index++) take(index, 1);
  return curve.map((value, index) => {
    take(index + reach, 1);
    take(index - reach - 1, -1);
    return value === null || count === 0 ? null : sum / count;
  });
}

/**
 * Exponential moving average without a lean to zero at the start (Kingma & Ba, "Adam", ICLR 2015, section 3).
 * @param weight of the past, from 0 (none) to just under 1.
 */
export function smooth(curve: Curve, weight: number): (number | null)[] {
  if (weight <= 0) return [...curve];
  let mean = 0;
  let share = 0;
  return curve.map((value) => {
    if (value === null) return null;
    mean = weight * mean + (1 - weight) * value;
    share = weight * share + (1 - weight);
    return mean / share;
  });
}

/** The middle value; undefined when there is none. */
export function median(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/** The place of the smallest value; undefined when there is none. */
export function lowest(curve: Curve): number | undefined {
  let best: number | undefined;
  for (const [index, value] of curve.entries())
    if (value !== null && (best === undefined || value < (curve[best] ?? Infinity))) best = index;
  return best;
}
