/** A pair that may be merged next: its number, its count when it was queued, and the list of words that have it. */
export interface QueuedPair {
  readonly pair: number;
  readonly count: number;
  readonly words: number;
}

/**
 * A binary max-heap of pairs: the highest count first and, among equals, the smallest left id, then the smallest right
 * id. This rule decides ties in training; it is the one of BpeTrainer in `tokenizers`.
 */
export class MergeQueue {
  private pairs = new Int32Array(1024);
  private counts = new Float64Array(1024);
  private words = new Int32Array(1024);
  private length = 0;
  private readonly left: (pair: number) => number;
  private readonly right: (pair: number) => number;

  constructor(left: (pair: number) => number, right: (pair: number) => number) {
    this.left = left;
    this.right = right;
  }

  push(pair: number, count: number, words: number): void {
    if (this.length === this.pairs.length) this.grow();
    let index = this.length++;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.precedes(pair, count, parent)) break;
      this.move(parent, index);
      index = parent;
    }
    this.place(index, pair, count, words);
  }

  /** Takes out the first, or undefined when the queue is empty. */
  pop(): QueuedPair | undefined {
    if (this.length === 0) return undefined;
    const first = { pair: this.pairs[0]!, count: this.counts[0]!, words: this.words[0]! };
    const last = --this.length;
    const pair = this.pairs[last]!;
    const count = this.counts[last]!;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= last) break;
      if (child + 1 < last && this.precedes(this.pairs[child + 1]!, this.counts[child + 1]!, child)) child++;
      if (this.precedes(pair, count, child)) break;
      this.move(child, index);
      index = child;
    }
    this.place(index, pair, count, this.words[last]!);
    return first;
  }

  private precedes(pair: number, count: number, other: number): boolean {
    const otherCount = this.counts[other]!;
    if (count !== otherCount) return count > otherCount;
    const otherPair = this.pairs[other]!;
    const left = this.left(pair);
    const otherLeft = this.left(otherPair);
    return left !== otherLeft ? left < otherLeft : this.right(pair) < this.right(otherPair);
  }

  private move(from: number, to: number): void {
    this.place(to, this.pairs[from]!, this.counts[from]!, this.words[from]!);
  }

  private place(index: number, pair: number, count: number, words: number): void {
    this.pairs[index] = pair;
    this.counts[index] = count;
    this.words[index] = words;
  }

  private grow(): void {
    const pairs = new Int32Array(this.length * 2);
    pairs.set(this.pairs);
    this.pairs = pairs;
    const counts = new Float64Array(this.length * 2);
    counts.set(this.counts);
    this.counts = counts;
    const words = new Int32Array(this.length * 2);
    words.set(this.words);
    this.words = words;
  }
}
