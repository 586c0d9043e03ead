/** Where something stands in a text: UTF-16 code units from `start` to before `end`. */
export interface TextPlace {
  readonly start: number;
  readonly end: number;
}

/** A text in which pieces are found that a tokenizer changed: lower case, accents taken off, spaces put in. */
export interface FoldedText {
  /**
   * The next place of a piece at or after a place in the text. White space at the piece's start may be the tokenizer's
   * own, and white space of the text may be skipped.
   * @param behindUnknown whether text of unknown length stands before the piece.
   */
  find(piece: string, from: number, behindUnknown: boolean): TextPlace | undefined;
}

/** How far a piece is looked for behind text of unknown length, in code units. */
const longReach = 256;
/** The same where the piece should follow at once: some tokenizers drop characters that they cannot use. */
const shortReach = 8;

const leadingSpace = /^\s+/u;
const invisible = /^[\s\p{C}\p{M}]$/u;

/** Compatibility-decomposed, without marks, in lower case. */
function fold(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

export function foldText(text: string): FoldedText {
  let folded = '';
  /** For each folded code unit, the place of its character in the text. */
  const starts: number[] = [];
  const ends: number[] = [];
  /** For each code unit of the text, the folded code units before it. */
  const foldedBefore: number[] = [];
  let index = 0;
  for (const character of text) {
    for (let unit = 0; unit < character.length; unit++) foldedBefore.push(folded.length);
    const end = index + character.length;
    const form = fold(character);
    // A mark belongs to the character before it.
    if (form === '' && ends.length > 0) ends[ends.length - 1] = end;
    for (let unit = 0; unit < form.length; unit++) {
      starts.push(index);
      ends.push(end);
    }
    folded += form;
    index = end;
  }

  const at = (piece: string, from: number): TextPlace | undefined => {
    if (piece === '') return undefined;
    if (text.startsWith(piece, from)) return { start: from, end: from + piece.length };
    const form = fold(piece);
    const begin = foldedBefore[from];
    if (form === '' || begin === undefined || !folded.startsWith(form, begin)) return undefined;
    return { start: starts[begin]!, end: ends[begin + form.length - 1]! };
  };

  return {
    find: (piece, from, behindUnknown) => {
      const bare = piece.replace(leadingSpace, '');
      const whole = at(piece, from);
      if (whole !== undefined && !(behindUnknown && bare === '')) return whole;
      if (bare === '' && !behindUnknown) return { start: from, end: from };
      const reach = behindUnknown ? longReach : shortReach;
      let passed = 0;
      for (let start = bare === '' ? from + 1 : from; start < text.length;) {
        const found = at(piece, start) ?? at(bare, start);
        if (found !== undefined) return found;
        const character = String.fromCodePoint(text.codePointAt(start)!);
        if (!invisible.test(character)) passed += character.length;
        if (passed > reach) return undefined;
        start += character.length;
      }
      return undefined;
    },
  };
}
