import { z } from 'zod';
import { LoamError } from '../../../shared/errors.ts';
import { modelLimits, tokenizerLimits } from '../../../shared/models/limits.ts';
import { parseForeignJson } from '../files/foreign-json.ts';
import type { OrderedJson } from './ordered-json.ts';

/** A token with rules of its own, as tokenizer.json lists them under `added_tokens`. */
const addedTokenSchema = z.looseObject({
  id: z
    .int()
    .min(0)
    .max(modelLimits.vocabularySize - 1, {
      error: ({ input }) =>
        `the id ${Number(input).toLocaleString('en')} is more than is believed here, at most ${(modelLimits.vocabularySize - 1).toLocaleString('en')}`,
    }),
  content: z.string().max(tokenizerLimits.tokenLength),
  single_word: z.boolean().default(false),
  lstrip: z.boolean().default(false),
  rstrip: z.boolean().default(false),
  normalized: z.boolean().default(true),
  special: z.boolean().default(false),
});

const partSchema = z
  .looseObject({ type: z.string() })
  .nullish()
  .transform((part) => part ?? null);

const tokenizerFileSchema = z.looseObject({
  added_tokens: z
    .array(addedTokenSchema)
    .max(tokenizerLimits.addedTokens)
    .nullish()
    .transform((tokens) => tokens ?? []),
  normalizer: partSchema,
  pre_tokenizer: partSchema,
  post_processor: partSchema,
  decoder: partSchema,
  model: z.looseObject({ type: z.string().optional() }),
});

/**
 * A tokenizer.json whose outline is right: github.com/huggingface/tokenizers is its specification. What a part holds
 * besides its type is checked by who reads that part.
 */
export type TokenizerFile = z.output<typeof tokenizerFileSchema>;
export type AddedToken = z.output<typeof addedTokenSchema>;

const REMEDY =
  'Take the file from its source again; it should be a tokenizer.json of the Hugging Face tokenizers library.';

/** A LoamError about a tokenizer file. `where` names the file. */
export function brokenTokenizer(where: string, what: string): LoamError {
  return new LoamError({ kind: 'input', what, where, remedy: REMEDY });
}

/** A LoamError about a feature of a tokenizer that would be computed otherwise here than by `tokenizers`, and so is not. */
export function uncomputedTokenizer(where: string, feature: string): LoamError {
  return new LoamError({
    kind: 'input',
    what: `The tokenizer has ${feature}, which is not computed here.`,
    where,
    remedy: 'Take another tokenizer, or learn one from your own texts.',
  });
}

/** Reads the text of a tokenizer.json. `where` names the file in errors. Throws a LoamError when it is broken. */
export function parseTokenizerFile(text: string, where: string): TokenizerFile {
  let json: unknown;
  try {
    json = parseForeignJson(text);
  } catch (error) {
    throw brokenTokenizer(where, `The tokenizer ${error instanceof Error ? error.message : String(error)}.`);
  }
  const parsed = tokenizerFileSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue === undefined || issue.path.length === 0 ? 'the whole file' : issue.path.join('.');
  throw brokenTokenizer(where, `The tokenizer is broken at ${path}: ${issue?.message ?? 'unknown error'}.`);
}

/** A value of a foreign file as a message shows it. */
export function quoteValue(value: unknown): string {
  const json = JSON.stringify(value) ?? 'nothing';
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
}

/** The vocabulary of a model as token → id. Throws a LoamError unless it is an object of whole numbers, each used once. */
export function readVocabulary(vocabulary: unknown, where: string): ReadonlyMap<string, number> {
  if (typeof vocabulary !== 'object' || vocabulary === null || Array.isArray(vocabulary)) {
    throw brokenTokenizer(where, 'The vocabulary is not an object of tokens and their ids.');
  }
  const ids = new Map<string, number>();
  const used = new Set<number>();
  for (const [token, id] of Object.entries(vocabulary)) {
    // Arrays of that length are made.
    if (!Number.isInteger(id) || id < 0 || id >= modelLimits.vocabularySize) {
      throw brokenTokenizer(
        where,
        `The vocabulary gives the token ${quoteValue(token)} the id ${quoteValue(id)}, which is no whole number from 0 to ${modelLimits.vocabularySize - 1}.`,
      );
    }
    if (token.length > tokenizerLimits.tokenLength)
      throw brokenTokenizer(
        where,
        `The vocabulary has a token of ${token.length.toLocaleString('en')} characters (${quoteValue(token)}); at most ${tokenizerLimits.tokenLength.toLocaleString('en')} are read.`,
      );
    if (used.has(id))
      throw brokenTokenizer(
        where,
        `The vocabulary gives the id ${id} to two tokens; one is ${quoteValue(token)}.`,
      );
    used.add(id);
    ids.set(token, id);
  }
  return ids;
}

/** The contents of tokenizer.json around a model, in the order of keys of `tokenizers`. */
export function tokenizerFile(parts: {
  readonly specialTokens: ReadonlyMap<number, string>;
  /** Tokens that are found in texts before these are cut into words, and are part of the text. */
  readonly plainTokens?: ReadonlyMap<number, string>;
  readonly normalizer?: OrderedJson;
  readonly preTokenizer: OrderedJson;
  readonly postProcessor?: OrderedJson;
  readonly decoder: OrderedJson;
  readonly model: OrderedJson;
}): OrderedJson {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [
      ...[...parts.specialTokens].map((token) => addedToken(token, true)),
      ...[...(parts.plainTokens ?? [])].map((token) => addedToken(token, false)),
    ],
    normalizer: parts.normalizer ?? null,
    pre_tokenizer: parts.preTokenizer,
    post_processor: parts.postProcessor ?? null,
    decoder: parts.decoder,
    model: parts.model,
  };
}

const addedToken = ([id, content]: readonly [number, string], special: boolean): OrderedJson => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special,
});

/** The BPE model of a tokenizer.json, in the order of keys of `tokenizers`. */
export function bpeModel(parts: {
  readonly vocabulary: ReadonlyMap<string, number>;
  /** Pairs of tokens, in the order of their ranks. */
  readonly merges: readonly (readonly string[])[];
  /** Stands for what the vocabulary lacks. Default: that is left out. */
  readonly unknownToken?: string;
  /** Whether several unknown characters are one unknown token. */
  readonly fuseUnknown?: boolean;
  /** Whether unknown characters become tokens of their bytes. */
  readonly byteFallback?: boolean;
  /** Whether a word that is a token is taken whole, whatever the merges would make of it. */
  readonly ignoreMerges?: boolean;
}): OrderedJson {
  return {
    type: 'BPE',
    dropout: null,
    unk_token: parts.unknownToken ?? null,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: parts.fuseUnknown ?? false,
    byte_fallback: parts.byteFallback ?? false,
    ignore_merges: parts.ignoreMerges ?? false,
    vocab: parts.vocabulary,
    merges: parts.merges,
  };
}
