/** Values by 64-bit keys, for millions of them: 12 bytes an entry instead of the hundred of a Map of strings. */
export interface HashTable {
  /** The value kept under a key; it becomes `value` where there is none. @returns the one that was there, or undefined. */
  getOrAdd(high: number, low: number, value: number): number | undefined;
  /** Replaces the value of a key, or adds it. */
  set(high: number, low: number, value: number): void;
}

const fullShare = 0.6;

/** Open addressing with linear probing; keys are halves of a cryptographic hash and spread by themselves. */
export function createHashTable(expected = 1024): HashTable {
  let size = 2 ** Math.ceil(Math.log2(Math.max(16, expected / fullShare)));
  let keys = new Uint32Array(2 * size);
  let values = new Int32Array(size).fill(-1);
  let used = 0;

  /** The slot of a key, or the free one where it belongs. */
  const slotOf = (high: number, low: number): number => {
    let slot = low & (size - 1);
    while (values[slot] !== -1 && (keys[2 * slot] !== high || keys[2 * slot + 1] !== low))
      slot = (slot + 1) & (size - 1);
    return slot;
  };

  const put = (slot: number, high: number, low: number, value: number): void => {
    keys[2 * slot] = high;
    keys[2 * slot + 1] = low;
    values[slot] = value;
    used += 1;
    if (used > size * fullShare) grow();
  };

  const grow = (): void => {
    const oldKeys = keys;
    const oldValues = values;
    size *= 2;
    keys = new Uint32Array(2 * size);
    values = new Int32Array(size).fill(-1);
    for (const [slot, value] of oldValues.entries()) {
      if (value === -1) continue;
      const high = oldKeys[2 * slot] ?? 0;
      const low = oldKeys[2 * slot + 1] ?? 0;
      const free = slotOf(high, low);
      keys[2 * free] = high;
      keys[2 * free + 1] = low;
      values[free] = value;
    }
  };

  return {
    getOrAdd: (high, low, value) => {
      const slot = slotOf(high, low);
      const found = values[slot];
      if (found !== undefined && found !== -1) return found;
      put(slot, high, low, value);
      return undefined;
    },
    set: (high, low, value) => {
      const slot = slotOf(high, low);
      if (values[slot] === -1) put(slot, high, low, value);
      else values[slot] = value;
    },
  };
}
