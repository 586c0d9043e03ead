/**
 * Numbers pairs of token ids in the order in which they are first met: 0, 1, 2, … A hash table with open addressing
 * over typed arrays.
 */
export class PairTable {
  /** Slot → pair + 1; 0 is an empty slot. The number of slots is a power of two. */
  private slots: Int32Array;
  private lefts: Int32Array;
  private rights: Int32Array;
  private pairs = 0;

  constructor(pairs = 1024) {
    const capacity = Math.max(16, pairs);
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(capacity * 2)));
    this.lefts = new Int32Array(capacity);
    this.rights = new Int32Array(capacity);
  }

  get size(): number {
    return this.pairs;
  }

  left(pair: number): number {
    return this.lefts[pair]!;
  }

  right(pair: number): number {
    return this.rights[pair]!;
  }

  /** Number of a pair, or −1 when it is new. */
  find(left: number, right: number): number {
    const mask = this.slots.length - 1;
    for (let slot = hashOf(left, right) & mask; ; slot = (slot + 1) & mask) {
      const pair = this.slots[slot]! - 1;
      if (pair < 0 || (this.lefts[pair] === left && this.rights[pair] === right)) return pair;
    }
  }

  /** Number of a pair, which is added when it is new. */
  findOrAdd(left: number, right: number): number {
    const found = this.find(left, right);
    if (found >= 0) return found;
    if (this.pairs === this.lefts.length) this.grow();
    const pair = this.pairs++;
    this.lefts[pair] = left;
    this.rights[pair] = right;
    this.insert(pair);
    return pair;
  }

  private insert(pair: number): void {
    const mask = this.slots.length - 1;
    let slot = hashOf(this.lefts[pair]!, this.rights[pair]!) & mask;
    while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
    this.slots[slot] = pair + 1;
  }

  private grow(): void {
    const capacity = this.lefts.length * 2;
    const lefts = new Int32Array(capacity);
    lefts.set(this.lefts);
    this.lefts = lefts;
    const rights = new Int32Array(capacity);
    rights.set(this.rights);
    this.rights = rights;
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(capacity * 2)));
    for (let pair = 0; pair < this.pairs; pair++) this.insert(pair);
  }
}

/** Two odd multipliers and the finaliser's first half of MurmurHash3. */
function hashOf(left: number, right: number): number {
  const mixed = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
  return Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) ^ (mixed >>> 13);
}
