import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadTokenizer } from '../../../src/main/llm/tokenizers/load.ts';
import { createStreamingDecoder } from '../../../src/main/llm/tokenizers/streaming-decoder.ts';
import { goldenCases, goldenPath } from '../../fixtures/tokenizers/golden.ts';

describe.each(['gpt4', 'characters', 'metaspace', 'wordpiece', 'unigram'])(
  'streaming with the tokenizer in %s',
  async (folder) => {
    const tokenizer = await loadTokenizer(goldenPath(folder));

    test.each(goldenCases(folder))('gives "$name" piece by piece, as decoding it at once does', ({ ids }) => {
      const decoder = createStreamingDecoder(tokenizer);
      const pieces = [...Array.from(ids, (id) => decoder.push(id)), decoder.finish()];
      expect(pieces.join('')).toBe(tokenizer.decode(ids));
      // A character is never split: no piece ends in a stand-in that the text does not have.
      if (!tokenizer.decode(ids).includes('\ufffd'))
        expect(pieces.some((piece) => piece.includes('\ufffd'))).toBe(false);
    });
  },
);

describe('a streaming decoder', async () => {
  const tokenizer = await loadTokenizer(goldenPath('gpt4'));

  test('gives the text of any sequence of ids', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: tokenizer.vocabularySize - 1 })), (ids) => {
        const decoder = createStreamingDecoder(tokenizer);
        expect(ids.map((id) => decoder.push(id)).join('') + decoder.finish()).toBe(tokenizer.decode(ids));
      }),
      { numRuns: 2000 },
    );
  });

  test('holds back a character until its last byte is there', () => {
    const decoder = createStreamingDecoder(tokenizer);
    const ids = Array.from(tokenizer.encode('🧯'));
    expect(ids.length).toBeGreaterThan(1);
    const pieces = ids.map((id) => decoder.push(id));
    expect(pieces.slice(0, -1).join('')).toBe('');
    expect(pieces.at(-1)).toBe('🧯');
  });

  test('gives U+FFFD for a character that was never finished, and can be used again', () => {
    const decoder = createStreamingDecoder(tokenizer);
    decoder.push(tokenizer.encode('🧯')[0]!);
    expect(decoder.finish()).toBe('\ufffd');
    expect(decoder.push(tokenizer.encode('a')[0]!)).toBe('a');
  });
});
