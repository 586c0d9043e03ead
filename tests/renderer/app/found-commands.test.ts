import { expect, test } from 'vitest';
import { isFound } from '../../../src/renderer/app/found-commands.ts';
import { strings } from '../../../src/renderer/strings/en/shell.ts';

const data = { label: 'Data', words: strings.wordsData };

test.each(['mask', 'duplicates', 'dupl', 'personal data', 'data mask', ''])(
  'Data is found by “%s”, what one does there',
  (typed) => {
    expect(isFound(data, typed)).toBe(true);
  },
);

test('a name is found by any part of it, a feature by its beginning, and all words must be met', () => {
  expect(isFound({ label: 'service-desk-7' }, 'desk')).toBe(true);
  expect(isFound(data, 'ask')).toBe(false);
  expect(isFound(data, 'mask onnx')).toBe(false);
});
