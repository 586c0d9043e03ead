/**
 * The four kinds of characters that pre-tokenisation tells apart. White space is Unicode's property White_Space, as in
 * Oniguruma, the regular expression engine of `tokenizers`; JavaScript's \s differs in U+0085 and U+FEFF.
 */
export const OTHER = 0;
export const LETTER = 1;
export const NUMBER = 2;
export const WHITE_SPACE = 3;
/** Carriage return and line feed: white space with rules of its own. */
export const NEW_LINE = 4;

function classify(codePoint: number): number {
  if (codePoint === 0x0a || codePoint === 0x0d) return NEW_LINE;
  const character = String.fromCodePoint(codePoint);
  if (/^\p{L}$/u.test(character)) return LETTER;
  if (/^\p{N}$/u.test(character)) return NUMBER;
  if (/^\p{White_Space}$/u.test(character)) return WHITE_SPACE;
  return OTHER;
}

function classifyPage(page: number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, index) => classify(page * 256 + index));
}

/** Classes of U+0000 … U+00FF, for quick access to those of ASCII. */
export const latin1Classes: Uint8Array = classifyPage(0);

/** Pages of 256 code points, filled when first met: most texts touch few of the 4352. */
const pages: (Uint8Array | undefined)[] = Array.from({ length: 0x1100 });
pages[0] = latin1Classes;

/** The class of a code point in 0 … 0x10FFFF, by the Unicode version of the JavaScript engine. */
export function characterClass(codePoint: number): number {
  const page = (pages[codePoint >> 8] ??= classifyPage(codePoint >> 8));
  return page[codePoint & 0xff]!;
}
