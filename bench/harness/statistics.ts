/** The middle of some numbers; of an even count the mean of the middle two. NaN when there are none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + sorted[middle - 1]!) / 2;
}

/** A quantity that was measured in several processes. */
export interface Measured {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
  readonly count: number;
}

export function measured(values: readonly number[]): Measured {
  return {
    median: median(values),
    lowest: Math.min(...values),
    highest: Math.max(...values),
    count: values.length,
  };
}
