import { expect, test } from 'vitest';
import { findConfigurationIssues } from '../../../src/shared/runs/configuration-issues.ts';
import {
  smallestVocabulary,
  suggestedVocabulary,
} from '../../../src/shared/tokenizers/vocabulary-suggestion.ts';
import { vocabularyParameters } from '../../../src/shared/tokenizers/vocabulary-cost.ts';

test('more text is offered a larger vocabulary, and never one that cannot be trained', () => {
  const sizes = [0, 1e5, 1e6, 1e7, 1e8, 1e9].map(suggestedVocabulary);
  expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
  expect(new Set(sizes).size).toBeGreaterThan(3);
  for (const size of sizes) expect(size).toBeGreaterThan(smallestVocabulary);
});

test('a vocabulary costs a row of the embedding for each token, twice where the output has its own', () => {
  expect(vocabularyParameters(50_257, 768, true)).toBe(38_597_376);
  expect(vocabularyParameters(50_257, 768, false)).toBe(77_194_752);
});

test('a suggested vocabulary is never found fault with, whatever the text', () => {
  for (let bytes = 3000; bytes < 1e9; bytes *= 1.37) {
    const text = { bytes, trainTokens: bytes / 3, counted: false };
    const configuration = { tokenizer: { vocabularySize: suggestedVocabulary(bytes) } };
    expect(
      findConfigurationIssues(configuration, { text }).filter(({ path }) => path.startsWith('tokenizer')),
    ).toEqual([]);
  }
});

test('where a vocabulary is too large for its text, the suggested one is offered', () => {
  for (const bytes of [20_000, 200_000, 2_000_000]) {
    const text = { bytes, trainTokens: bytes / 3, counted: false };
    const [found] = findConfigurationIssues({ tokenizer: { vocabularySize: 50_257 } }, { text });
    expect(found?.corrections[0]?.changes).toEqual([
      { path: 'tokenizer.vocabularySize', value: suggestedVocabulary(bytes) },
    ]);
  }
});
