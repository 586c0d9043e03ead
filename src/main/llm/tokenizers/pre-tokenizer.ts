import { assertNever } from '../../../shared/errors.ts';
import {
  characterClass,
  latin1Classes,
  LETTER,
  NEW_LINE,
  NUMBER,
  OTHER,
  WHITE_SPACE,
} from './character-classes.ts';

/**
 * How text is cut into words before byte pairs are merged: no token crosses the end of a word. The expressions are
 * those of published tokenizers, in the dialect of Oniguruma that tokenizer.json uses:
 *
 * - `gpt4`: OpenAI's cl100k as Llama 3 writes it. Numbers fall into groups of three digits, a punctuation mark may
 *   lead a word, line ends stay together. The default here.
 * - `qwen`: the same with every digit by itself, as Qwen 2 and 3 have it.
 * - `gpt2`: Radford et al. 2019; github.com/openai/gpt-2, src/encoder.py.
 */
export const wordPatterns = {
  gpt4: String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  qwen: String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  gpt2: String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`,
} as const;

export type WordPatternName = keyof typeof wordPatterns;

/** The offset at which the word that begins at `start` ends. `end` is the end of the text; start < end. */
export type WordScanner = (utf8: Uint8Array, start: number, end: number) => number;

/**
 * A scanner that cuts valid UTF-8 where the pattern of that name matches. It is the expression written out by hand:
 * several times as fast as a regular expression over a string, and its words are bytes already.
 */
export function createWordScanner(name: WordPatternName): WordScanner {
  switch (name) {
    case 'gpt4':
      return (utf8, start, end) => scanGpt4Word(utf8, start, end, 3);
    case 'qwen':
      return (utf8, start, end) => scanGpt4Word(utf8, start, end, 1);
    case 'gpt2':
      return scanGpt2Word;
    default:
      return assertNever(name);
  }
}

const SPACE = 0x20;
const APOSTROPHE = 0x27;

/** Bytes of the character whose first byte this is, in valid UTF-8 (RFC 3629 §3). */
function characterLength(firstByte: number): number {
  return firstByte < 0x80 ? 1 : firstByte < 0xe0 ? 2 : firstByte < 0xf0 ? 3 : 4;
}

function classAt(utf8: Uint8Array, offset: number): number {
  const first = utf8[offset]!;
  if (first < 0x80) return latin1Classes[first]!;
  if (first < 0xe0) return characterClass(((first & 0x1f) << 6) | (utf8[offset + 1]! & 0x3f));
  const middle = ((utf8[offset + 1]! & 0x3f) << 6) | (utf8[offset + 2]! & 0x3f);
  if (first < 0xf0) return characterClass(((first & 0x0f) << 12) | middle);
  return characterClass(((first & 0x07) << 18) | (middle << 6) | (utf8[offset + 3]! & 0x3f));
}

/** The end of the run of characters of one class that begins at or after `offset`; `offset` itself when there is none. */
function endOfRun(utf8: Uint8Array, offset: number, end: number, runClass: number): number {
  while (offset < end && classAt(utf8, offset) === runClass) offset += characterLength(utf8[offset]!);
  return offset;
}

/** `'s|'t|'re|'ve|'m|'ll|'d` at an apostrophe, in lower case or any case: the end of the match, or `start`. */
function endOfContraction(utf8: Uint8Array, start: number, end: number, anyCase: boolean): number {
  const fold = anyCase ? 0x20 : 0;
  const first = start + 1 < end ? utf8[start + 1]! | fold : 0;
  // s t m d
  if (first === 0x73 || first === 0x74 || first === 0x6d || first === 0x64) return start + 2;
  const second = start + 2 < end ? utf8[start + 2]! | fold : 0;
  // re ve ll
  if ((first === 0x72 || first === 0x76) && second === 0x65) return start + 3;
  if (first === 0x6c && second === 0x6c) return start + 3;
  // U+017F, the long s, is an s to a comparison without case (Unicode CaseFolding.txt). In UTF-8: c5 bf.
  if (anyCase && start + 2 < end && utf8[start + 1] === 0xc5 && utf8[start + 2] === 0xbf) return start + 3;
  return start;
}

/** `\s+(?!\S)|\s+` on the run start … runEnd: all of it at the end of the text, else all but its last character. */
function endOfWhiteSpaceWord(utf8: Uint8Array, start: number, runEnd: number, end: number): number {
  if (runEnd === end) return runEnd;
  let last = runEnd - 1;
  while ((utf8[last]! & 0xc0) === 0x80) last--;
  return last > start ? last : runEnd;
}

function scanGpt4Word(utf8: Uint8Array, start: number, end: number, digitsPerNumber: number): number {
  const first = utf8[start]!;
  if (first === APOSTROPHE) {
    const contraction = endOfContraction(utf8, start, end, true);
    if (contraction > start) return contraction;
  }
  const firstClass = classAt(utf8, start);
  const afterFirst = start + characterLength(first);
  switch (firstClass) {
    case LETTER:
      return endOfRun(utf8, afterFirst, end, LETTER);
    case NUMBER: {
      let offset = afterFirst;
      for (
        let digits = 1;
        digits < digitsPerNumber && offset < end && classAt(utf8, offset) === NUMBER;
        digits++
      ) {
        offset += characterLength(utf8[offset]!);
      }
      return offset;
    }
    case OTHER: {
      // [^\r\n\p{L}\p{N}]?\p{L}+ comes before the run of symbols.
      const letters = endOfRun(utf8, afterFirst, end, LETTER);
      if (letters > afterFirst) return letters;
      return endOfRun(utf8, endOfRun(utf8, afterFirst, end, OTHER), end, NEW_LINE);
    }
    case WHITE_SPACE: {
      const letters = endOfRun(utf8, afterFirst, end, LETTER);
      if (letters > afterFirst) return letters;
      if (first === SPACE) {
        const symbols = endOfRun(utf8, afterFirst, end, OTHER);
        if (symbols > afterFirst) return endOfRun(utf8, symbols, end, NEW_LINE);
      }
      break;
    }
  }
  // Only white space is left. \s*[\r\n]+ takes the run up to its last line end.
  let afterLastNewLine = firstClass === NEW_LINE ? afterFirst : start;
  let offset = afterFirst;
  while (offset < end) {
    const nextClass = classAt(utf8, offset);
    if (nextClass !== WHITE_SPACE && nextClass !== NEW_LINE) break;
    offset += characterLength(utf8[offset]!);
    if (nextClass === NEW_LINE) afterLastNewLine = offset;
  }
  return afterLastNewLine > start ? afterLastNewLine : endOfWhiteSpaceWord(utf8, start, offset, end);
}

function scanGpt2Word(utf8: Uint8Array, start: number, end: number): number {
  const first = utf8[start]!;
  if (first === APOSTROPHE) {
    const contraction = endOfContraction(utf8, start, end, false);
    if (contraction > start) return contraction;
  }
  // A space may lead letters, numbers or symbols.
  const body = first === SPACE && start + 1 < end ? start + 1 : start;
  const bodyClass = classAt(utf8, body);
  if (bodyClass === LETTER || bodyClass === NUMBER || bodyClass === OTHER) {
    return endOfRun(utf8, body, end, bodyClass);
  }
  let offset = start;
  while (offset < end) {
    const nextClass = classAt(utf8, offset);
    if (nextClass !== WHITE_SPACE && nextClass !== NEW_LINE) break;
    offset += characterLength(utf8[offset]!);
  }
  return endOfWhiteSpaceWord(utf8, start, offset, end);
}
