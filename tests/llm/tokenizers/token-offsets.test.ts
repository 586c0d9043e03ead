import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadTokenizer } from '../../../src/main/llm/tokenizers/load.ts';
import { locateTokens } from '../../../src/main/llm/tokenizers/token-offsets.ts';
import { goldenCases, goldenPath } from '../../fixtures/tokenizers/golden.ts';

/** The places that `tokenizers` gives, turned from code points into code units. */
function expectedPlaces(folder: string, name: string, text: string): readonly (readonly [number, number])[] {
  const offsets = JSON.parse(readFileSync(goldenPath(`${folder}/offsets.json`), 'utf8')) as Readonly<
    Record<string, readonly number[]>
  >;
  let end = 0;
  const units = [0, ...Array.from(text, (character) => (end += character.length))];
  const flat = offsets[name]!;
  return Array.from({ length: flat.length / 2 }, (_, index) => [
    units[flat[2 * index]!]!,
    units[flat[2 * index + 1]!]!,
  ]);
}

async function placesOf(folder: string, text: string): Promise<readonly (readonly [number, number])[]> {
  const tokenizer = await loadTokenizer(goldenPath(folder));
  return locateTokens(tokenizer, text, tokenizer.encode(text)).map(({ start, end }) => [start, end] as const);
}

describe.each(['gpt4', 'characters', 'metaspace'])('tokens of %s', (folder) => {
  test.each(goldenCases(folder))('stand in "$name" where tokenizers says', async ({ name, text }) => {
    expect(await placesOf(folder, text)).toEqual(expectedPlaces(folder, name, text));
  });
});

describe('tokens of a tokenizer that changes the text first', () => {
  test.each([
    ['qwen', 0.98],
    ['wordpiece', 0.8],
    ['unigram', 0.95],
  ] as const)(
    'stand where tokenizers says in %s, but for marks and words that it does not know',
    async (folder, share) => {
      let same = 0;
      let all = 0;
      for (const { name, text } of goldenCases(folder)) {
        const expected = expectedPlaces(folder, name, text);
        const places = await placesOf(folder, text);
        expect(places.length).toBe(expected.length);
        places.forEach(([start, end], index) => {
          all++;
          if (start === expected[index]![0] && end === expected[index]![1]) same++;
        });
      }
      expect(same / all).toBeGreaterThan(share);
    },
  );

  test('cover a character that was put together from a letter and a mark', async () => {
    const places = await placesOf('qwen', 'Cafe\u0301!');
    expect(places.at(-2)).toEqual([3, 5]);
    expect(places.at(-1)).toEqual([5, 6]);
  });

  test('leave out what the vocabulary cannot say', async () => {
    const tokenizer = await loadTokenizer(goldenPath('incomplete'));
    const text = "It's the operator's note: DON'T STOP";
    for (const [index, { start, end }] of locateTokens(tokenizer, text, tokenizer.encode(text)).entries()) {
      const spelled = Array.from(tokenizer.tokenText(tokenizer.encode(text)[index]!));
      // The token's letters stand there in order, with nothing but lost ones between them.
      const letters = Array.from(text.slice(start, end));
      expect(spelled.every((letter) => letters.splice(0, letters.indexOf(letter) + 1).length > 0)).toBe(true);
    }
  });
});

test.each(['gpt4', 'qwen', 'characters', 'wordpiece', 'unigram', 'metaspace'])(
  'any text at all has places inside it and in order, by %s',
  async (folder) => {
    const tokenizer = await loadTokenizer(goldenPath(folder));
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (binary) => {
        const text = `\ud83d${binary}\udd27 a\u0000\ud800`;
        let last = 0;
        for (const { start, end } of locateTokens(tokenizer, text, tokenizer.encode(text))) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(text.length);
          last = start;
        }
      }),
      { numRuns: 100 },
    );
  },
);
