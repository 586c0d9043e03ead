import { setImmediate as nextTurn } from 'node:timers/promises';
import { MergeQueue } from './merge-queue.ts';
import { PairTable } from './pair-table.ts';
import type { WordCounts } from './word-counts.ts';
import { EMPTY_LIST, WordLists } from './word-lists.ts';

export interface BpeTrainingOptions {
  readonly words: WordCounts;
  /** The bytes of the tokens that exist before any merge, by id. A byte's id is the index of its one-byte token. */
  readonly initialTokens: readonly Uint8Array[];
  /** Tokens to reach, the initial ones included. */
  readonly vocabularySize: number;
  /** A pair that occurs less often is not merged. */
  readonly minimumFrequency: number;
  /** Called now and then with the number of tokens so far. */
  readonly onProgress?: (tokens: number) => void;
  readonly signal?: AbortSignal;
}

export interface LearnedMerges {
  /** The bytes of every token by id. Fewer than asked for when the text has no more pairs that are frequent enough. */
  readonly tokens: readonly Uint8Array[];
  /** Pairs of ids in the order in which encoding merges them. */
  readonly merges: readonly (readonly [left: number, right: number])[];
}

/** Symbols looked at between two turns of the event loop: some ten milliseconds. */
const SYMBOLS_PER_TURN = 1 << 20;

/**
 * Learns byte-pair merges (Sennrich et al. 2016, §3.2, algorithm 1): the most frequent pair of neighbours becomes a
 * token, again and again. Ties go to the pair with the smaller left id, then the smaller right id, so the result is
 * a function of the counts alone.
 *
 * The bookkeeping is that of BpeTrainer in Hugging Face `tokenizers`, whose ids and merges come out equal: counts of
 * pairs are kept up to date for the words that a merge touches, and a pair whose queued count is out of date is queued
 * again. Where two different pairs spell the same bytes, both merges give one token; a pair merged twice keeps its
 * later rank.
 *
 * Throws the signal's reason when it is aborted.
 */
export async function learnMerges(options: BpeTrainingOptions): Promise<LearnedMerges> {
  const { vocabularySize, minimumFrequency, signal, onProgress } = options;
  const words = splitIntoSymbols(options.words, options.initialTokens);
  const pairs = new PairTable(1 << 16);
  const pairCounts = new GrowingCounts();
  const lists = new WordLists();
  /** Words in which a pair newly occurs, by pair, until the pair is queued. */
  const pending = new PendingPairs(lists);
  const queue = new MergeQueue(
    (pair) => pairs.left(pair),
    (pair) => pairs.right(pair),
  );

  function change(left: number, right: number, count: number, word: number): void {
    const pair = pairs.findOrAdd(left, right);
    pairCounts.add(pair, count);
    if (count > 0) pending.add(pair, word);
  }

  function queuePending(): void {
    pending.drain((pair, list) => {
      const count = pairCounts.get(pair);
      if (count > 0) queue.push(pair, count, list);
    });
  }

  /** Replaces left right by merged in one word and updates the counts of the pairs around it. */
  function mergeInWord(word: number, left: number, right: number, merged: number): void {
    const { symbols, ends } = words;
    const start = words.starts[word]!;
    const end = ends[word]!;
    const count = words.counts[word]!;
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
    ends[word] = write;
  }

  let work = 0;
  async function pause(symbols: number): Promise<void> {
    work += symbols;
    if (work < SYMBOLS_PER_TURN) return;
    work = 0;
    onProgress?.(tokens.length);
    await nextTurn();
    signal?.throwIfAborted();
  }

  const tokens = [...options.initialTokens];
  const idOfToken = new Map(tokens.map((bytes, id) => [spelling(bytes), id]));
  /** Merged pairs by rank: a Set keeps the order of insertion, and a pair that is merged again moves to the end. */
  const ranked = new Set<number>();

  for (let word = 0; word < words.counts.length; word++) {
    const end = words.ends[word]!;
    for (let index = words.starts[word]!; index + 1 < end; index++) {
      change(words.symbols[index]!, words.symbols[index + 1]!, words.counts[word]!, word);
    }
    if (work + 16 >= SYMBOLS_PER_TURN) await pause(16);
    else work += 16;
  }
  queuePending();

  while (tokens.length < vocabularySize) {
    const top = queue.pop();
    if (top === undefined) break;
    const count = pairCounts.get(top.pair);
    if (top.count !== count) {
      queue.push(top.pair, count, top.words);
      continue;
    }
    if (count < Math.max(1, minimumFrequency)) break;

    const left = pairs.left(top.pair);
    const right = pairs.right(top.pair);
    const bytes = concatenate(tokens[left]!, tokens[right]!);
    const key = spelling(bytes);
    let merged = idOfToken.get(key);
    if (merged === undefined) {
      merged = tokens.length;
      tokens.push(bytes);
      idOfToken.set(key, merged);
    }
    ranked.delete(top.pair);
    ranked.add(top.pair);

    let symbols = 64;
    for (let node = top.words; node !== EMPTY_LIST;) {
      const word = lists.word(node);
      const next = lists.next(node);
      symbols += words.ends[word]! - words.starts[word]!;
      mergeInWord(word, left, right, merged);
      lists.release(node);
      node = next;
    }
    queuePending();
    await pause(symbols);
  }

  return { tokens, merges: Array.from(ranked, (pair) => [pairs.left(pair), pairs.right(pair)] as const) };
}

/** Words as sequences of token ids, all in one array: word w is symbols[starts[w]] … symbols[ends[w] − 1]. */
interface SymbolWords {
  readonly symbols: Int32Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly counts: Float64Array;
}

function splitIntoSymbols(words: WordCounts, initialTokens: readonly Uint8Array[]): SymbolWords {
  const idOfByte = new Int32Array(256);
  initialTokens.forEach((bytes, id) => {
    if (bytes.length === 1) idOfByte[bytes[0]!] = id;
  });
  const symbols = new Int32Array(words.byteLength);
  const starts = new Int32Array(words.size);
  const ends = new Int32Array(words.size);
  const counts = new Float64Array(words.size);
  let offset = 0;
  for (let word = 0; word < words.size; word++) {
    starts[word] = offset;
    for (const byte of words.wordBytes(word)) symbols[offset++] = idOfByte[byte]!;
    ends[word] = offset;
    counts[word] = words.count(word);
  }
  return { symbols, starts, ends, counts };
}

/** Sums by index, zero where nothing was added. */
class GrowingCounts {
  private counts = new Float64Array(1 << 16);

  get(index: number): number {
    return this.counts[index] ?? 0;
  }

  add(index: number, amount: number): void {
    if (index >= this.counts.length) {
      const grown = new Float64Array(index * 2);
      grown.set(this.counts);
      this.counts = grown;
    }
    this.counts[index]! += amount;
  }
}

/** Pairs that got new occurrences since the queue was last filled, each with the words that have them. */
class PendingPairs {
  private lists = new Int32Array(1 << 16).fill(EMPTY_LIST);
  private touched: number[] = [];
  private readonly words: WordLists;

  constructor(words: WordLists) {
    this.words = words;
  }

  add(pair: number, word: number): void {
    if (pair >= this.lists.length) {
      const grown = new Int32Array(pair * 2).fill(EMPTY_LIST);
      grown.set(this.lists);
      this.lists = grown;
    }
    const list = this.lists[pair]!;
    if (list === EMPTY_LIST) this.touched.push(pair);
    this.lists[pair] = this.words.prepend(list, word);
  }

  drain(visit: (pair: number, list: number) => void): void {
    for (const pair of this.touched) {
      visit(pair, this.lists[pair]!);
      this.lists[pair] = EMPTY_LIST;
    }
    this.touched = [];
  }
}

function concatenate(left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(left.length + right.length);
  bytes.set(left);
  bytes.set(right, left.length);
  return bytes;
}

/** Bytes as a string that can be a key of a Map. */
function spelling(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
