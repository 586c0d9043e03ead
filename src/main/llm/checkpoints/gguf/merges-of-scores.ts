/**
 * The merges of a SentencePiece BPE model, which keeps scores instead: each way in which a token is two others, by falling
 * score (transformers, `generate_merges` in convert_slow_tokenizer.py).
 * @param scores by token id
 */
export function mergesOfScores(
  vocabulary: ReadonlyMap<string, number>,
  scores: readonly number[],
): readonly (readonly [string, string])[] {
  const merges: { readonly pair: readonly [string, string]; readonly score: number }[] = [];
  for (const [token, id] of vocabulary) {
    const characters = Array.from(token);
    const ways: { readonly pair: readonly [string, string]; readonly ids: readonly [number, number] }[] = [];
    for (let at = 1; at < characters.length; at += 1) {
      const pair = [characters.slice(0, at).join(''), characters.slice(at).join('')] as const;
      const [left, right] = pair.map((part) => vocabulary.get(part));
      if (left !== undefined && right !== undefined) ways.push({ pair, ids: [left, right] });
    }
    ways.sort((one, other) => one.ids[0] - other.ids[0] || one.ids[1] - other.ids[1]);
    for (const { pair } of ways) merges.push({ pair, score: scores[id]! });
  }
  const length = (text: string): number => Array.from(text).length;
  return merges
    .toSorted(
      (one, other) =>
        other.score - one.score ||
        length(other.pair[0]) - length(one.pair[0]) ||
        length(other.pair[1]) - length(one.pair[1]),
    )
    .map(({ pair }) => pair);
}
