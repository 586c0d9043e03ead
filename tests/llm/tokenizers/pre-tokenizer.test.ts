import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createWordScanner,
  wordPatterns,
  type WordPatternName,
} from '../../../src/main/llm/tokenizers/pre-tokenizer.ts';
import { texts, wordLengths } from '../../fixtures/tokenizers/golden.ts';

const patternNames: readonly WordPatternName[] = ['gpt4', 'qwen', 'gpt2'];

function scanWords(name: WordPatternName, text: string): readonly string[] {
  const utf8 = new TextEncoder().encode(text);
  const scan = createWordScanner(name);
  const words: string[] = [];
  for (let start = 0; start < utf8.length;) {
    const end = scan(utf8, start, utf8.length);
    words.push(new TextDecoder('utf-8', { ignoreBOM: true }).decode(utf8.subarray(start, end)));
    start = end;
  }
  return words;
}

/** The published expression run by the JavaScript engine, with \s as Oniguruma means it. */
function matchWords(name: WordPatternName, text: string): readonly string[] {
  const source = wordPatterns[name]
    .replaceAll(String.raw`\S`, String.raw`\P{White_Space}`)
    .replaceAll(String.raw`\s`, String.raw`\p{White_Space}`);
  return text.match(new RegExp(source, 'gu')) ?? [];
}

/** Characters at which the patterns decide, more often than chance would bring them together. */
const decisiveText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "'",
        's',
        'S',
        'ſ',
        't',
        'r',
        'e',
        'v',
        'l',
        'L',
        'm',
        'd',
        'x',
        'é',
        '中',
        '\u0301',
        '1',
        '²',
        '٣',
        '𝟘',
      ),
      fc.constantFrom(
        ' ',
        '  ',
        '\t',
        '\n',
        '\r',
        '\r\n',
        '\u0085',
        '\u00a0',
        '\u3000',
        '\u2028',
        '\ufeff',
        '.',
        '-',
        '🔧',
        '\0',
        '\ufffd',
      ),
      fc.string({ unit: 'binary', maxLength: 2 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join('').toWellFormed());

describe.each(patternNames)('the %s scanner', (name) => {
  test.each(Object.entries(texts))('cuts "%s" where tokenizers cuts it', (textName, text) => {
    expect(scanWords(name, text).map((word) => Buffer.byteLength(word))).toEqual(
      wordLengths[name]![textName],
    );
  });

  test('finds the words of the published expression in any text', () => {
    fc.assert(
      fc.property(decisiveText, (text) => {
        expect(scanWords(name, text)).toEqual(matchWords(name, text));
      }),
      { numRuns: 3000 },
    );
  });
});
