import type { WordScanner } from './pre-tokenizer.ts';
import { sliceAtWords } from './text-slices.ts';
import { WordTable } from './word-table.ts';

/** The distinct words of a corpus with how often each occurs. */
export interface WordCounts {
  /** Number of distinct words. */
  readonly size: number;
  /** UTF-8 bytes of all distinct words together. */
  readonly byteLength: number;
  wordBytes(word: number): Uint8Array;
  count(word: number): number;
}

/** What a counter may hold at most. */
export interface WordLimits {
  readonly words: number;
  readonly bytes: number;
}

/**
 * Two million distinct words of 32 MB together; 100 MB of ordinary text have fewer. Training needs about half a gigabyte
 * when a corpus fills it.
 */
export const defaultWordLimits: WordLimits = { words: 2 ** 21, bytes: 2 ** 25 };

/** Counts words in bounded memory. */
export interface WordCounter {
  /** Adds the words of one document. A word never reaches from one document into the next. */
  add(text: string): void;
  /** UTF-8 bytes of the documents so far. */
  readonly textBytes: number;
  /** Occurrences of words that were dropped to stay within the limits; 0 means that the counts are exact. */
  readonly droppedOccurrences: number;
  counts(): WordCounts;
}

/**
 * A counter of the words that a scanner finds. When more distinct words than the limits allow have been met, the rarest
 * are dropped until half of the room is free, which is lossy counting (Manku & Motwani 2002, "Approximate Frequency
 * Counts over Data Streams", §4.2): frequent words keep their exact counts, and which are dropped is deterministic.
 */
export function createWordCounter(scan: WordScanner, limits: WordLimits = defaultWordLimits): WordCounter {
  const encoder = new TextEncoder();
  let utf8 = new Uint8Array(0);
  let table = new WordTable();
  let counts = new Float64Array(1024);
  let textBytes = 0;
  let droppedOccurrences = 0;

  function dropRareWords(): void {
    const { threshold, kept } = rarityThreshold(table, counts, limits);
    const keptTable = new WordTable(kept);
    const keptCounts = new Float64Array(Math.max(1024, kept));
    for (let word = 0; word < table.size; word++) {
      const count = counts[word]!;
      if (count <= threshold) {
        droppedOccurrences += count;
        continue;
      }
      const bytes = table.wordBytes(word);
      keptCounts[keptTable.add(bytes, 0, bytes.length)] = count;
    }
    table = keptTable;
    counts = keptCounts;
  }

  function countWord(start: number, end: number): void {
    const found = table.find(utf8, start, end);
    if (found >= 0) {
      counts[found]!++;
      return;
    }
    if (table.size >= limits.words || table.byteLength + end - start > limits.bytes) dropRareWords();
    const word = table.add(utf8, start, end);
    if (word === counts.length) {
      const grown = new Float64Array(word * 2);
      grown.set(counts);
      counts = grown;
    }
    counts[word] = 1;
  }

  return {
    add(text) {
      for (const slice of sliceAtWords(text)) {
        if (utf8.length < slice.length * 3) utf8 = new Uint8Array(slice.length * 3);
        const end = encoder.encodeInto(slice, utf8).written;
        textBytes += end;
        for (let start = 0; start < end;) {
          const wordEnd = scan(utf8, start, end);
          countWord(start, wordEnd);
          start = wordEnd;
        }
      }
    },
    get textBytes() {
      return textBytes;
    },
    get droppedOccurrences() {
      return droppedOccurrences;
    },
    counts() {
      return {
        size: table.size,
        byteLength: table.byteLength,
        wordBytes: (word) => table.wordBytes(word),
        count: (word) => counts[word]!,
      };
    },
  };
}

/** The lowest count such that the words above it fill at most half of the limits, and how many words those are. */
function rarityThreshold(
  table: WordTable,
  counts: Float64Array,
  limits: WordLimits,
): { threshold: number; kept: number } {
  for (let threshold = 1; ; threshold *= 2) {
    let kept = 0;
    let bytes = 0;
    for (let word = 0; word < table.size; word++) {
      if (counts[word]! <= threshold) continue;
      kept++;
      bytes += table.wordBytes(word).length;
    }
    if (kept <= limits.words / 2 && bytes <= limits.bytes / 2) return { threshold, kept };
  }
}
