import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadTokenizer } from '../../../src/main/llm/tokenizers/load.ts';
import type { Tokenizer } from '../../../src/main/llm/tokenizers/tokenizer.ts';
import { corpus, goldenCases, goldenPath } from '../../fixtures/tokenizers/golden.ts';

describe.each(['gpt4', 'gpt2-split', 'gpt2', 'qwen', 'incomplete'])(
  'the byte-level tokenizer in %s',
  (folder) => {
    let tokenizer: Tokenizer;
    beforeAll(async () => {
      tokenizer = await loadTokenizer(goldenPath(folder));
    });

    test('is read by the fast path', () => {
      expect(tokenizer.kind).toBe('bpe');
    });

    test.each(goldenCases(folder))(
      'encodes and decodes "$name" as tokenizers does',
      ({ text, ids, decoded }) => {
        expect(Array.from(tokenizer.encode(text))).toEqual(ids);
        expect(tokenizer.decode(ids)).toBe(decoded);
      },
    );

    test('gives the same ids when its cache knows the words', () => {
      const text = corpus.join('\n\n');
      expect(tokenizer.encode(text)).toEqual(tokenizer.encode(text));
    });
  },
);

describe('a byte-level tokenizer', () => {
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    tokenizer = await loadTokenizer(goldenPath('gpt4'));
  });

  test('gives back any text unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text.toWellFormed());
      }),
      { numRuns: 1000 },
    );
  });

  test('has the bytes of the text in the bytes of its tokens', () => {
    for (const { text } of goldenCases('gpt4')) {
      const bytes = Buffer.concat(Array.from(tokenizer.encode(text), (id) => tokenizer.tokenBytes(id)));
      expect(bytes.toString()).toBe(text);
    }
  });

  test('encodes the text of a special token as plain text', () => {
    const ids = tokenizer.encode('one<|endoftext|>two');
    expect(ids).not.toContain(tokenizer.endOfText);
    expect(tokenizer.decode(ids)).toBe('one<|endoftext|>two');
  });

  test('skips special tokens when it decodes', () => {
    expect(tokenizer.decode([0, ...tokenizer.encode('open'), 0])).toBe('open');
    expect(tokenizer.tokenBytes(0).length).toBe(0);
  });

  test('replaces half a surrogate pair by U+FFFD', () => {
    expect(tokenizer.decode(tokenizer.encode('a\ud83d b\udd27'))).toBe('a\ufffd b\ufffd');
  });

  test('decodes bytes that are no UTF-8 to U+FFFD, as the WHATWG decoder does', () => {
    const ids = Array.from(tokenizer.encode('控')).slice(0, -1);
    expect(ids.length).toBeGreaterThan(0);
    expect(tokenizer.decode([...ids, ...tokenizer.encode('x')])).toBe('\ufffdx');
  });

  test('shows a token that is part of a character by its bytes', () => {
    const id = Array.from({ length: 256 }, (_, index) => index + 1).find(
      (index) => tokenizer.tokenBytes(index)[0] === 0xe6,
    )!;
    expect(tokenizer.tokenText(id)).toBe('<0xE6>');
  });

  test('knows no id outside its vocabulary', () => {
    expect(tokenizer.tokenText(tokenizer.vocabularySize)).toBe('');
    expect(tokenizer.decode([tokenizer.vocabularySize, 1_000_000])).toBe('');
  });

  test('encodes a text of many slices as it encodes its documents', () => {
    const text = corpus.join(' and ').repeat(30);
    const ids = tokenizer.encode(text);
    expect(tokenizer.decode(ids)).toBe(text);
    // The joint is a safe place to cut, so the documents' ids stand in the whole one after the other.
    const first = tokenizer.encode(corpus.join(' and '));
    expect(ids.subarray(0, first.length - 2)).toEqual(first.subarray(0, -2));
  });

  test('gives the same ids after its cache has overflowed', () => {
    const sample = corpus[0]!;
    const before = tokenizer.encode(sample);
    const manyWords = Array.from(
      { length: 200_000 },
      (_, index) =>
        `w${String.fromCharCode(97 + (index % 26))}${index.toString(36).replaceAll(/\d/g, (digit) => 'klmnopqrst'[Number(digit)]!)}`,
    );
    expect(tokenizer.decode(tokenizer.encode(manyWords.join(' ')))).toBe(manyWords.join(' '));
    expect(tokenizer.encode(sample)).toEqual(before);
  });
});
