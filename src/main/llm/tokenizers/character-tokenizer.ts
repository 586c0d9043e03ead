import { createHash } from 'node:crypto';
import { findEndOfText } from './end-of-text.ts';
import { writeOrderedJson } from './ordered-json.ts';
import { TokenBytes } from './token-bytes.ts';
import { bpeModel, readVocabulary, tokenizerFile, type TokenizerFile } from './tokenizer-json.ts';
import { END_OF_TEXT, type Tokenizer } from './tokenizer.ts';

/**
 * The token for characters that the vocabulary lacks: U+FFFD, the character that Unicode has for this. As an ordinary
 * token (not a special one like `<unk>`) it decodes to itself here and in `tokenizers` alike, and no text forges it.
 */
const UNKNOWN_CHARACTER = '\uFFFD';

/** What a character-level tokenizer is made of. */
interface CharacterVocabulary {
  /** Character (one code point) → id. Has U+FFFD. */
  readonly ids: ReadonlyMap<string, number>;
  /** Texts of special tokens by id. */
  readonly specialTokens: ReadonlyMap<number, string>;
  readonly vocabularySize: number;
  readonly endOfText: number;
  readonly json: string;
}

/**
 * A character-level tokenizer with id 0 for `<|endoftext|>`, 1 for unknown characters, and then the characters of the
 * text in the order of their code points.
 */
export function characterTokenizerOf(characters: ReadonlySet<number>): Tokenizer {
  const codePoints = [...characters].filter((codePoint) => !isReplaced(codePoint)).sort((a, b) => a - b);
  const texts = [
    END_OF_TEXT,
    UNKNOWN_CHARACTER,
    ...codePoints.map((codePoint) => String.fromCodePoint(codePoint)),
  ];
  const specialTokens = new Map([[0, END_OF_TEXT]]);
  const vocabulary = new Map(texts.map((text, id) => [text, id]));
  const json = writeOrderedJson(
    tokenizerFile({
      specialTokens,
      preTokenizer: null,
      decoder: { type: 'Fuse' },
      // BPE without merges leaves every character by itself; all readers of tokenizer.json know BPE.
      model: bpeModel({ vocabulary, merges: [], unknownToken: UNKNOWN_CHARACTER }),
    }),
  );
  const ids = new Map([...vocabulary].slice(1));
  return createCharacterTokenizer({ ids, specialTokens, vocabularySize: texts.length, endOfText: 0, json });
}

/** Surrogates without their other half, and U+FFFD itself, are the unknown character. */
function isReplaced(codePoint: number): boolean {
  return codePoint === 0xfffd || (codePoint >= 0xd800 && codePoint <= 0xdfff);
}

function isOneCodePoint(text: string): boolean {
  return text !== '' && text === String.fromCodePoint(text.codePointAt(0)!);
}

/**
 * The character-level tokenizer in a tokenizer.json of the form that `characterTokenizerOf` writes, else undefined.
 * Throws a LoamError when its vocabulary is broken.
 */
export function characterTokenizerFromJson(
  file: TokenizerFile,
  json: string,
  config: unknown,
  where: string,
): Tokenizer | undefined {
  const { model } = file;
  const isCovered =
    model.type === 'BPE' &&
    Array.isArray(model['merges']) &&
    model['merges'].length === 0 &&
    model['unk_token'] === UNKNOWN_CHARACTER &&
    !model['fuse_unk'] &&
    !model['byte_fallback'] &&
    !model['end_of_word_suffix'] &&
    !model['continuing_subword_prefix'] &&
    file.normalizer === null &&
    file.pre_tokenizer === null &&
    file.decoder?.type === 'Fuse' &&
    file.added_tokens.every((token) => token.special);
  if (!isCovered) return undefined;

  const vocabulary = readVocabulary(model['vocab'], where);
  const specialTokens = new Map(file.added_tokens.map((token) => [token.id, token.content]));
  const ids = new Map([...vocabulary].filter(([, id]) => !specialTokens.has(id)));
  if (!ids.has(UNKNOWN_CHARACTER) || ![...ids.keys()].every(isOneCodePoint)) return undefined;
  const idOfSpecialToken = new Map([...specialTokens].map(([id, content]) => [content, id]));
  return createCharacterTokenizer({
    ids,
    specialTokens,
    vocabularySize: [...ids.values(), ...specialTokens.keys()].reduce(
      (size, id) => Math.max(size, id + 1),
      0,
    ),
    endOfText: findEndOfText((token) => idOfSpecialToken.get(token), config, where),
    json,
  });
}

function createCharacterTokenizer(vocabulary: CharacterVocabulary): Tokenizer {
  const { ids, specialTokens, vocabularySize, json } = vocabulary;
  const texts = Array.from({ length: vocabularySize }, () => '');
  const highest = [...ids.keys()].reduce((highest, text) => Math.max(highest, text.codePointAt(0)!), 0);
  const idOfCodePoint = new Uint32Array(highest + 1).fill(ids.get(UNKNOWN_CHARACTER)!);
  for (const [text, id] of ids) {
    texts[id] = text;
    idOfCodePoint[text.codePointAt(0)!] = id;
  }
  const unknown = ids.get(UNKNOWN_CHARACTER)!;
  const encoder = new TextEncoder();
  const tokenBytes = new TokenBytes(texts.map((text) => encoder.encode(text)));

  return {
    kind: 'char',
    vocabularySize,
    endOfText: vocabulary.endOfText,
    hash: createHash('sha256').update(json).digest('hex'),
    encode(text) {
      const output = new Uint32Array(text.length);
      let length = 0;
      for (let index = 0; index < text.length; index++) {
        const codePoint = text.codePointAt(index)!;
        if (codePoint > 0xffff) index++;
        output[length++] = idOfCodePoint[codePoint] ?? unknown;
      }
      return output.slice(0, length);
    },
    decode: (tokens) => Array.from(tokens, (id) => texts[id] ?? '').join(''),
    tokenBytes: (id) => tokenBytes.of(id),
    tokenText: (id) => specialTokens.get(id) ?? texts[id] ?? '',
    toJson: () => json,
  };
}
