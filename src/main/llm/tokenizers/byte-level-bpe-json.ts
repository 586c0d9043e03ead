import { bytesToCharacters, charactersToBytes } from './byte-characters.ts';
import { readMerges } from './bpe-merges.ts';
import type { ByteLevelBpe } from './byte-level-bpe.ts';
import type { LearnedMerges } from './bpe-training.ts';
import { findEndOfText } from './end-of-text.ts';
import { writeOrderedJson, type OrderedJson } from './ordered-json.ts';
import { wordPatterns, type WordPatternName } from './pre-tokenizer.ts';
import {
  bpeModel,
  readVocabulary,
  tokenizerFile,
  type AddedToken,
  type TokenizerFile,
} from './tokenizer-json.ts';

const NO_BYTES = new Uint8Array(0);

/**
 * The tokenizer.json of a trained byte-level BPE tokenizer, byte for byte as `tokenizers` saves the same.
 * Special tokens have no bytes in `tokens`; their texts are in `specialTokens`.
 */
export function byteLevelBpeToJson(
  learned: LearnedMerges,
  specialTokens: ReadonlyMap<number, string>,
  pattern: WordPatternName,
): string {
  const texts = learned.tokens.map((bytes, id) => specialTokens.get(id) ?? bytesToCharacters(bytes));
  return writeOrderedJson(
    tokenizerFile({
      specialTokens,
      preTokenizer: preTokenizerJson(pattern),
      decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
      model: bpeModel({
        vocabulary: new Map(texts.map((text, id) => [text, id])),
        merges: learned.merges.map(([left, right]) => [texts[left]!, texts[right]!]),
      }),
    }),
  );
}

function preTokenizerJson(pattern: WordPatternName): OrderedJson {
  if (pattern === 'gpt2')
    return { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  return {
    type: 'Sequence',
    pretokenizers: [
      { type: 'Split', pattern: { Regex: wordPatterns[pattern] }, behavior: 'Isolated', invert: false },
      { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
    ],
  };
}

/**
 * The definition in a tokenizer.json when it is a byte-level BPE of a kind that the fast path covers, else undefined.
 * Throws a LoamError when it is one and broken: a merge of unknown tokens, an id twice.
 */
export function byteLevelBpeFromJson(
  file: TokenizerFile,
  json: string,
  config: unknown,
  where: string,
): ByteLevelBpe | undefined {
  const { model } = file;
  const pattern = recognisePattern(file.pre_tokenizer);
  const isCovered =
    (model.type === 'BPE' || (model.type === undefined && 'merges' in model)) &&
    pattern !== undefined &&
    file.decoder?.type === 'ByteLevel' &&
    (file.normalizer === null || file.normalizer.type === 'NFC') &&
    !model['dropout'] &&
    !model['continuing_subword_prefix'] &&
    !model['end_of_word_suffix'] &&
    !model['byte_fallback'] &&
    file.added_tokens.every((token) => token.special || isLiteral(token, file.normalizer !== null));
  if (!isCovered) return undefined;

  const ids = readVocabulary(model['vocab'], where);
  const hasEveryByte = Array.from({ length: 256 }, (_, byte) => bytesToCharacters([byte])).every((text) =>
    ids.has(text),
  );
  if (!hasEveryByte && typeof model['unk_token'] === 'string') return undefined;

  const specialTokens = new Map(
    file.added_tokens.filter((token) => token.special).map((token) => [token.id, token.content]),
  );
  const addedTokens = new Map(
    file.added_tokens.filter((token) => !token.special).map((token) => [token.content, token.id]),
  );
  const idOfSpecialToken = new Map([...specialTokens].map(([id, content]) => [content, id]));
  return {
    tokens: bytesById(ids, specialTokens, addedTokens),
    specialTokens,
    addedTokens,
    merges: readMerges(model['merges'], ids, where),
    pattern,
    wholeWordsFirst: model['ignore_merges'] === true,
    normalization: file.normalizer === null ? undefined : 'NFC',
    endOfText: findEndOfText((token) => idOfSpecialToken.get(token) ?? ids.get(token), config, where),
    json,
  };
}

/** Whether an added token is found wherever its text stands, before the text is normalised. */
function isLiteral(token: AddedToken, isNormalised: boolean): boolean {
  return (
    token.content !== '' &&
    !token.single_word &&
    !token.lstrip &&
    !token.rstrip &&
    !(isNormalised && token.normalized)
  );
}

function recognisePattern(preTokenizer: TokenizerFile['pre_tokenizer']): WordPatternName | undefined {
  if (preTokenizer === null) return undefined;
  if (preTokenizer.type === 'ByteLevel') {
    return preTokenizer['add_prefix_space'] === false && preTokenizer['use_regex'] !== false
      ? 'gpt2'
      : undefined;
  }
  const names: readonly WordPatternName[] = ['gpt4', 'qwen', 'gpt2'];
  return names.find((name) => isSplitByPattern(preTokenizer, wordPatterns[name]));
}

/** Whether a pre-tokenizer is Sequence[Split(regex, isolated), ByteLevel without its own regex]. */
function isSplitByPattern(preTokenizer: NonNullable<TokenizerFile['pre_tokenizer']>, regex: string): boolean {
  const parts: unknown = preTokenizer['pretokenizers'];
  if (preTokenizer.type !== 'Sequence' || !Array.isArray(parts) || parts.length !== 2) return false;
  const [split, byteLevel]: readonly unknown[] = parts;
  return (
    matches(split, { type: 'Split', behavior: 'Isolated', invert: false }) &&
    matches(split['pattern'], { Regex: regex }) &&
    matches(byteLevel, { type: 'ByteLevel', add_prefix_space: false, use_regex: false })
  );
}

function matches(
  value: unknown,
  expected: Readonly<Record<string, unknown>>,
): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const entries = new Map(Object.entries(value));
  return Object.entries(expected).every(([key, member]) => entries.get(key) === member);
}

function bytesById(
  ids: ReadonlyMap<string, number>,
  specialTokens: ReadonlyMap<number, string>,
  addedTokens: ReadonlyMap<string, number>,
): readonly Uint8Array[] {
  let size = 0;
  for (const id of [...ids.values(), ...specialTokens.keys(), ...addedTokens.values()])
    size = Math.max(size, id + 1);
  const tokens = Array.from<unknown, Uint8Array>({ length: size }, () => NO_BYTES);
  for (const [text, id] of [...ids, ...addedTokens]) {
    if (!specialTokens.has(id)) tokens[id] = charactersToBytes(text);
  }
  return tokens;
}
