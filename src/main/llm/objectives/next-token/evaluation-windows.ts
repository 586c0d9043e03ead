/** A stretch of a split that is evaluated at once: inputs are tokens start … start+length−1, targets one further. */
export interface EvaluationWindow {
  readonly start: number;
  /** Number of predictions: the context length, or fewer in the last window of the split. */
  readonly length: number;
}

/**
 * The windows over a split of `tokens` tokens, side by side without overlap: window k reads tokens kT … kT+T−1 and
 * predicts kT+1 … kT+T. So over the whole split every token but the very first is predicted exactly once, from the
 * 0 … T−1 tokens before it in its window, and tokens−1 predictions are counted.
 *
 * With fewer `maximumTokens` than that, whole windows are taken at even distances over the whole split, as many as fit
 * into the maximum and at least one: the same ones each time, and not only the split's beginning. They are made one by
 * one, so that a long split costs no memory.
 */
export function* evaluationWindows(
  tokens: number,
  contextLength: number,
  maximumTokens: number,
): Generator<EvaluationWindow, void> {
  const predictions = tokens - 1;
  const window = (index: number): EvaluationWindow => {
    const start = index * contextLength;
    return { start, length: Math.min(contextLength, predictions - start) };
  };
  const all = Math.ceil(predictions / contextLength);
  if (maximumTokens >= predictions) {
    for (let index = 0; index < all; index++) yield window(index);
    return;
  }
  const whole = Math.max(1, Math.floor(predictions / contextLength));
  const taken = Math.min(whole, Math.max(1, Math.floor(maximumTokens / contextLength)));
  for (let index = 0; index < taken; index++) yield window(Math.floor((index * whole) / taken));
}
