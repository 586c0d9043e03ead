/** A text and, where it was changed, the code units of the original that each of its code units came from. */
export interface SourceMap {
  readonly text: string;
  readonly origin: { readonly starts: readonly number[]; readonly ends: readonly number[] } | undefined;
}

/**
 * Stretches that Unicode's composition never reaches across: a character with the marks after it, or the parts of a Korean
 * syllable (Unicode Standard, §3.11 and §3.12).
 */
const compositionUnit =
  /[\u1100-\u115f][\u1160-\u11ff]*\p{M}*|[\uac00-\ud7a3][\u11a8-\u11ff]?\p{M}*|[^]\p{M}*/gu;

/** A text in Unicode's normal form C, with the way back to the original. */
export function composedText(text: string): SourceMap {
  const starts: number[] = [];
  const ends: number[] = [];
  let composed = '';
  for (const { 0: unit, index } of text.matchAll(compositionUnit)) {
    const form = unit.normalize('NFC');
    composed += form;
    const unchanged = form === unit;
    for (let at = 0; at < form.length; at++) {
      starts.push(unchanged ? index + at : index);
      ends.push(unchanged ? index + at + 1 : index + unit.length);
    }
  }
  return { text: composed, origin: { starts, ends } };
}
