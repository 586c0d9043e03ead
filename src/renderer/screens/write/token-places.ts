import type { WrittenToken } from '../../../shared/generation/settings.ts';

/** A token and the characters of the text that are its. */
export interface PlacedToken {
  readonly text: string;
  readonly token: WrittenToken;
}

/**
 * Gives each token its part of a text. A stop text is not shown, so that the last tokens may have no part, and the tokens of
 * one character share it: those are left out, the last of them shows it.
 */
export function placeTokens(text: string, tokens: readonly WrittenToken[]): readonly PlacedToken[] {
  const placed: PlacedToken[] = [];
  let offset = 0;
  for (const token of tokens) {
    const piece = text.slice(offset, offset + token.text.length);
    offset += token.text.length;
    if (piece !== '') placed.push({ text: piece, token });
  }
  const last = placed.at(-1);
  const rest = text.slice(offset);
  return last === undefined || rest === ''
    ? placed
    : [...placed.slice(0, -1), { ...last, text: last.text + rest }];
}

/** How surprising a probability is: 0 from one half on, 1 at one in 500 and below, in bits between. */
export function surprise(probability: number): number {
  const bits = -Math.log2(Math.max(probability, 1e-9));
  return Math.max(0, Math.min(1, (bits - 1) / 8));
}
