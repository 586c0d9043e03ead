/** A generator of equally distributed numbers in [0, 1) (mulberry32), so that a failure can be repeated by its seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from 0 up to before `limit`. */
export function below(random: () => number, limit: number): number {
  return Math.min(Math.max(0, limit - 1), Math.floor(random() * limit));
}

/** One of some things. */
export function oneOf<Item>(random: () => number, items: readonly Item[]): Item {
  return items[below(random, items.length)]!; // never called with nothing to choose from
}
