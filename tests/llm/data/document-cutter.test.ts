import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDocumentCutter, type DocumentPiece } from '../../../src/main/llm/data/document-cutter.ts';

function cut(parts: readonly string[], pieceLength: number, separators = ['\f', '<>']): DocumentPiece[] {
  const cutter = createDocumentCutter({ separators, pieceLength });
  return [...parts.flatMap((part) => cutter.push(part)), ...cutter.finish()];
}

const joined = (pieces: readonly DocumentPiece[]): string =>
  pieces.map(({ text, continues }) => text + (continues ? '' : '\0')).join('');

// The published pre-tokenisation patterns, from openai/tiktoken (tiktoken_ext/openai_public.py) without possessive quantifiers.
const patterns = {
  'GPT-2': /'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu,
  cl100k:
    /'(?:[sdmtSDMT]|ll|LL|ve|VE|re|RE)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s/gu,
  o200k:
    /[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+/gu,
};

const words = fc.array(
  fc.constantFrom(
    'pump',
    'It',
    "'s",
    "'",
    '’',
    ' ',
    '  ',
    '\n',
    '\r',
    '\t',
    ' \n',
    '. ',
    '.',
    '!',
    '/',
    '42',
    '1234',
    'ü',
    'e\u0301',
    '世界',
    '，',
    '🌍',
    '\u00a0',
    '-',
    '--\n',
    'Ab',
  ),
  { minLength: 1, maxLength: 60 },
);

describe('Cutting a long document', () => {
  it.each(Object.entries(patterns))('never changes the words of %s', (_, pattern) => {
    fc.assert(
      fc.property(words, fc.integer({ min: 4, max: 30 }), (parts, pieceLength) => {
        const text = parts.join('');
        fc.pre(/\S/.test(text));
        const pieces = cut([text], pieceLength, []);
        // A stretch without any safe place is cut between characters; here only those without are looked at.
        fc.pre(pieces.every((piece) => piece.text.length < 4 * pieceLength - 1));
        expect(pieces.flatMap((piece) => piece.text.match(pattern) ?? [])).toEqual(text.match(pattern));
      }),
      { numRuns: 2000 },
    );
  });

  it('cuts English text before a space, near the length asked for', () => {
    const text = 'The lift stopped between floors and was lowered by hand. '.repeat(50);
    const pieces = cut([text], 200);
    expect(pieces.map((piece) => piece.text).join('')).toBe(text);
    for (const { text: piece, continues } of pieces) {
      if (continues) expect(piece.length).toBeGreaterThan(180);
      expect(piece.length).toBeLessThanOrEqual(200);
      expect(piece).not.toMatch(/\s$(?<!\. )/);
    }
  });

  it('holds no more than four piece lengths of a stretch without any word boundary, and splits no character', () => {
    const text = '🌍'.repeat(500);
    const pieces = cut([text], 51);
    expect(pieces.map((piece) => piece.text).join('')).toBe(text);
    for (const { text: piece } of pieces) {
      expect(piece.length).toBeLessThanOrEqual(204);
      expect(piece.isWellFormed()).toBe(true);
    }
  });

  it('gives the same however the text arrives', () => {
    const part = fc.constantFrom(
      'ab',
      ' ',
      '\n',
      '\f',
      '<>',
      '<',
      '>',
      '<>\n',
      '\n<>\n',
      'word word',
      'x'.repeat(40),
      ' '.repeat(20),
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 40 }),
        fc.integer({ min: 1, max: 20 }),
        (parts, pieceLength) => {
          const whole = cut([parts.join('')], pieceLength);
          expect(cut(parts, pieceLength)).toEqual(whole);
          expect(cut(Array.from(parts.join('')), pieceLength)).toEqual(whole);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('finds the separators that a plain reading of the lines finds', () => {
    const part = fc.constantFrom('ab', ' ', '\n', '<>', 'x<>', '<>\n', '\n<>\n', ' <> \n');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const lines = parts.join('').split(/(?<=\n)/);
        const expected: string[] = [''];
        for (const line of lines) {
          if (line.trim() === '<>') expected.push('');
          else expected[expected.length - 1]! += line;
        }
        const kept = expected.filter((document) => document.trim() !== '');
        expect(joined(cut([parts.join('')], 1000))).toBe(kept.map((document) => `${document}\0`).join(''));
      }),
      { numRuns: 1000 },
    );
  });
});
