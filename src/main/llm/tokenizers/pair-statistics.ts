import { MergeQueue } from './merge-queue.ts';
import { PairTable } from './pair-table.ts';
import { EMPTY_LIST, WordLists } from './word-lists.ts';

/** The pair to merge next. */
export interface FrequentPair {
  readonly left: number;
  readonly right: number;
  /** How often it occurs. */
  readonly count: number;
  /** A list of `lists` with the words to look for it in. */
  readonly words: number;
}

/**
 * How often each pair of neighbours occurs, in which words, and which is the most frequent.
 *
 * The bookkeeping is that of BpeTrainer in Hugging Face `tokenizers` (its ids come out equal): a pair is queued with
 * the words in which it appeared since it was last queued, and a queued count is checked when it comes up.
 */
export class PairStatistics {
  readonly lists = new WordLists();
  private readonly pairs = new PairTable(1 << 16);
  private readonly queue = new MergeQueue(
    (pair) => this.pairs.left(pair),
    (pair) => this.pairs.right(pair),
  );
  private counts = new Float64Array(1 << 16);
  /** By pair, the words in which it appeared since it was last queued. */
  private appearances = new Int32Array(1 << 16).fill(EMPTY_LIST);
  private appeared: number[] = [];

  /** Takes in that a pair occurs `count` times more (or less) often because of a word. */
  readonly change = (left: number, right: number, count: number, word: number): void => {
    const pair = this.pairs.findOrAdd(left, right);
    if (pair >= this.counts.length) this.grow();
    this.counts[pair]! += count;
    if (count <= 0) return;
    const list = this.appearances[pair]!;
    if (list === EMPTY_LIST) this.appeared.push(pair);
    this.appearances[pair] = this.lists.prepend(list, word);
  };

  /** Queues the pairs that appeared since the last call. */
  queueAppeared(): void {
    for (const pair of this.appeared) {
      const count = this.counts[pair]!;
      if (count > 0) this.queue.push(pair, count, this.appearances[pair]!);
      this.appearances[pair] = EMPTY_LIST;
    }
    this.appeared = [];
  }

  /** Takes the most frequent pair out of the queue; among equals, the one with the smallest left and then right id. */
  takeMostFrequent(): FrequentPair | undefined {
    for (;;) {
      const top = this.queue.pop();
      if (top === undefined) return undefined;
      const count = this.counts[top.pair]!;
      if (count === top.count) {
        return {
          left: this.pairs.left(top.pair),
          right: this.pairs.right(top.pair),
          count,
          words: top.words,
        };
      }
      this.queue.push(top.pair, count, top.words);
    }
  }

  private grow(): void {
    const counts = new Float64Array(this.counts.length * 2);
    counts.set(this.counts);
    this.counts = counts;
    const appearances = new Int32Array(this.appearances.length * 2).fill(EMPTY_LIST);
    appearances.set(this.appearances);
    this.appearances = appearances;
  }
}
