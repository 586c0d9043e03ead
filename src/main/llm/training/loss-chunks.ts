/** Most logits that one part of the loss head may hold: 16 million, 64 MB in float32. */
const mostLogitsAtOnce = 2 ** 24;

/**
 * In how many equal parts the loss over the vocabulary is computed, so that the logits of [tokens, vocabulary] never
 * exist whole when they are large. The smallest divisor of `tokens` that keeps a part within 64 MB.
 * @param tokens positions in one run of the graph (batch × sequence)
 */
export function automaticLossChunks(tokens: number, vocabularySize: number): number {
  for (let chunks = 1; chunks < tokens; chunks += 1) {
    if (tokens % chunks === 0 && (tokens / chunks) * vocabularySize <= mostLogitsAtOnce) return chunks;
  }
  return tokens;
}
