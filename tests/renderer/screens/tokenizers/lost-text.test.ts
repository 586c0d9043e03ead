import { expect, test } from 'vitest';
import { areComparable, losesText } from '../../../../src/renderer/screens/tokenizers/lost-text.ts';

test('a tokenizer that leaves text out is not called better for needing fewer tokens', () => {
  expect(losesText({ lostShare: 0.4 })).toBe(true);
  expect(losesText({ lostShare: 0 })).toBe(false);
  expect(losesText({ lostShare: null })).toBe(false);
  expect(areComparable({ lostShare: 0.4 }, { lostShare: 0 })).toBe(false);
  expect(areComparable({ lostShare: 0 }, { lostShare: 0 })).toBe(true);
  expect(areComparable({ lostShare: null }, { lostShare: 0 })).toBe(true);
});
