import type { WordCounts } from './word-counts.ts';

/** Told of each pair of neighbours that appears in a word (count > 0) or disappears (count < 0). */
export type PairChange = (left: number, right: number, count: number, word: number) => void;

/** The distinct words of a corpus as sequences of token ids, all in one array, with how often each word occurs. */
export class SymbolWords {
  /** Word w is symbols[starts[w]] … symbols[ends[w] − 1]. */
  private readonly symbols: Int32Array;
  private readonly starts: Int32Array;
  private readonly ends: Int32Array;
  private readonly counts: Float64Array;

  /** Words as bytes, each the token of one byte, whose id is idOfByte[byte]. */
  constructor(words: WordCounts, idOfByte: Int32Array) {
    this.symbols = new Int32Array(words.byteLength);
    this.starts = new Int32Array(words.size);
    this.ends = new Int32Array(words.size);
    this.counts = new Float64Array(words.size);
    let offset = 0;
    for (let word = 0; word < words.size; word++) {
      this.starts[word] = offset;
      for (const byte of words.wordBytes(word)) this.symbols[offset++] = idOfByte[byte]!;
      this.ends[word] = offset;
      this.counts[word] = words.count(word);
    }
  }

  /** Number of distinct words. */
  get size(): number {
    return this.starts.length;
  }

  /** Number of symbols that a word has by now. */
  length(word: number): number {
    return this.ends[word]! - this.starts[word]!;
  }

  /** Reports all pairs of neighbours in a word. */
  visitPairs(word: number, visit: PairChange): void {
    const end = this.ends[word]!;
    for (let index = this.starts[word]! + 1; index < end; index++) {
      visit(this.symbols[index - 1]!, this.symbols[index]!, this.counts[word]!, word);
    }
  }

  /** Replaces `left right` by `merged` in a word, from the left, and reports how the pairs around it change. */
  replacePair(word: number, left: number, right: number, merged: number, change: PairChange): void {
    const symbols = this.symbols;
    const start = this.starts[word]!;
    const end = this.ends[word]!;
    const count = this.counts[word]!;
    let write = start;
    for (let read = start; read < end;) {
      const symbol = symbols[read]!;
      if (symbol !== left || read + 1 === end || symbols[read + 1] !== right) {
        symbols[write++] = symbol;
        read++;
        continue;
      }
      if (write > start) {
        const before = symbols[write - 1]!;
        change(before, left, -count, word);
        change(before, merged, count, word);
      }
      read += 2;
      if (read < end) {
        const after = symbols[read]!;
        change(right, after, -count, word);
        change(merged, after, count, word);
      }
      symbols[write++] = merged;
    }
    this.ends[word] = write;
  }
}
