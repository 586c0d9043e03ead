import { selectLargest } from './selection.ts';

/**
 * How the next token is chosen. In the order in which they are applied, which is that of Hugging Face transformers
 * (generation/utils.py, `_get_logits_processor`): repetition penalty, temperature, top-k, top-p, min-p.
 */
export interface SamplingOptions {
  /** Divides the logits. 0: always the likeliest token (the lowest id among equals), and the rest does not matter. */
  readonly temperature: number;
  /** Only the k likeliest tokens; those level with the last one stay too. 0: all. */
  readonly topK: number;
  /** Nucleus sampling (Holtzman et al. 2020, "The Curious Case of Neural Text Degeneration", §3.1): the fewest likeliest tokens that together have this probability. 1: all. */
  readonly topP: number;
  /** Only tokens at least this fraction as likely as the likeliest (Nguyen et al. 2024, "Turning Up the Heat", §3). 0: all. */
  readonly minimumP: number;
  /** Above 1, tokens that are there already become less likely (Keskar et al. 2019, "CTRL", §4.1). 1: no change. */
  readonly repetitionPenalty: number;
}

/** The tokens that may come next, in order of their ids, with probabilities that add up to 1. */
export interface Candidates {
  readonly ids: Uint32Array;
  readonly probabilities: Float64Array;
}

/**
 * Makes the tokens of `ids` less likely, in place: a positive logit is divided by the penalty, a negative one multiplied.
 * A token that occurs several times is penalised once.
 */
export function penalizeRepetition(logits: Float32Array, ids: ReadonlySet<number>, penalty: number): void {
  if (penalty === 1) return;
  for (const id of ids) {
    const logit = logits[id];
    if (logit !== undefined) logits[id] = logit < 0 ? logit * penalty : logit / penalty;
  }
}

/** The id of the largest logit, the lowest among equals. Logits that are NaN are never chosen. */
export function argmax(logits: Float32Array): number {
  let best = 0;
  let largest = -Infinity;
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id]!;
    if (logit > largest) {
      largest = logit;
      best = id;
    }
  }
  return best;
}

/** The ids whose logits are at least the k-th largest one, in order; ids of impossible tokens (−∞, NaN) left out. */
function keepTopK(logits: Float32Array, k: number): Uint32Array {
  const threshold = k > 0 && k < logits.length ? selectLargest(logits, k) : -Infinity;
  const kept = new Uint32Array(logits.length);
  let count = 0;
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id]!;
    if (logit >= threshold && logit > -Infinity) kept[count++] = id;
  }
  return kept.subarray(0, count);
}

/** Softmax of some tokens' logits at a temperature. */
function softmax(logits: Float32Array, ids: Uint32Array, temperature: number): Float64Array {
  let largest = -Infinity;
  for (const id of ids) largest = Math.max(largest, logits[id]!);
  const probabilities = new Float64Array(ids.length);
  let sum = 0;
  for (let index = 0; index < ids.length; index++) {
    const weight = Math.exp((logits[ids[index]!]! - largest) / temperature);
    probabilities[index] = weight;
    sum += weight;
  }
  for (let index = 0; index < ids.length; index++) probabilities[index]! /= sum;
  return probabilities;
}

/** The candidates for which `keep` holds, with their probabilities made to add up to 1 again. */
function restrict(
  { ids, probabilities }: Candidates,
  keep: (probability: number, index: number) => boolean,
): Candidates {
  const keptIds = new Uint32Array(ids.length);
  const kept = new Float64Array(ids.length);
  let count = 0;
  let sum = 0;
  for (let index = 0; index < ids.length; index++) {
    const probability = probabilities[index]!;
    if (!keep(probability, index)) continue;
    keptIds[count] = ids[index]!;
    kept[count++] = probability;
    sum += probability;
  }
  for (let index = 0; index < count; index++) kept[index]! /= sum;
  return { ids: keptIds.subarray(0, count), probabilities: kept.subarray(0, count) };
}

function keepTopP(candidates: Candidates, topP: number): Candidates {
  if (topP >= 1) return candidates;
  const { probabilities } = candidates;
  // Tokens this unlikely cannot be in the nucleus even all together, so that the sort below is of few tokens.
  const negligible = (1 - topP) / probabilities.length;
  const order: number[] = [];
  for (let index = 0; index < probabilities.length; index++) {
    if (probabilities[index]! > negligible) order.push(index);
  }
  order.sort((a, b) => probabilities[b]! - probabilities[a]! || a - b);
  let mass = 0;
  let count = 0;
  while (count < order.length && (count === 0 || mass < topP)) mass += probabilities[order[count++]!]!;
  const nucleus = new Uint8Array(probabilities.length);
  for (const index of order.slice(0, count)) nucleus[index] = 1;
  return restrict(candidates, (_, index) => nucleus[index] === 1);
}

function keepMinimumP(candidates: Candidates, minimumP: number): Candidates {
  if (minimumP <= 0) return candidates;
  const threshold = candidates.probabilities.reduce((a, b) => Math.max(a, b), 0) * minimumP;
  return restrict(candidates, (probability) => probability >= threshold);
}

/**
 * The distribution that the next token is drawn from.
 * @param logits [vocabularySize], with the repetition penalty already in them
 */
export function candidatesFrom(
  logits: Float32Array,
  { temperature, topK, topP, minimumP }: SamplingOptions,
): Candidates {
  if (temperature === 0) return { ids: Uint32Array.of(argmax(logits)), probabilities: Float64Array.of(1) };
  const ids = keepTopK(logits, topK);
  if (ids.length === 0) return { ids: Uint32Array.of(argmax(logits)), probabilities: Float64Array.of(1) };
  return keepMinimumP(keepTopP({ ids, probabilities: softmax(logits, ids, temperature) }, topP), minimumP);
}

/** The candidate in whose share of [0, 1) a number falls. */
export function draw({ ids, probabilities }: Candidates, uniform: number): number {
  let cumulative = 0;
  for (let index = 0; index < ids.length; index++) {
    cumulative += probabilities[index]!;
    if (uniform < cumulative) return ids[index]!;
  }
  // Rounding left the sum a little below 1.
  return ids[ids.length - 1]!;
}

/**
 * Chooses the next token.
 * @param logits [vocabularySize]; penalised in place
 * @param previous the ids of the text so far, prompt included
 * @param uniform a random number in [0, 1)
 */
export function sampleToken(
  logits: Float32Array,
  previous: ReadonlySet<number>,
  options: SamplingOptions,
  uniform: number,
): number {
  penalizeRepetition(logits, previous, options.repetitionPenalty);
  return draw(candidatesFrom(logits, options), uniform);
}
