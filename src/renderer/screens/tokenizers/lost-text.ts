import type { TokenizerFit } from '../../../shared/tokenizers/encoding.ts';

/** Whether a part of the text does not come back from its tokens. */
export function losesText({ lostShare }: Pick<TokenizerFit, 'lostShare'>): boolean {
  return lostShare !== null && lostShare > 0;
}

/**
 * Whether figures of two tokenizers may be called better or worse than one another: not where one loses more of the text
 * than the other, for what is left out takes no tokens.
 */
export function areComparable(
  a: Pick<TokenizerFit, 'lostShare'>,
  b: Pick<TokenizerFit, 'lostShare'>,
): boolean {
  return (a.lostShare ?? 0) === (b.lostShare ?? 0);
}
