import type { TokenSplit } from '../../data/token-shards.ts';
import type { BaselineOptions } from '../objective.ts';
import { requirePrediction } from './require-prediction.ts';

/** What a model that knows only the token before scores: the bar that a language model has to clear. */
export interface BigramBaseline {
  /** Mean over the predicted tokens of −ln p, in nats. */
  readonly loss: number;
  readonly perplexity: number;
  /** Number of tokens predicted: all of the split but its first. */
  readonly tokens: number;
}

export interface BigramOptions {
  /** The text whose pairs are counted. */
  readonly train: TokenSplit;
  /** The text that is predicted. */
  readonly validation: TokenSplit;
  readonly vocabularySize: number;
  readonly signal?: AbortSignal;
}

const tokensAtOnce = 2 ** 16;

/** Counting pairs of more tokens than this takes more memory than the comparison is worth. */
const mostCountedTokens = 20_000_000;

/** The loss of a bigram model of the training text on some parts; undefined where that text is too long to count. */
export async function measureBigram({
  train,
  measured,
  shape,
  signal,
}: BaselineOptions<TokenSplit>): Promise<number | undefined> {
  if (train.tokens > mostCountedTokens) return undefined;
  const { vocabularySize } = shape;
  const stop = signal === undefined ? {} : { signal };
  const parts = measured.map((validation) => bigramBaseline({ train, validation, vocabularySize, ...stop }));
  const tokens = parts.reduce((sum, part) => sum + part.tokens, 0);
  return parts.reduce((sum, part) => sum + part.loss * part.tokens, 0) / tokens;
}

/** Calls `visit` with each token but the first and the one before it. */
function forEachPair(
  split: TokenSplit,
  signal: AbortSignal | undefined,
  visit: (before: number, token: number) => void,
): void {
  let before: number | undefined;
  for (let start = 0; start < split.tokens; start += tokensAtOnce) {
    signal?.throwIfAborted();
    for (const token of split.read(start, Math.min(tokensAtOnce, split.tokens - start))) {
      if (before !== undefined) visit(before, token);
      before = token;
    }
  }
}

/**
 * Counts pairs of tokens in the training text and predicts the validation text with them, by Witten–Bell interpolation:
 * p(b|a) = (c(a,b) + T(a)·p(b)) / (c(a) + T(a)), where T(a) is the number of different tokens seen after a and
 * p(b) = (c(b) + 1) / (N + V). (Chen & Goodman 1999, "An empirical study of smoothing techniques for language modeling",
 * §2.5; without parameters to choose.) Memory grows with the number of different pairs.
 * @throws LoamError when the validation text has fewer than two tokens
 */
export function bigramBaseline({ train, validation, vocabularySize, signal }: BigramOptions): BigramBaseline {
  requirePrediction(validation);
  const pairs = new Map<number, number>();
  const contexts = new Float64Array(vocabularySize); // c(a)
  const followers = new Float64Array(vocabularySize); // T(a)
  const tokens = new Float64Array(vocabularySize).fill(1); // c(b) + 1
  let total = vocabularySize; // N + V
  forEachPair(train, signal, (before, token) => {
    const pair = before * vocabularySize + token;
    const count = pairs.get(pair) ?? 0;
    pairs.set(pair, count + 1);
    if (count === 0) followers[before]! += 1;
    contexts[before]! += 1;
    tokens[token]! += 1;
    total += 1;
  });

  let nats = 0;
  let predicted = 0;
  forEachPair(validation, signal, (before, token) => {
    const unigram = tokens[token]! / total;
    const seen = contexts[before]! + followers[before]!;
    const count = pairs.get(before * vocabularySize + token) ?? 0;
    nats -= Math.log(seen === 0 ? unigram : (count + followers[before]! * unigram) / seen);
    predicted += 1;
  });
  const loss = nats / predicted;
  return { loss, perplexity: Math.exp(loss), tokens: predicted };
}
