/** UTF-16 units on both sides of a place that say whether a text may be parted there. */
const around = 256;

/** A shorter text has no such place. */
export const shortestParted = 4 * around;

/** Places of each kind that are tried. */
const tries = 32;

/**
 * Where to part a text that is rewritten, before more of it comes: in its second half and as late as can be, behind a line,
 * else behind a blank, else anywhere; such that nothing that is rewritten lies across it, as far as some lines around it tell.
 */
export function placeToPart(text: string, rewrite: (text: string) => string): number {
  const fits = (place: number): boolean => {
    const before = text.slice(Math.max(0, place - around), place);
    const after = text.slice(place, place + around);
    return rewrite(before) + rewrite(after) === rewrite(before + after);
  };
  let first: number | undefined;
  for (const sign of ['\n', ' ', '']) {
    let tried = 0;
    for (const place of placesBehind(text, sign)) {
      first ??= place;
      if (fits(place)) return place;
      if (++tried === tries) break;
    }
  }
  return first ?? text.length;
}

/** Places behind a sign, or anywhere, from the last one that has something behind it to the middle of a text. */
function* placesBehind(text: string, sign: string): Generator<number> {
  const half = text.length / 2;
  for (let place = text.length - around; place > half; place--) {
    if (sign !== '') place = text.lastIndexOf(sign, place - 1) + 1;
    if (place <= half) return;
    if (!isLowSurrogate(text.charCodeAt(place))) yield place;
  }
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
