/**
 * The softmax of a model's logits: how likely it thinks each token is.
 * @param logits [vocabularySize]
 * @returns [vocabularySize], adding up to 1
 */
export function probabilitiesOf(logits: Float32Array): Float64Array {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const weights = Float64Array.from(logits, (logit) => Math.exp(logit - largest));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/**
 * The ids of the likeliest tokens, likeliest first, the lower id first among equals. One pass: the few are kept sorted.
 * @param count how many; no more than there are
 */
export function topTokens(probabilities: Float64Array, count: number): readonly number[] {
  const best: number[] = [];
  if (count === 0) return best;
  for (let id = 0; id < probabilities.length; id++) {
    const probability = probabilities[id]!;
    const last = best.at(-1);
    if (best.length === count && last !== undefined && probability <= probabilities[last]!) continue;
    let place = best.length;
    while (place > 0 && probability > probabilities[best[place - 1]!]!) place--;
    best.splice(place, 0, id);
    if (best.length > count) best.pop();
  }
  return best;
}
