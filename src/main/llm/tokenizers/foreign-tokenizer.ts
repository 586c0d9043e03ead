import { createHash } from 'node:crypto';
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { modelLimits, tokenizerLimits } from '../../../shared/models/limits.ts';
import { charactersToBytes } from './byte-characters.ts';
import { readMerges } from './bpe-merges.ts';
import { findEndOfText } from './end-of-text.ts';
import { displayBytes } from './token-bytes.ts';
import { brokenTokenizer, quoteValue, readVocabulary, type TokenizerFile } from './tokenizer-json.ts';
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
    throw brokenTokenizer(
      where,
      `The tokenizer has a model of the kind ${kind}; those known are ${modelKinds.join(', ')}.`,
    );
  }
  requireReadableModel(file.model, where);
  const specialTokens = new Map(
    file.added_tokens.filter((token) => token.special).map((token) => [token.id, token.content]),
  );
  const idOfSpecialToken = new Map([...specialTokens].map(([id, content]) => [content, id]));
  const library = openWithLibrary(file, config, where);
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
      const ids: readonly (number | undefined)[] = library.encode(text.toWellFormed(), {
        add_special_tokens: false,
      }).ids;
      // A model without an unknown token gives no id for what it does not know; `tokenizers` leaves that out.
      return Uint32Array.from(ids.filter((id) => id !== undefined));
    },
    decode(ids) {
      const plain = Array.from(ids).filter((id) => !specialTokens.has(id) && tokenTexts.has(id));
      return plain.length === 0 ? '' : library.decode(plain, { clean_up_tokenization_spaces: false });
    },
    tokenBytes,
    tokenText: (id) => specialTokens.get(id) ?? displayBytes(tokenBytes(id)),
    toJson: () => json,
  };
}

const piecesSchema = z
  .array(z.tuple([z.string().max(tokenizerLimits.tokenLength), z.number()]))
  .min(1)
  .max(modelLimits.vocabularySize);

/** Checks what the library takes as it is. @throws LoamError for a vocabulary that is broken or larger than is believed */
function requireReadableModel(model: TokenizerFile['model'], where: string): void {
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

function openWithLibrary(file: TokenizerFile, config: unknown, where: string): HuggingFaceTokenizer {
  const settings = typeof config === 'object' && config !== null ? config : {};
  try {
    return new HuggingFaceTokenizer(withoutSpecialTokens(file), settings);
  } catch (error) {
    throw brokenTokenizer(
      where,
      `The tokenizer cannot be read (${error instanceof Error ? error.message : String(error)}).`,
    );
  }
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
