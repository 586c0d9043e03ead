import { setImmediate as nextTurn } from 'node:timers/promises';
import { PairStatistics } from './pair-statistics.ts';
import { SymbolWords } from './symbol-words.ts';
import type { WordCounts } from './word-counts.ts';
import { EMPTY_LIST } from './word-lists.ts';

export interface BpeTrainingOptions {
  readonly words: WordCounts;
  /** The bytes of the tokens that exist before any merge, by id; every byte that occurs is one of them. */
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

/**
 * Learns byte-pair merges (Sennrich et al. 2016, §3.2, algorithm 1): the most frequent pair of neighbours becomes a
 * token, again and again. Ties go to the pair with the smaller left id, then the smaller right id, so the result is a
 * function of the counts alone. Ids and merges are those of BpeTrainer in Hugging Face `tokenizers`.
 *
 * Throws the signal's reason when it is aborted.
 */
export async function learnMerges(options: BpeTrainingOptions): Promise<LearnedMerges> {
  const { vocabularySize, minimumFrequency } = options;
  const vocabulary = new Vocabulary(options.initialTokens);
  const words = new SymbolWords(options.words, idsOfBytes(options.initialTokens));
  const statistics = new PairStatistics();
  const { lists } = statistics;
  const turns = new Turns(() => options.onProgress?.(vocabulary.size), options.signal);

  for (let word = 0; word < words.size; word++) {
    words.visitPairs(word, statistics.change);
    if (turns.isOver(words.length(word))) await turns.next();
  }
  statistics.queueAppeared();

  const merges = new Map<string, readonly [number, number]>();
  while (vocabulary.size < vocabularySize) {
    const pair = statistics.takeMostFrequent();
    if (pair === undefined || pair.count < Math.max(1, minimumFrequency)) break;
    const { left, right } = pair;
    const merged = vocabulary.idOf(concatenate(vocabulary.bytes(left), vocabulary.bytes(right)));
    // Where two pairs spell one token, a pair may come up twice; its later rank counts.
    const key = `${left} ${right}`;
    merges.delete(key);
    merges.set(key, [left, right]);

    let symbols = 0;
    for (let node = pair.words; node !== EMPTY_LIST; node = lists.release(node)) {
      const word = lists.word(node);
      symbols += words.length(word);
      words.replacePair(word, left, right, merged, statistics.change);
    }
    statistics.queueAppeared();
    if (turns.isOver(symbols)) await turns.next();
  }
  return { tokens: vocabulary.tokens, merges: [...merges.values()] };
}

/** By byte, the id of its one-byte token. */
function idsOfBytes(tokens: readonly Uint8Array[]): Int32Array {
  const ids = new Int32Array(256);
  tokens.forEach((bytes, id) => {
    if (bytes.length === 1) ids[bytes[0]!] = id;
  });
  return ids;
}

/** Tokens by id and ids by bytes. */
class Vocabulary {
  readonly tokens: Uint8Array[] = [];
  private readonly ids = new Map<string, number>();

  constructor(tokens: readonly Uint8Array[]) {
    for (const bytes of tokens) this.idOf(bytes);
  }

  get size(): number {
    return this.tokens.length;
  }

  bytes(id: number): Uint8Array {
    return this.tokens[id]!;
  }

  /** The id of the token with these bytes, which gets the next id when it is new. */
  idOf(bytes: Uint8Array): number {
    const spelling = Buffer.from(bytes).toString('latin1');
    const known = this.ids.get(spelling);
    if (known !== undefined) return known;
    const id = this.tokens.push(bytes) - 1;
    this.ids.set(spelling, id);
    return id;
  }
}

/** Work, in symbols, between two turns of the event loop: some ten milliseconds. */
const WORK_PER_TURN = 2 ** 20;
/** What a step costs besides its symbols. */
const WORK_PER_STEP = 64;

/** Lets the event loop run from time to time, so that progress shows and an abort is heard. */
class Turns {
  private work = 0;
  private readonly report: () => void;
  private readonly signal: AbortSignal | undefined;

  constructor(report: () => void, signal: AbortSignal | undefined) {
    this.report = report;
    this.signal = signal;
  }

  /** Counts a step's work and says whether it is time for the next turn. */
  isOver(symbols: number): boolean {
    this.work += symbols + WORK_PER_STEP;
    return this.work >= WORK_PER_TURN;
  }

  async next(): Promise<void> {
    this.work = 0;
    this.report();
    await nextTurn();
    this.signal?.throwIfAborted();
  }
}

function concatenate(left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(left.length + right.length);
  bytes.set(left);
  bytes.set(right, left.length);
  return bytes;
}
