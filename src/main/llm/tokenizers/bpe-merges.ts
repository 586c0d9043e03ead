import { tokenizerLimits } from '../../../shared/models/limits.ts';
import type { Merge } from './pair-merger.ts';
import { brokenTokenizer, quoteValue } from './tokenizer-json.ts';

/**
 * The merges of a BPE model in the order of their ranks: pairs of tokens, or texts with a space between two tokens.
 * @throws LoamError when they are no list, too many, or have tokens that the vocabulary lacks.
 */
export function readMerges(
  merges: unknown,
  ids: ReadonlyMap<string, number>,
  where: string,
): readonly Merge[] {
  if (!Array.isArray(merges)) throw brokenTokenizer(where, 'The merges are not a list.');
  if (merges.length > tokenizerLimits.merges)
    throw brokenTokenizer(
      where,
      `There are ${merges.length.toLocaleString('en')} merges; at most ${tokenizerLimits.merges.toLocaleString('en')} are read.`,
    );
  return merges.map((merge: unknown, rank) => {
    const [left, right, ...rest]: readonly unknown[] =
      typeof merge === 'string' ? merge.split(' ') : Array.isArray(merge) ? merge : [];
    if (typeof left !== 'string' || typeof right !== 'string' || rest.length > 0) {
      throw brokenTokenizer(where, `Merge ${rank} is ${quoteValue(merge)}, which is not a pair of tokens.`);
    }
    const idOf = (token: string): number => {
      const id = ids.get(token);
      if (id === undefined) {
        throw brokenTokenizer(
          where,
          `Merge ${rank} has the token ${quoteValue(token)}, which is not in the vocabulary.`,
        );
      }
      return id;
    };
    return { left: idOf(left), right: idOf(right), merged: idOf(left + right) };
  });
}
