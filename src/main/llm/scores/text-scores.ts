/**
 * How near an answer comes to the one in a record, each from 0 to 1. All three look at the surface: an answer that says the
 * same in other words scores low.
 */

/** Whether an answer is the reference but for white space around and between its words. */
export function isExactMatch(answer: string, reference: string): boolean {
  const normal = (text: string): string => text.normalize('NFC').trim().replace(/\s+/g, ' ');
  return normal(answer) === normal(reference);
}

/**
 * ROUGE-L: the harmonic mean of the shares of both texts' words that stand in their longest common subsequence (Lin, "ROUGE: A
 * Package for Automatic Evaluation of Summaries", 2004, §3). Words are runs of letters, marks and digits, in lower case, without
 * stemming; of English text that gives what the package rouge-score does, which knows no other letters.
 */
export function rougeL(answer: string, reference: string): number {
  const [mine, theirs] = [wordsOf(answer), wordsOf(reference)];
  if (mine.length === 0 || theirs.length === 0) return 0;
  const common = longestCommonSubsequence(mine, theirs);
  if (common === 0) return 0;
  const [precision, recall] = [common / mine.length, common / theirs.length];
  return (2 * precision * recall) / (precision + recall);
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}

function longestCommonSubsequence(one: readonly string[], other: readonly string[]): number {
  let above = new Uint32Array(other.length + 1);
  for (const word of one) {
    const row = new Uint32Array(other.length + 1);
    for (const [index, each] of other.entries())
      row[index + 1] = word === each ? above[index]! + 1 : Math.max(above[index + 1]!, row[index]!);
    above = row;
  }
  return above[other.length]!;
}

const longestNgram = 6;
/** How many times recall counts as much as precision. */
const beta = 2;

/** Counts of a pair of texts from which chrF is computed, for each length of n-grams. */
export interface ChrfCounts {
  readonly answer: readonly number[];
  readonly reference: readonly number[];
  readonly matches: readonly number[];
}

/**
 * Counts for chrF (Popović, "chrF: character n-gram F-score for automatic MT evaluation", 2015): n-grams of up to six
 * characters, white space left out. Counts of several pairs may be added up.
 */
export function chrfCounts(answer: string, reference: string): ChrfCounts {
  const lengths = Array.from({ length: longestNgram }, (_, index) => index + 1);
  const [mine, theirs] = [answer, reference].map((text) => Array.from(text.replace(/\s+/g, '')));
  const counts = lengths.map((length) => {
    const [own, others] = [ngramsOf(mine!, length), ngramsOf(theirs!, length)];
    let matches = 0;
    for (const [ngram, count] of own) matches += Math.min(count, others.get(ngram) ?? 0);
    return matches;
  });
  const totals = (characters: readonly string[]) =>
    lengths.map((length) => Math.max(0, characters.length - length + 1));
  const ofReference = totals(theirs!);
  // Where the reference is too short for n-grams of a length, the answer's do not count, as in sacreBLEU.
  const ofAnswer = totals(mine!).map((total, index) => (ofReference[index] === 0 ? 0 : total));
  return { answer: ofAnswer, reference: ofReference, matches: counts };
}

function ngramsOf(characters: readonly string[], length: number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (let start = 0; start + length <= characters.length; start += 1) {
    const ngram = characters.slice(start, start + length).join('');
    counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
  }
  return counts;
}

/** chrF2 of counts: as sacreBLEU's, of n-grams that are long enough for both texts to have some. */
export function chrfOf({ answer, reference, matches }: ChrfCounts): number {
  let [precision, recall, orders] = [0, 0, 0];
  for (const [index, matched] of matches.entries()) {
    const [own, others] = [answer[index]!, reference[index]!];
    if (own === 0 || others === 0) continue;
    precision += matched / own;
    recall += matched / others;
    orders += 1;
  }
  if (orders === 0 || precision + recall === 0) return 0;
  [precision, recall] = [precision / orders, recall / orders];
  return ((1 + beta ** 2) * precision * recall) / (beta ** 2 * precision + recall);
}
