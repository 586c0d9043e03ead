import { createHash } from 'node:crypto';
import type { Tokenizer } from '../../../src/main/llm/tokenizers/tokenizer.ts';

/** A tokenizer for tests: the token `id` is the character `alphabet[id]`, and the last token ends a text. */
export function letterTokenizer(alphabet: string): Tokenizer {
  const letters = Array.from(alphabet);
  const text = (id: number): string => letters[id] ?? '';
  return {
    kind: 'char',
    vocabularySize: letters.length + 1,
    endOfText: letters.length,
    hash: createHash('sha256').update(alphabet).digest('hex'),
    encode: (input) => Uint32Array.from(input, (letter) => letters.indexOf(letter)),
    decode: (ids) => Array.from(ids, text).join(''),
    tokenBytes: (id) => new TextEncoder().encode(text(id)),
    tokenText: text,
    toJson: () => JSON.stringify(letters),
  };
}

/** `count` different characters. */
export function alphabetOf(count: number): string {
  return Array.from({ length: count }, (_, index) => String.fromCodePoint(0x100 + index)).join('');
}
