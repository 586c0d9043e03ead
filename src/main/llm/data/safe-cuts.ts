const space = 0x20;
const isWhitespace = (text: string, place: number): boolean => /\s/.test(text.charAt(place));
const isLetter = (text: string, place: number): boolean => /\p{L}/u.test(text.charAt(place));
const isLetterOrDigit = (text: string, place: number): boolean => /[\p{L}\p{N}]/u.test(text.charAt(place));
const isPunctuation = (text: string, place: number): boolean => /[\p{P}\p{S}]/u.test(text.charAt(place));

/**
 * A long text is given to a tokenizer in pieces. A piece may end only where the tokenizer would begin a new word
 * anyway, so that the tokens of the pieces are the tokens of the whole. In the pre-tokenisation patterns of GPT-2 and
 * of GPT-4 (cl100k, o200k) that is certain
 * - before a space that follows something visible: a pattern takes a space only at its front;
 * - between a letter or digit and any white space (after punctuation GPT-4's patterns take line ends as well);
 * - between a letter and punctuation other than an apostrophe, which may belong to the word ("it's").
 */
function isWordBoundary(text: string, place: number): boolean {
  if (isWhitespace(text, place)) return isLetterOrDigit(text, place - 1);
  return isPunctuation(text, place) && !/['’]/.test(text.charAt(place)) && isLetter(text, place - 1);
}

function isSpaceAfterWord(text: string, place: number): boolean {
  return text.charCodeAt(place) === space && !isWhitespace(text, place - 1);
}

/**
 * Where to end a piece of `text`: at the last space in the first `length` characters, or the last other word boundary
 * there, or the first one after; in a stretch of `limit` characters without any, between two characters, which can
 * change only the tokens at the cut. Depends on nothing behind the cut, so that a text is cut the same however it
 * arrives.
 * @returns undefined when more text is needed to decide.
 */
export function findCut(text: string, length: number, limit: number): number | undefined {
  if (text.length <= length) return undefined;
  for (let place = length; place > 0; place--) if (isSpaceAfterWord(text, place)) return place;
  for (let place = length; place > 0; place--) if (isWordBoundary(text, place)) return place;
  for (let place = length + 1; place < Math.min(text.length, limit); place++) {
    if (isSpaceAfterWord(text, place) || isWordBoundary(text, place)) return place;
  }
  if (text.length <= limit) return undefined;
  return isLowSurrogate(text, limit) ? limit - 1 : limit;
}

function isLowSurrogate(text: string, place: number): boolean {
  const code = text.charCodeAt(place);
  return code >= 0xdc00 && code < 0xe000;
}
