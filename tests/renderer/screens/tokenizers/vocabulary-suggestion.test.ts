import { expect, test } from 'vitest';
import {
  smallestVocabulary,
  suggestedVocabulary,
} from '../../../../src/renderer/screens/tokenizers/vocabulary-suggestion.ts';
import { vocabularyParameters } from '../../../../src/shared/tokenizers/vocabulary-cost.ts';

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
