import { describe, expect, test } from 'vitest';
import { createWordScanner } from '../../../src/main/llm/tokenizers/pre-tokenizer.ts';
import { createWordCounter, type WordCounter } from '../../../src/main/llm/tokenizers/word-counts.ts';
import { corpus } from '../../fixtures/tokenizers/golden.ts';

function countsByWord(counter: WordCounter): ReadonlyMap<string, number> {
  const counts = counter.counts();
  return new Map(
    Array.from({ length: counts.size }, (_, word) => [
      Buffer.from(counts.wordBytes(word)).toString(),
      counts.count(word),
    ]),
  );
}

describe('a word counter', () => {
  test('counts every word of every document, and no word across two', () => {
    const counter = createWordCounter(createWordScanner('gpt2'));
    for (const document of ['one two', ' two', 'two two 2']) counter.add(document);
    expect(countsByWord(counter)).toEqual(
      new Map([
        ['one', 1],
        [' two', 3],
        ['two', 1],
        [' 2', 1],
      ]),
    );
    expect(counter.textBytes).toBe(20);
    expect(counter.droppedOccurrences).toBe(0);
  });

  test('agrees with a Map over the words that the expression finds', () => {
    const counter = createWordCounter(createWordScanner('gpt2'));
    const expected = new Map<string, number>();
    for (const document of corpus) {
      counter.add(document);
      for (const word of document.match(
        /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu,
      ) ?? []) {
        expected.set(word, (expected.get(word) ?? 0) + 1);
      }
    }
    expect(countsByWord(counter)).toEqual(expected);
  });

  test('drops the rarest words when it is full and says how many occurrences that were', () => {
    const counter = createWordCounter(createWordScanner('gpt2'), { words: 100, bytes: 10_000 });
    for (let number = 0; number < 1000; number++)
      counter.add(`frequent\nrare${'x'.repeat(number % 40)}y${'z'.repeat(number / 40)}`);
    const counts = countsByWord(counter);
    expect(counts.size).toBeLessThanOrEqual(100);
    expect(counts.get('frequent')).toBe(1000);
    expect([...counts.values()].reduce((sum, count) => sum + count, 0) + counter.droppedOccurrences).toBe(
      3000,
    );
  });

  test('keeps the bytes of distinct words within their limit', () => {
    const counter = createWordCounter(createWordScanner('gpt2'), { words: 1000, bytes: 500 });
    for (let number = 0; number < 200; number++) counter.add('ab'.repeat(1 + (number % 50)));
    expect(counter.counts().byteLength).toBeLessThanOrEqual(500);
  });
});
