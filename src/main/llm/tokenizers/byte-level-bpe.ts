import { createHash } from 'node:crypto';
import { PairMerger, type Merge } from './pair-merger.ts';
import { createWordScanner, type WordPatternName, type WordScanner } from './pre-tokenizer.ts';
import { sliceAtWords } from './text-slices.ts';
import { displayBytes, TokenBytes } from './token-bytes.ts';
import type { Tokenizer } from './tokenizer.ts';
import { WordTable } from './word-table.ts';

/** What a byte-level BPE tokenizer is made of. */
export interface ByteLevelBpe {
  /**
   * The bytes of every token by id; none for special tokens and for ids that are not used. A byte that is no token, in
   * a vocabulary trained without the byte alphabet, is left out of what is encoded, as `tokenizers` does.
   */
  readonly tokens: readonly Uint8Array[];
  /** Texts of special tokens by id. */
  readonly specialTokens: ReadonlyMap<number, string>;
  /** Tokens that are no special tokens and yet are found in a text before it is cut into words, such as `<think>`. */
  readonly addedTokens: ReadonlyMap<string, number>;
  /** In the order of their ranks. */
  readonly merges: readonly Merge[];
  readonly pattern: WordPatternName;
  /** A word that is a token as a whole is taken as it is, whatever the merges say (`ignore_merges` of Llama 3). */
  readonly wholeWordsFirst: boolean;
  /** Unicode normal form that a text gets before it is encoded. */
  readonly normalization: 'NFC' | undefined;
  readonly endOfText: number;
  /** The contents of its tokenizer.json. */
  readonly json: string;
}

/** Words whose ids are remembered, and their bytes; when either is full the cache starts anew. About 10 MB. */
const CACHED_WORDS = 2 ** 17;
const CACHED_BYTES = 2 ** 21;
/** Longer words are rare and not remembered. */
const LONGEST_CACHED_WORD = 128;
/** Room for ids that is kept from one text to the next. */
const LARGEST_KEPT_OUTPUT = 2 ** 20;

/** A tokenizer over a definition. Encoding runs at tens of megabytes a second once the frequent words are cached. */
export function createByteLevelBpeTokenizer(definition: ByteLevelBpe): Tokenizer {
  const { specialTokens, json } = definition;
  const tokenBytes = new TokenBytes(definition.tokens);
  const encoder = new ByteLevelEncoder(definition);
  return {
    kind: 'bpe',
    vocabularySize: definition.tokens.length,
    endOfText: definition.endOfText,
    hash: createHash('sha256').update(json).digest('hex'),
    encode: (text) => encoder.encode(text),
    decode: (ids) => tokenBytes.decode(ids),
    tokenBytes: (id) => tokenBytes.of(id),
    tokenText: (id) => specialTokens.get(id) ?? displayBytes(tokenBytes.of(id)),
    toJson: () => json,
  };
}

class ByteLevelEncoder {
  private readonly scan: WordScanner;
  private readonly normalization: 'NFC' | undefined;
  /** Finds added tokens in a text; undefined when there are none. */
  private readonly addedToken: RegExp | undefined;
  private readonly idOfAddedToken: ReadonlyMap<string, number>;
  private readonly merger: PairMerger;
  /** −1 for a byte that the vocabulary lacks. */
  private readonly idOfByte = new Int32Array(256).fill(-1);
  /** Tokens by their bytes, where whole words come first. */
  private readonly idOfWord: WordTable | undefined;
  private readonly idsOfWords: number[] = [];

  private readonly textEncoder = new TextEncoder();
  private utf8 = new Uint8Array(0);
  private word = new Int32Array(256);
  private output = new Uint32Array(1024);
  private outputLength = 0;

  private readonly cache = new WordTable(CACHED_WORDS);
  /** The cached word w has the ids cachedIds[cachedStarts[w]] … cachedIds[cachedStarts[w + 1] − 1]. */
  private readonly cachedStarts = new Int32Array(CACHED_WORDS + 1);
  private readonly cachedIds = new Uint32Array(CACHED_BYTES);

  constructor(definition: ByteLevelBpe) {
    this.scan = createWordScanner(definition.pattern);
    this.merger = new PairMerger(definition.merges);
    this.normalization = definition.normalization;
    this.idOfAddedToken = definition.addedTokens;
    this.addedToken = matcherOf([...definition.addedTokens.keys()]);
    if (definition.wholeWordsFirst) this.idOfWord = new WordTable(definition.tokens.length);
    definition.tokens.forEach((bytes, id) => {
      if (bytes.length === 1 && this.idOfByte[bytes[0]!]! < 0) this.idOfByte[bytes[0]!] = id;
      if (this.idOfWord !== undefined && bytes.length > 0 && this.idOfWord.find(bytes, 0, bytes.length) < 0) {
        this.idOfWord.add(bytes, 0, bytes.length);
        this.idsOfWords.push(id);
      }
    });
  }

  encode(text: string): Uint32Array {
    this.outputLength = 0;
    if (this.addedToken === undefined) {
      this.encodePlainText(text);
    } else {
      // split() with a capturing group gives plain text and added tokens in turn.
      text.split(this.addedToken).forEach((part, index) => {
        if (index % 2 === 0) {
          this.encodePlainText(part);
        } else {
          this.reserveOutput(1);
          this.output[this.outputLength++] = this.idOfAddedToken.get(part)!;
        }
      });
    }
    const ids = this.output.slice(0, this.outputLength);
    if (this.output.length > LARGEST_KEPT_OUTPUT) this.output = new Uint32Array(1024);
    return ids;
  }

  private encodePlainText(text: string): void {
    const normalised = this.normalization === undefined ? text : text.normalize(this.normalization);
    for (const slice of sliceAtWords(normalised)) {
      if (this.utf8.length < slice.length * 3) this.utf8 = new Uint8Array(slice.length * 3);
      const end = this.textEncoder.encodeInto(slice, this.utf8).written;
      // No word has more tokens than bytes.
      this.reserveOutput(end);
      for (let start = 0; start < end;) {
        const wordEnd = this.scan(this.utf8, start, end);
        this.encodeWord(start, wordEnd);
        start = wordEnd;
      }
    }
  }

  /** Appends the ids of the word utf8[start … end] to the output. */
  private encodeWord(start: number, end: number): void {
    const cached = this.cache.find(this.utf8, start, end);
    if (cached >= 0) {
      const idsEnd = this.cachedStarts[cached + 1]!;
      for (let index = this.cachedStarts[cached]!; index < idsEnd; index++) {
        this.output[this.outputLength++] = this.cachedIds[index]!;
      }
      return;
    }
    const length = this.mergeWord(start, end);
    for (let index = 0; index < length; index++) this.output[this.outputLength++] = this.word[index]!;
    if (end - start <= LONGEST_CACHED_WORD) this.remember(start, end, length);
  }

  /** Puts the ids of a word into `word` and gives their number. */
  private mergeWord(start: number, end: number): number {
    const whole = this.idOfWord === undefined ? -1 : this.idOfWord.find(this.utf8, start, end);
    if (whole >= 0) {
      this.word[0] = this.idsOfWords[whole]!;
      return 1;
    }
    const length = end - start;
    if (this.word.length < length) this.word = new Int32Array(length * 2);
    let known = 0;
    for (let index = start; index < end; index++) {
      const id = this.idOfByte[this.utf8[index]!]!;
      if (id >= 0) this.word[known++] = id;
    }
    return this.merger.merge(this.word, known);
  }

  private remember(start: number, end: number, length: number): void {
    if (this.cache.size === CACHED_WORDS || this.cache.byteLength + end - start > CACHED_BYTES)
      this.cache.clear();
    const cached = this.cache.add(this.utf8, start, end);
    const offset = this.cachedStarts[cached]!;
    for (let index = 0; index < length; index++) this.cachedIds[offset + index] = this.word[index]!;
    this.cachedStarts[cached + 1] = offset + length;
  }

  private reserveOutput(ids: number): void {
    const needed = this.outputLength + ids;
    if (needed <= this.output.length) return;
    const grown = new Uint32Array(Math.max(needed, this.output.length * 2));
    grown.set(this.output.subarray(0, this.outputLength));
    this.output = grown;
  }
}

/** Matches any of the texts, the longest where several begin; undefined when there are none. */
function matcherOf(texts: readonly string[]): RegExp | undefined {
  if (texts.length === 0) return undefined;
  const longestFirst = texts.toSorted((a, b) => b.length - a.length);
  return new RegExp(
    `(${longestFirst.map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)).join('|')})`,
  );
}
