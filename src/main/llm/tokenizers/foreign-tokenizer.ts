import { createHash } from 'node:crypto';
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { LoamError } from '../../../shared/errors.ts';
import { TimeLimitError, withinTime } from './time-limit.ts';
import { modelLimits, tokenizerLimits } from '../../../shared/models/limits.ts';
import { charactersToBytes } from './byte-characters.ts';
import { readMerges } from './bpe-merges.ts';
import { computableParts } from './foreign-parts.ts';
import { readDecoder } from './foreign-decoder.ts';
import { findEndOfText } from './end-of-text.ts';
import { displayBytes } from './token-bytes.ts';
import {
  brokenTokenizer,
  quoteValue,
  readVocabulary,
  uncomputedTokenizer,
  type TokenizerFile,
} from './tokenizer-json.ts';
import type { Tokenizer } from './tokenizer.ts';

const modelKinds: readonly string[] = ['BPE', 'WordPiece', 'Unigram'];

/**
 * A tokenizer that `@huggingface/tokenizers` runs: WordPiece, Unigram, and the BPE that byte-level-bpe.ts does not cover.
 * Special tokens of its file are not looked for in texts. `config` is the contents of tokenizer_config.json.
 *
 * Throws a LoamError when the library does not know or cannot read the file.
 */
export function createForeignTokenizer(
  file: TokenizerFile,
  json: string,
  config: unknown,
  where: string,
): Tokenizer {
  const kind = file.model.type ?? 'unknown';
  if (!modelKinds.includes(kind)) {
    throw uncomputedTokenizer(
      where,
      `a model of the kind ${quoteValue(kind)} (those known are ${modelKinds.join(', ')})`,
    );
  }
  requireReadableModel(file.model, where);
  const specialTokens = new Map(
    file.added_tokens.filter((token) => token.special).map((token) => [token.id, token.content]),
  );
  const idOfSpecialToken = new Map([...specialTokens].map(([id, content]) => [content, id]));
  const single = file.added_tokens.find((token) => !token.special && token.single_word);
  if (single !== undefined)
    throw uncomputedTokenizer(
      where,
      `a token that counts only as a word of its own (single_word), ${quoteValue(single.content)}`,
    );
  const { normalizer, preTokenizer, hasExpressions } = computableParts(file, where);
  const decode = readDecoder(file.decoder, where);
  const library = openWithLibrary({ ...file, normalizer, pre_tokenizer: preTokenizer }, where);
  const vocabulary = library.get_vocab(true);
  const endOfText = findEndOfText(
    (token) => idOfSpecialToken.get(token) ?? vocabulary.get(token),
    config,
    where,
  );

  const tokenTexts = new Map([...vocabulary].map(([text, id]) => [id, text]));
  let vocabularySize = 0;
  for (const id of [...tokenTexts.keys(), ...specialTokens.keys()])
    vocabularySize = Math.max(vocabularySize, id + 1);
  const bytesOfToken = tokenBytesReader(file);
  const fallsBackToBytes = file.model['byte_fallback'] === true;

  const idOfAddedToken = new Map(file.added_tokens.map(({ content, id }) => [content, id]));
  const model = library.model;
  /**
   * The ids of a piece that the model cut a text into. What the vocabulary lacks is its bytes, where the model falls back to
   * those and has them all, else the unknown token; a model without one leaves it out, as `tokenizers` does.
   */
  function idsOfPiece(piece: string): readonly number[] {
    const id = idOfAddedToken.get(piece) ?? model.tokens_to_ids.get(piece);
    if (id !== undefined) return [id];
    if (fallsBackToBytes) {
      const bytes = Array.from(encoder.encode(piece), (byte) => model.tokens_to_ids.get(byteToken(byte)));
      if (bytes.every((each) => each !== undefined)) return bytes;
    }
    return model.unk_token_id === undefined ? [] : [model.unk_token_id];
  }

  function tokenBytes(id: number): Uint8Array {
    const text = specialTokens.has(id) ? undefined : tokenTexts.get(id);
    return text === undefined ? new Uint8Array(0) : bytesOfToken(text);
  }

  return {
    kind: 'other',
    vocabularySize,
    endOfText,
    hash: createHash('sha256').update(json).digest('hex'),
    encode(text) {
      if (text === '') return new Uint32Array(0);
      const pieces = (): readonly string[] =>
        library.encode(text.toWellFormed(), { add_special_tokens: false }).tokens;
      return Uint32Array.from((hasExpressions ? withinLimit(pieces, where) : pieces()).flatMap(idsOfPiece));
    },
    decode(ids) {
      const texts = Array.from(ids).flatMap((id) => {
        const text = specialTokens.has(id) ? undefined : tokenTexts.get(id);
        return text === undefined ? [] : [text];
      });
      return texts.length === 0 ? '' : decode(texts).join('');
    },
    tokenBytes,
    tokenText: (id) => specialTokens.get(id) ?? displayBytes(tokenBytes(id)),
    toJson: () => json,
  };
}

/** Settings of BPE models that the library passes over. */
const notComputed = [
  ['dropout', 'merges that are left out at random'],
  ['continuing_subword_prefix', 'a prefix for what continues a word'],
] as const;

const piecesSchema = z
  .array(z.tuple([z.string().max(tokenizerLimits.tokenLength), z.number()]))
  .min(1)
  .max(modelLimits.vocabularySize);

/** What the library takes as it is besides the vocabulary. */
const settingsSchema = z.looseObject({
  unk_token: z.string().nullish(),
  continuing_subword_prefix: z.string().nullish(),
  end_of_word_suffix: z.string().nullish(),
  max_input_chars_per_word: z.int().min(0).nullish(),
  fuse_unk: z.boolean().nullish(),
  byte_fallback: z.boolean().nullish(),
  ignore_merges: z.boolean().nullish(),
});

/** Checks what the library takes as it is. @throws LoamError for a vocabulary that is broken or larger than is believed */
function requireReadableModel(model: TokenizerFile['model'], where: string): void {
  const settings = settingsSchema.safeParse(model);
  if (!settings.success) {
    const [issue] = settings.error.issues;
    throw brokenTokenizer(
      where,
      `The tokenizer’s model is broken at ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unreadable'}.`,
    );
  }
  for (const [setting, meaning] of model.type === 'BPE' ? notComputed : [])
    if (model[setting]) throw uncomputedTokenizer(where, `${meaning} (${setting})`);
  if (model.type !== 'Unigram') {
    const ids = readVocabulary(model['vocab'], where);
    if (model.type === 'BPE') readMerges(model['merges'], ids, where);
    return;
  }
  const pieces = piecesSchema.safeParse(model['vocab']);
  if (!pieces.success) {
    const [issue] = pieces.error.issues;
    throw brokenTokenizer(
      where,
      `The vocabulary is no list of tokens and their scores (at ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unreadable'}).`,
    );
  }
  const unknown = model['unk_id'];
  if (
    unknown !== undefined &&
    unknown !== null &&
    !(Number.isInteger(unknown) && pieces.data[unknown as number])
  )
    throw brokenTokenizer(
      where,
      `The token for what is unknown (unk_id ${quoteValue(unknown)}) is not in the vocabulary.`,
    );
}

function openWithLibrary(file: TokenizerFile, where: string): HuggingFaceTokenizer {
  try {
    // Settings of tokenizer_config.json are those of older classes; what counts is in the file.
    return new HuggingFaceTokenizer(withoutSpecialTokens(file), {});
  } catch (error) {
    throw brokenTokenizer(
      where,
      `The tokenizer cannot be read (${error instanceof Error ? error.message : String(error)}).`,
    );
  }
}

/** Milliseconds that expressions of a tokenizer may take for one text; published ones read a million signs in a fraction. */
const longestEncoding = 4000;

/** @throws LoamError when an expression of the file goes back and forth over the text without coming to an end. */
function withinLimit<Result>(work: () => Result, where: string): Result {
  let done: { readonly result: Result } | undefined;
  try {
    withinTime(() => {
      done = { result: work() };
    }, longestEncoding);
  } catch (error) {
    if (!(error instanceof TimeLimitError)) throw error;
    throw new LoamError(
      {
        kind: 'input',
        where,
        what: `The tokenizer’s expressions take too long: they were stopped after ${longestEncoding / 1000} seconds within one text.`,
        remedy: 'Take another tokenizer; this one’s regular expressions repeat repeats.',
      },
      { cause: error },
    );
  }
  if (done === undefined) throw new Error('Work under a limit of time has neither ended nor failed.');
  return done.result;
}

/** How SentencePiece writes a byte as a token. */
function byteToken(byte: number): string {
  return `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;
}

/**
 * A file by which no text is encoded to a special token. Unigram finds every entry of its vocabulary in a text, so there
 * special tokens get names that no well-formed text has: half a surrogate pair and their id.
 */
function withoutSpecialTokens(file: TokenizerFile): TokenizerFile {
  const added_tokens = file.added_tokens.filter((token) => !token.special);
  const pieces: unknown = file.model['vocab'];
  if (file.model.type !== 'Unigram' || !Array.isArray(pieces)) return { ...file, added_tokens };
  const special = new Set(file.added_tokens.filter((token) => token.special).map((token) => token.id));
  const vocab = pieces.map((piece: unknown, id) =>
    special.has(id) && Array.isArray(piece) ? [`\ud800${id}`, ...piece.slice(1)] : piece,
  );
  return { ...file, added_tokens, model: { ...file.model, vocab } };
}

const encoder = new TextEncoder();

/**
 * The bytes that a token's text stands for, by the file's decoder. A space that the decoder takes away at the start of
 * a text is counted; one that it adds between words without writing it in a token (WordPiece) is not.
 */
function tokenBytesReader(file: TokenizerFile): (text: string) => Uint8Array {
  const parts = JSON.stringify(file.decoder ?? {});
  if (parts.includes('"ByteLevel"')) return charactersToBytes;
  if (parts.includes('"WordPiece"')) return (text) => encoder.encode(text.replace(/^##/, ''));
  return (text) => {
    const byte = /^<0x([0-9A-Fa-f]{2})>$/.exec(text)?.[1];
    return byte === undefined
      ? encoder.encode(text.replaceAll('▁', ' '))
      : Uint8Array.of(Number.parseInt(byte, 16));
  };
}
