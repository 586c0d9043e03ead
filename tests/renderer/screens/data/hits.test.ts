import { expect, test } from 'vitest';
import { partsOf } from '../../../../src/renderer/screens/data/hits.ts';

test.each<[string, string, readonly string[]]>([
  ['The boiler of the Boiler house', 'boiler', ['boiler', 'Boiler']],
  ['a.b and aXb', 'a.b', ['a.b']],
  ['aaa', 'aa', ['aa']],
  ['ÄRGER', 'ärger', ['ÄRGER']],
  ['nothing', 'else', []],
  ['blanks do not count', ' ', []],
])('In %j the places of %j are %j', (text, sought, expected) => {
  const parts = partsOf(text, sought);
  expect(parts.filter(({ isHit }) => isHit).map((part) => part.text)).toEqual(expected);
  expect(parts.map((part) => part.text).join('')).toBe(text);
});

test('A letter in a long text is marked in a bounded number of places', () => {
  const parts = partsOf('ab'.repeat(100_000), 'a');
  expect(parts.filter(({ isHit }) => isHit).length).toBe(2000);
  expect(parts.map((part) => part.text).join('')).toHaveLength(200_000);
});
