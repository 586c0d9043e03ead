import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { learnMerges } from '../../../src/main/llm/tokenizers/bpe-training.ts';
import type { WordCounts } from '../../../src/main/llm/tokenizers/word-counts.ts';

const encoder = new TextEncoder();

function wordCounts(words: ReadonlyMap<string, number>): WordCounts {
  const entries = [...words].map(([word, count]) => ({ bytes: encoder.encode(word), count }));
  return {
    size: entries.length,
    byteLength: entries.reduce((sum, { bytes }) => sum + bytes.length, 0),
    wordBytes: (word) => entries[word]!.bytes,
    count: (word) => entries[word]!.count,
  };
}

/** The algorithm as the paper states it: all pairs are counted anew for each merge (Sennrich et al. 2016, algorithm 1). */
function learnNaively(
  words: ReadonlyMap<string, number>,
  tokens: readonly string[],
  size: number,
  minimum: number,
): readonly string[] {
  const vocabulary = [...tokens];
  let split = [...words].map(([word, count]) => ({
    ids: Array.from(word, (letter) => tokens.indexOf(letter)),
    count,
  }));
  const merges: string[] = [];
  while (vocabulary.length < size) {
    const counts = new Map<string, { left: number; right: number; count: number }>();
    for (const { ids, count } of split) {
      for (let index = 0; index + 1 < ids.length; index++) {
        const key = `${ids[index]} ${ids[index + 1]}`;
        const before = counts.get(key)?.count ?? 0;
        counts.set(key, { left: ids[index]!, right: ids[index + 1]!, count: before + count });
      }
    }
    const best = [...counts.values()].sort(
      (a, b) => b.count - a.count || a.left - b.left || a.right - b.right,
    )[0];
    if (best === undefined || best.count < minimum) break;
    const merged = vocabulary.length;
    vocabulary.push(vocabulary[best.left]! + vocabulary[best.right]!);
    merges.push(`${vocabulary[best.left]} ${vocabulary[best.right]}`);
    split = split.map(({ ids, count }) => {
      const next: number[] = [];
      for (let index = 0; index < ids.length; index++) {
        const isPair = ids[index] === best.left && ids[index + 1] === best.right;
        next.push(isPair ? merged : ids[index]!);
        if (isPair) index++;
      }
      return { ids: next, count };
    });
  }
  return merges;
}

const letters = ['a', 'b', 'c'];
const initialTokens = letters.map((letter) => encoder.encode(letter));

function readable(result: Awaited<ReturnType<typeof learnMerges>>): readonly string[] {
  const text = (id: number): string => Buffer.from(result.tokens[id]!).toString();
  return result.merges.map(([left, right]) => `${text(left)} ${text(right)}`);
}

describe('learning merges', () => {
  test('gives the merges of the algorithm as the paper states it, ties included', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 12 }),
            fc.integer({ min: 1, max: 4 }),
          ),
          {
            maxLength: 20,
          },
        ),
        fc.integer({ min: 3, max: 40 }),
        fc.integer({ min: 1, max: 4 }),
        async (entries, vocabularySize, minimumFrequency) => {
          const words = new Map(entries);
          const learned = await learnMerges({
            words: wordCounts(words),
            initialTokens,
            vocabularySize,
            minimumFrequency,
          });
          expect(readable(learned)).toEqual(learnNaively(words, letters, vocabularySize, minimumFrequency));
        },
      ),
      { numRuns: 400 },
    );
  });

  test('merges runs of one letter from the left', async () => {
    const learned = await learnMerges({
      words: wordCounts(new Map([['aaaaa', 3]])),
      initialTokens,
      vocabularySize: 6,
      minimumFrequency: 1,
    });
    expect(readable(learned)).toEqual(['a a', 'aa a', 'aa aaa']);
  });

  test('breaks ties by the smaller left id, then the smaller right id, whatever the order of the words', async () => {
    for (const words of [
      ['bc', 'ac', 'ab'],
      ['ab', 'ac', 'bc'],
    ]) {
      const learned = await learnMerges({
        words: wordCounts(new Map(words.map((word) => [word, 5]))),
        initialTokens,
        vocabularySize: 6,
        minimumFrequency: 1,
      });
      expect(readable(learned)).toEqual(['a b', 'a c', 'b c']);
    }
  });

  test('stops with fewer tokens when no pair is frequent enough', async () => {
    const learned = await learnMerges({
      words: wordCounts(
        new Map([
          ['ab', 2],
          ['bc', 1],
        ]),
      ),
      initialTokens,
      vocabularySize: 100,
      minimumFrequency: 2,
    });
    expect(readable(learned)).toEqual(['a b']);
    expect(learned.tokens.length).toBe(4);
  });
});
