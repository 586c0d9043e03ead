import { expect, test } from 'vitest';
import {
  spacedBytes,
  tokenClass,
  visibleText,
} from '../../../../src/renderer/screens/tokenizers/token-appearance.ts';
import { freeName } from '../../../../src/shared/names.ts';
import { encodedPart } from '../../../../src/renderer/screens/tokenizers/text-panel.tsx';
import { longestEncodedText } from '../../../../src/shared/tokenizers/encoding.ts';

const text = (characters: string) => visibleText({ kind: 'text', text: characters, bytes: '' });

test('nothing in a token is invisible', () => {
  expect(text(' the')).toBe('·the');
  expect(text('a\n\tb')).toBe('a⏎⇥b');
  expect(text('\u0000\u001b')).toBe('⟨00⟩⟨1B⟩');
  expect(text('\u00a0\u200b\u202e\ufeff')).toBe('⟨A0⟩⟨200B⟩⟨202E⟩⟨FEFF⟩');
  expect(text('é控🙂')).toBe('é控🙂');
});

test('a part of a character is shown by its bytes', () => {
  expect(visibleText({ kind: 'bytes', text: '<0xE2><0x80>', bytes: 'e280' })).toBe('E2 80');
  expect(spacedBytes('')).toBe('');
});

test('neighbouring tokens have different colours, and an unknown one an edge of its own kind', () => {
  for (let index = 0; index < 12; index++)
    expect(tokenClass({ kind: 'text' }, index)).not.toBe(tokenClass({ kind: 'text' }, index + 1));
  expect(tokenClass({ kind: 'unknown' }, 0)).toContain('dashed');
});

test('a suggested name is one that nobody has', () => {
  expect(freeName('words', new Set())).toBe('words');
  expect(freeName('words', new Set(['words', 'words-2']))).toBe('words-3');
});

test('a long text is cut without halving a character', () => {
  const emoji = '🙂';
  const even = emoji.repeat(longestEncodedText);
  expect(encodedPart(even)).toHaveLength(longestEncodedText);
  const odd = encodedPart(`x${even}`);
  expect(odd).toHaveLength(longestEncodedText - 1);
  expect(odd.isWellFormed()).toBe(true);
  expect(encodedPart('short')).toBe('short');
});
