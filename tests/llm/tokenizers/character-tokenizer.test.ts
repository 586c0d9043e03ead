import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadTokenizer } from '../../../src/main/llm/tokenizers/load.ts';
import type { Tokenizer } from '../../../src/main/llm/tokenizers/tokenizer.ts';
import { corpus, goldenCases, goldenPath } from '../../fixtures/tokenizers/golden.ts';

describe('a character tokenizer', () => {
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    tokenizer = await loadTokenizer(goldenPath('characters'));
  });

  test.each(goldenCases('characters'))(
    'encodes and decodes "$name" as tokenizers does',
    ({ text, ids, decoded }) => {
      expect(Array.from(tokenizer.encode(text))).toEqual(ids);
      expect(tokenizer.decode(ids)).toBe(decoded);
    },
  );

  test('has one token for each character of its text, and two more', () => {
    expect(tokenizer.kind).toBe('char');
    expect(tokenizer.vocabularySize).toBe(new Set(corpus.join('')).size + 2);
    expect(tokenizer.endOfText).toBe(0);
  });

  test('gives back a text of known characters unchanged', () => {
    const text = corpus.join('\n');
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  });

  test('writes U+FFFD for characters that it does not know, one for each', () => {
    expect(tokenizer.decode(tokenizer.encode('pump ☃𝄞 \ud800'))).toBe('pump \ufffd\ufffd \ufffd');
  });

  test('gives as many ids as the text has code points', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(tokenizer.encode(text).length).toBe(Array.from(text).length);
      }),
    );
  });

  test('encodes the text of a special token as plain text and skips the token itself', () => {
    expect(tokenizer.encode('<|endoftext|>')).not.toContain(0);
    expect(tokenizer.decode([0, ...tokenizer.encode('ab')])).toBe('ab');
    expect(tokenizer.tokenText(0)).toBe('<|endoftext|>');
  });

  test('has the UTF-8 bytes of its characters', () => {
    const id = tokenizer.encode('ü')[0]!;
    expect(Array.from(tokenizer.tokenBytes(id))).toEqual([0xc3, 0xbc]);
    expect(tokenizer.tokenText(id)).toBe('ü');
    expect(tokenizer.tokenBytes(0).length).toBe(0);
  });
});
