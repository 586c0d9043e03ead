import { PairTable } from './pair-table.ts';

/** One merge: two neighbours with these ids become the token `merged`. */
export interface Merge {
  readonly left: number;
  readonly right: number;
  readonly merged: number;
}

/** A heap entry is rank × 2³² + position, exact in a double for ranks below 2²¹: one comparison orders both. */
const RANK = 2 ** 32;

/**
 * Merges the symbols of one word by rank (Sennrich et al. 2016, §3.2): the pair that was learned first, and among
 * equals the leftmost, until no pair is left. O(n log n) in the length of the word, with the order of steps of
 * `tokenizers` (`Word::merge_all`), so that the ids agree even where two pairs spell one token.
 */
export class PairMerger {
  private readonly pairs: PairTable;
  private readonly rankOfPair: Int32Array;
  private readonly mergedOfRank: Int32Array;
  private symbols = new Int32Array(0);
  private previous = new Int32Array(0);
  private next = new Int32Array(0);
  private heap = new Float64Array(0);
  private heapLength = 0;

  /** Merges in the order of their ranks. A pair that is listed twice has its later rank. */
  constructor(merges: readonly Merge[]) {
    this.pairs = new PairTable(merges.length);
    this.rankOfPair = new Int32Array(merges.length);
    this.mergedOfRank = new Int32Array(merges.length);
    merges.forEach((merge, rank) => {
      this.rankOfPair[this.pairs.findOrAdd(merge.left, merge.right)] = rank;
      this.mergedOfRank[rank] = merge.merged;
    });
  }

  /** Merges ids[0] … ids[length − 1] in place and gives the new length. */
  merge(ids: Int32Array, length: number): number {
    if (length < 2) return length;
    this.reserve(length);
    const { symbols, previous, next } = this;
    for (let index = 0; index < length; index++) {
      symbols[index] = ids[index]!;
      previous[index] = index - 1;
      next[index] = index + 1;
    }
    for (let index = 0; index + 1 < length; index++) this.pushPair(index, index + 1);
    while (this.heapLength > 0) this.mergeTop(length);

    let write = 0;
    for (let index = 0; index < length; index = next[index]!) ids[write++] = symbols[index]!;
    return write;
  }

  private mergeTop(length: number): void {
    const { symbols, previous, next } = this;
    const top = this.pop();
    const rank = Math.floor(top / RANK);
    const position = top - rank * RANK;
    const right = next[position]!;
    // The entry is out of date when its left symbol is gone (next is 0) or another pair stands there by now.
    if (right === 0 || right === length) return;
    const merged = this.mergedOfRank[rank]!;
    const current = this.rank(symbols[position]!, symbols[right]!);
    if (current < 0 || this.mergedOfRank[current] !== merged) return;

    symbols[position] = merged;
    const after = next[right]!;
    next[position] = after;
    next[right] = 0;
    if (after < length) previous[after] = position;
    if (previous[position]! >= 0) this.pushPair(previous[position]!, position);
    if (after < length) this.pushPair(position, after);
  }

  private rank(left: number, right: number): number {
    const pair = this.pairs.find(left, right);
    return pair < 0 ? -1 : this.rankOfPair[pair]!;
  }

  private pushPair(position: number, right: number): void {
    const rank = this.rank(this.symbols[position]!, this.symbols[right]!);
    if (rank < 0) return;
    const key = rank * RANK + position;
    const heap = this.heap;
    let index = this.heapLength++;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (heap[parent]! <= key) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = key;
  }

  private pop(): number {
    const heap = this.heap;
    const top = heap[0]!;
    const length = --this.heapLength;
    const key = heap[length]!;
    let index = 0;
    for (let child = 1; child < length; child = 2 * index + 1) {
      if (child + 1 < length && heap[child + 1]! < heap[child]!) child++;
      if (heap[child]! >= key) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = key;
    return top;
  }

  private reserve(length: number): void {
    if (length <= this.symbols.length) return;
    const capacity = Math.max(256, 2 ** Math.ceil(Math.log2(length)));
    this.symbols = new Int32Array(capacity);
    this.previous = new Int32Array(capacity);
    this.next = new Int32Array(capacity);
    // length − 1 pairs at the start, and at most two more for each of at most length − 1 merges.
    this.heap = new Float64Array(3 * capacity);
  }
}
