import { expect, test } from 'vitest';
import { sampleDocuments } from '../../../resources/samples/sample-documents.ts';
import { strings } from '../../../src/renderer/strings/en/tokenizers.ts';

test('the example for trying a tokenizer has no sign that one of the sample’s characters does not know', () => {
  const known = new Set(sampleDocuments().flatMap(({ text }) => Array.from(text)));
  expect(Array.from(strings.sample).filter((sign) => !known.has(sign))).toEqual([]);
  // Yet some that take more than one byte, which is what one looks at.
  expect(Array.from(strings.sample).some((sign) => sign > '\u007F')).toBe(true);
});
