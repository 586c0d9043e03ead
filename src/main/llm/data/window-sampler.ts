import { z } from 'zod';
import { LoamError } from '../../../shared/errors.ts';
import { fittingContext } from '../../../shared/runs/text-issues.ts';
import { combineKeys, keyedHash, keyedPermutation } from '../random/keyed-permutation.ts';

const count = z.int().min(0);
const size = z.int().positive();

/**
 * Where a sampler stands, as plain JSON: it goes into a checkpoint, and a sampler made from it goes on exactly. `epoch` is
 * the whole passes over the text so far, `position` the windows of this epoch already given.
 */
export const windowSamplerStateSchema = z.object({
  tokens: size,
  contextLength: size,
  seed: count,
  epoch: count,
  position: count,
});
export type WindowSamplerState = Readonly<z.output<typeof windowSamplerStateSchema>>;

export interface WindowSampler {
  /** The offset, in tokens, of a window of contextLength + 1 tokens: inputs and, one later, their targets. */
  next(): number;
  state(): WindowSamplerState;
}

export interface WindowSamplerOptions {
  /** Length of the token sequence. */
  readonly tokens: number;
  readonly contextLength: number;
  /** An unsigned 32-bit integer. */
  readonly seed: number;
  readonly state?: WindowSamplerState;
}

/**
 * Gives windows of a token sequence in a pseudo-random order. In each epoch the sequence is cut into windows that
 * follow one another without gap, beginning at a phase drawn for that epoch, and each window is visited once; so in an
 * epoch every token is predicted at most once, and over the epochs in every place of the context. The order is a keyed
 * permutation: it takes no memory, and its whole state is a pair of counters.
 * @throws LoamError when the sequence is shorter than one window, or the state belongs to other data.
 */
export function createWindowSampler({
  tokens,
  contextLength,
  seed,
  state,
}: WindowSamplerOptions): WindowSampler {
  requireTokensForContext(tokens, contextLength);
  if (state !== undefined) requireSameText(state, { tokens, contextLength, seed });
  let epoch = state?.epoch ?? 0;
  let position = state?.position ?? 0;
  let order = epochOrder(tokens, contextLength, seed, epoch);

  return {
    next() {
      if (position >= order.windows) {
        epoch += 1;
        position = 0;
        order = epochOrder(tokens, contextLength, seed, epoch);
      }
      return order.start(position++);
    },
    state: () => ({ tokens, contextLength, seed, epoch, position }),
  };
}

/**
 * Refuses a text in which not even one window fits.
 * @throws LoamError when tokens < contextLength + 1.
 */
export function requireTokensForContext(tokens: number, contextLength: number): void {
  if (tokens > contextLength) return;
  throw new LoamError({
    kind: 'input',
    what: `The training text has ${tokens} tokens, but the model's context is ${contextLength} tokens and training needs at least ${contextLength + 1}.`,
    where: 'model.contextLength',
    remedy:
      tokens > 2
        ? `Import more text, or choose a shorter context: at most ${tokens - 1} tokens, better about ${fittingContext(tokens)}.`
        : 'Import more text.',
  });
}

function requireSameText(
  state: WindowSamplerState,
  expected: Pick<WindowSamplerState, 'tokens' | 'contextLength' | 'seed'>,
): void {
  for (const key of ['tokens', 'contextLength', 'seed'] as const) {
    if (state[key] === expected[key]) continue;
    throw new LoamError({
      kind: 'input',
      what: `The saved place in the training text was made with ${key} ${state[key]}, but this run has ${key} ${expected[key]}.`,
      where: 'sampler state',
      remedy: 'Resume with the data, context length and seed that the run began with, or start a new run.',
    });
  }
}

function epochOrder(tokens: number, contextLength: number, seed: number, epoch: number) {
  const phases = Math.min(contextLength, tokens - contextLength);
  const phase = keyedHash(combineKeys(seed, epoch, 1), 0) % phases;
  const windows = Math.floor((tokens - 1 - phase) / contextLength);
  const permute = keyedPermutation(windows, combineKeys(seed, epoch, 2));
  return { windows, start: (position: number) => phase + permute(position) * contextLength };
}
