/** Most logits that one part of the loss head may hold: 16 million, 64 MB in float32. */
const mostLogitsAtOnce = 2 ** 24;

/**
 * In how many nearly equal parts the loss over the vocabulary is computed, so that the logits of [tokens, vocabulary]
 * never exist whole when they are large: as few as keep a part within 64 MB.
 * @param tokens positions in one run of the graph (batch × sequence)
 */
export function automaticLossChunks(tokens: number, vocabularySize: number): number {
  const tokensAtOnce = Math.max(1, Math.floor(mostLogitsAtOnce / vocabularySize));
  return Math.ceil(tokens / tokensAtOnce);
}
