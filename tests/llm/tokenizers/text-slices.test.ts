import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createWordScanner, type WordPatternName } from '../../../src/main/llm/tokenizers/pre-tokenizer.ts';
import { sliceAtWords } from '../../../src/main/llm/tokenizers/text-slices.ts';
import { corpus } from '../../fixtures/tokenizers/golden.ts';

function wordsOf(name: WordPatternName, text: string): readonly string[] {
  const utf8 = new TextEncoder().encode(text);
  const scan = createWordScanner(name);
  const words: string[] = [];
  for (let start = 0; start < utf8.length;) {
    const end = scan(utf8, start, utf8.length);
    words.push(Buffer.from(utf8.subarray(start, end)).toString('hex'));
    start = end;
  }
  return words;
}

const boundaryText = fc
  .array(fc.constantFrom('a', 'b', ' ', ' ', '\n', '\r', '.', "'", 's', '1', '中', '\u3000', '🔧'), {
    maxLength: 60,
  })
  .map((parts) => parts.join(''));

test.each<WordPatternName>(['gpt4', 'qwen', 'gpt2'])('slices give the %s words of the whole text', (name) => {
  fc.assert(
    fc.property(boundaryText, fc.integer({ min: 2, max: 12 }), (text, length) => {
      const slices = [...sliceAtWords(text, length)];
      expect(slices.join('')).toBe(text);
      expect(slices.flatMap((slice) => wordsOf(name, slice))).toEqual(wordsOf(name, text));
    }),
    { numRuns: 3000 },
  );
});

test('slices of ordinary text are no longer than asked', () => {
  const slices = [...sliceAtWords(corpus.join(' and then '), 1000)];
  expect(slices.length).toBeGreaterThan(20);
  expect(Math.max(...slices.map((slice) => slice.length))).toBeLessThanOrEqual(1000);
});

test('a text without a safe place to cut stays whole', () => {
  expect([...sliceAtWords('中'.repeat(100), 10)]).toEqual(['中'.repeat(100)]);
});
