import { characterClass, NEW_LINE, WHITE_SPACE } from './character-classes.ts';

/** Characters (UTF-16 code units) that are turned into UTF-8 at once: bounds the scratch memory. */
const SLICE_LENGTH = 1 << 18;

const SPACE = 0x20;
const LINE_FEED = 0x0a;

function isAsciiLetter(unit: number): boolean {
  return (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a);
}

function isVisible(unit: number): boolean {
  const unitClass = characterClass(unit);
  return unitClass !== WHITE_SPACE && unitClass !== NEW_LINE;
}

/**
 * Whether every pattern of pre-tokenizer.ts begins a word at this index and would without what stands before or after
 * it: at a space between two letters, and after a single line feed between two visible characters.
 * Requires 2 ≤ index < text.length − 1.
 */
function isWordBoundary(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  const before = text.charCodeAt(index - 1);
  if (unit === SPACE) return isAsciiLetter(before) && isAsciiLetter(text.charCodeAt(index + 1));
  return before === LINE_FEED && isVisible(unit) && isVisible(text.charCodeAt(index - 2));
}

/**
 * Cuts a long text where words begin, so that the slices, one by one, give the words of the whole. A slice has at most
 * `length` characters, and more where the text has no safe place to cut, such as a line of Chinese.
 */
export function* sliceAtWords(text: string, length: number = SLICE_LENGTH): Generator<string> {
  let start = 0;
  while (text.length - start > length) {
    const limit = start + length;
    let cut = Math.min(limit, text.length - 2);
    while (cut > start + 1 && !isWordBoundary(text, cut)) cut--;
    if (cut <= start + 1) {
      cut = limit + 1;
      while (cut < text.length - 1 && !isWordBoundary(text, cut)) cut++;
      if (cut >= text.length - 1) break;
    }
    yield text.slice(start, cut);
    start = cut;
  }
  yield start === 0 ? text : text.slice(start);
}
