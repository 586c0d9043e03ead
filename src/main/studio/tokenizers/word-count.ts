/** A word: letters and digits with what joins them; each character of a script that writes no spaces is one. */
const word =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}](?:[\p{M}'’_-]*(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{N}])*/gu;

/** The number of words in a text. */
export function countWords(text: string): number {
  let words = 0;
  for (const _ of text.matchAll(word)) words++;
  return words;
}
