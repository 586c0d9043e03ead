import type { TextFrame } from './text-frame.ts';

/** Text of the token that ends a document. It separates documents in training data and stops generation. */
export const END_OF_TEXT = '<|endoftext|>';

/**
 * Turns text into token ids and back. Ids are 0 … vocabularySize − 1.
 *
 * - `bpe`: byte-level byte-pair encoding (Sennrich et al. 2016, "Neural Machine Translation of Rare Words with
 *   Subword Units", §3.2; over bytes as in Radford et al. 2019, GPT-2, §2.2). Any text can be encoded and comes
 *   back unchanged.
 * - `char`: one token a Unicode code point. Characters that the vocabulary lacks come back as U+FFFD.
 * - `other`: a foreign tokenizer (WordPiece, Unigram, …). Decoding may not give back the exact text.
 */
export interface Tokenizer {
  readonly kind: 'bpe' | 'char' | 'other';
  /** Number of rows that an embedding for this tokenizer needs. */
  readonly vocabularySize: number;
  /** Id of the token that ends a document, `<|endoftext|>` in tokenizers trained here. */
  readonly endOfText: number;
  /** What belongs around a text that stands by itself, a prompt; absent where nothing does. `encode` does not add it. */
  readonly frame?: TextFrame | undefined;
  /** SHA-256 of the bytes of tokenizer.json, in hexadecimal. */
  readonly hash: string;
  /**
   * Ids of the tokens of a text. No special token is added, and one that is spelled out in the text is encoded as
   * the plain text it is, so that data cannot forge the end of a document. Lone surrogates become U+FFFD.
   */
  encode(text: string): Uint32Array;
  /** The text of some ids. Special tokens are skipped; bytes that are no valid UTF-8 become U+FFFD. */
  decode(ids: ArrayLike<number>): string;
  /** The UTF-8 bytes that a token stands for; none for a special token. The bytes may be part of a character. */
  tokenBytes(id: number): Uint8Array;
  /** A token as a person reads it: its text, `<0xE2>` for each byte that is part of a character alone. */
  tokenText(id: number): string;
  /** The contents of tokenizer.json, as the Hugging Face `tokenizers` library reads it. */
  toJson(): string;
}
