import { z } from 'zod';

/** The longest text that is encoded token by token for a page, in UTF-16 code units. */
export const longestEncodedText = 20_000;

/**
 * What a token stands for: `text` whole characters; `bytes` part of a character; `unknown` characters that the vocabulary
 * lacks; `special` no text but a sign, such as the end of a document; `unused` nothing: the id is free.
 */
export const tokenKinds = ['text', 'bytes', 'unknown', 'special', 'unused'] as const;

const vocabularyTokenSchema = z.strictObject({
  id: z.int().nonnegative(),
  /** As a person reads it; `<0xE2>` for each byte that is part of a character. */
  text: z.string(),
  /** In hexadecimal, two digits a byte; empty where it stands for no text. */
  bytes: z.string(),
  kind: z.enum(tokenKinds),
});
export type VocabularyToken = z.output<typeof vocabularyTokenSchema>;

export const encodedTokenSchema = vocabularyTokenSchema.extend({
  /** Where it stands in the text, in UTF-16 code units; a token that is part of a character has the character's place. */
  start: z.int().nonnegative(),
  end: z.int().nonnegative(),
});
export type EncodedToken = z.output<typeof encodedTokenSchema>;

export const encodedTextSchema = z.strictObject({
  tokens: z.array(encodedTokenSchema),
  /** Unicode code points. */
  characters: z.int().nonnegative(),
  words: z.int().nonnegative(),
  /** In UTF-8. */
  bytes: z.int().nonnegative(),
  /** Whether decoding the tokens gives the same text back. */
  restored: z.boolean(),
});
export type EncodedText = z.output<typeof encodedTextSchema>;

/** A page of a vocabulary. */
export const vocabularySchema = z.strictObject({
  /** How many tokens there are, or were found. */
  total: z.int().nonnegative(),
  tokens: z.array(vocabularyTokenSchema),
});
export type Vocabulary = z.output<typeof vocabularySchema>;

/** How well a tokenizer fits a text. Ratios are null for a text that has none of what is counted. */
export const tokenizerFitSchema = z.strictObject({
  name: z.string(),
  vocabularySize: z.int().positive(),
  tokens: z.int().nonnegative(),
  /** How many different ones occur. */
  distinctTokens: z.int().nonnegative(),
  tokensPerWord: z.number().nullable(),
  bytesPerToken: z.number().nullable(),
  charactersPerToken: z.number().nullable(),
  /** Share of tokens that are only part of a character. */
  partialShare: z.number().nullable(),
  /** Share of tokens that stand for characters that the vocabulary lacks. */
  unknownShare: z.number().nullable(),
  /** Share of the text that such tokens stand for: it is lost, no model can read or write it. */
  lostShare: z.number().nullable(),
  restored: z.boolean(),
});
export type TokenizerFit = z.output<typeof tokenizerFitSchema>;

export const tokenizerComparisonSchema = z.strictObject({
  /** What was compared on. */
  sample: z.strictObject({
    characters: z.int().nonnegative(),
    words: z.int().nonnegative(),
    bytes: z.int().nonnegative(),
  }),
  tokenizers: z.array(tokenizerFitSchema),
});
export type TokenizerComparison = z.output<typeof tokenizerComparisonSchema>;
