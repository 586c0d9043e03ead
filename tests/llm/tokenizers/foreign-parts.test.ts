import { describe, expect, test } from 'vitest';
import { readDecoder } from '../../../src/main/llm/tokenizers/foreign-decoder.ts';
import { createForeignTokenizer } from '../../../src/main/llm/tokenizers/foreign-tokenizer.ts';
import { parseTokenizerFile } from '../../../src/main/llm/tokenizers/tokenizer-json.ts';
import type { Tokenizer } from '../../../src/main/llm/tokenizers/tokenizer.ts';
import { LoamError } from '../../../src/shared/errors.ts';
import { readGoldenText } from '../../fixtures/tokenizers/golden.ts';

type Json = Readonly<Record<string, unknown>>;

/** What tokenizers makes of texts by each kind of part: tests/fixtures/tokenizers/make-parts.py. */
const { texts, rows } = JSON.parse(readGoldenText('parts.json')) as {
  readonly texts: readonly string[];
  readonly rows: readonly {
    readonly name: string;
    readonly tokenizer: Json;
    readonly ids: readonly number[][];
  }[];
};
const decoders = JSON.parse(readGoldenText('decoders.json')) as readonly {
  readonly name: string;
  readonly decoder: { readonly type: string };
  readonly cases: readonly (readonly [tokens: readonly string[], text: string])[];
}[];

function open(file: Json): Tokenizer {
  const json = JSON.stringify(file);
  return createForeignTokenizer(parseTokenizerFile(json, 'here'), json, undefined, 'here');
}

describe('a text', () => {
  test.each(rows)('is cut as tokenizers cuts it by $name', ({ tokenizer, ids }) => {
    const opened = open(tokenizer);
    for (const [index, text] of texts.entries())
      expect(Array.from(opened.encode(text), (id) => opened.tokenText(id))).toEqual(
        ids[index]?.map((id) => opened.tokenText(id)),
      );
  });

  test.each(decoders)('is put together as tokenizers does by $name', ({ decoder, cases }) => {
    const decode = readDecoder(decoder, 'here');
    for (const [tokens, text] of cases) expect(decode(tokens).join('')).toBe(text);
  });
});

describe('what is not computed', () => {
  const plain = rows[0]?.tokenizer ?? {};
  const replace = { type: 'Replace', pattern: { String: 'a' }, content: 'a'.repeat(100) };
  test.each<[string, Json]>([
    ['Precompiled', { normalizer: { type: 'Precompiled', precompiled_charsmap: '' } }],
    ['UnicodeScripts', { pre_tokenizer: { type: 'UnicodeScripts' } }],
    ['FixedLength', { pre_tokenizer: { type: 'FixedLength', length: 0 } }],
    [
      'MergedWithNext',
      {
        pre_tokenizer: { type: 'Split', pattern: { String: 'x' }, behavior: 'MergedWithNext', invert: false },
      },
    ],
    [
      'broken at continuing_subword_prefix',
      { model: { ...(plain['model'] as Json), continuing_subword_prefix: { toString: 1 } } },
    ],
    ['CTC', { decoder: { type: 'CTC' } }],
    ['single_word', { added_tokens: [{ id: 1, content: 'end', single_word: true }] }],
    ['4,096 times as long', { normalizer: { type: 'Sequence', normalizers: [replace, replace] } }],
    [
      'more than 200',
      {
        pre_tokenizer: {
          type: 'Sequence',
          pretokenizers: rows.flatMap(() => Array.from({ length: 20 }, () => ({ type: 'ByteLevel' }))),
        },
      },
    ],
    [
      'Split is broken at pattern',
      { pre_tokenizer: { type: 'Split', pattern: { Regex: 'a'.repeat(10_001) }, behavior: 'Isolated' } },
    ],
    [
      'cannot be read',
      { pre_tokenizer: { type: 'Split', pattern: { Regex: '(?<=[' }, behavior: 'Isolated' } },
    ],
  ])('is refused by name: %s', (name, change) => {
    const opening = () => open({ ...plain, ...change });
    expect(opening).toThrow(LoamError);
    expect(opening).toThrow(name);
  });

  test('nor is an expression that does not come to an end: it is stopped, and a sentence says so', () => {
    const endless = open({
      ...plain,
      pre_tokenizer: { type: 'Split', pattern: { Regex: '(a+)+$' }, behavior: 'Isolated', invert: false },
    });
    expect(() => endless.encode(`${'a'.repeat(60)}b`)).toThrow('expressions take too long');
  }, 20_000);
});
