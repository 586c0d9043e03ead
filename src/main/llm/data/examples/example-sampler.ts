import { z } from 'zod';
import { LoamError } from '../../../../shared/errors.ts';
import { combineKeys, keyedPermutation } from '../../random/keyed-permutation.ts';

const count = z.int().min(0);

/** Where a sampler stands, as plain JSON: whole passes over the examples so far, and examples of this one already given. */
export const exampleSamplerStateSchema = z.object({
  examples: z.int().positive(),
  seed: count,
  epoch: count,
  position: count,
});
export type ExampleSamplerState = Readonly<z.output<typeof exampleSamplerStateSchema>>;

/** Gives the numbers of examples in a pseudo-random order, each once in every pass; the order takes no memory. */
export interface ExampleSampler {
  next(): number;
  state(): ExampleSamplerState;
}

/**
 * @param seed an unsigned 32-bit integer
 * @throws LoamError when the state belongs to other examples or another seed
 */
export function createExampleSampler({
  examples,
  seed,
  state,
}: {
  readonly examples: number;
  readonly seed: number;
  readonly state?: ExampleSamplerState;
}): ExampleSampler {
  if (state !== undefined && (state.examples !== examples || state.seed !== seed))
    throw new LoamError({
      kind: 'input',
      where: 'sampler state',
      what: `The saved place is one among ${state.examples} examples with seed ${state.seed}, and this run has ${examples} with seed ${seed}.`,
      remedy: 'Resume with the data and the seed that the run began with, or start a new run.',
    });
  let { epoch, position } = state ?? { epoch: 0, position: 0 };
  const orderOf = (pass: number) => keyedPermutation(examples, combineKeys(seed, pass, 2));
  let order = orderOf(epoch);
  return {
    next() {
      if (position === examples) {
        epoch += 1;
        position = 0;
        order = orderOf(epoch);
      }
      return order(position++);
    },
    state: () => ({ examples, seed, epoch, position }),
  };
}
