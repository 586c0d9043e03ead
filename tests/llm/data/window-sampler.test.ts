import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWindowSampler, type WindowSampler } from '../../../src/main/llm/data/window-sampler.ts';
import { LoamError } from '../../../src/shared/errors.ts';

const text = fc
  .record({ contextLength: fc.integer({ min: 1, max: 40 }), seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }) })
  .chain(({ contextLength, seed }) =>
    fc.record({
      contextLength: fc.constant(contextLength),
      seed: fc.constant(seed),
      tokens: fc.integer({ min: contextLength + 1, max: 2000 }),
    }),
  );

function takeEpoch(sampler: WindowSampler, epoch: number): number[] {
  const starts: number[] = [];
  while (sampler.state().epoch < epoch) starts.push(sampler.next());
  // The epoch's number turns with the first window of the next epoch.
  return starts;
}

/** The windows of each of the first epochs. */
function epochs(options: Parameters<typeof createWindowSampler>[0], count: number): number[][] {
  const sampler = createWindowSampler(options);
  const result: number[][] = [[sampler.next()]];
  for (let epoch = 1; epoch <= count; epoch++) {
    const starts = takeEpoch(sampler, epoch);
    result.push([starts.pop()!]);
    result[epoch - 1]!.push(...starts);
  }
  return result.slice(0, count);
}

describe('The window sampler', () => {
  it('visits each window once an epoch, and the windows lie side by side without a gap', () => {
    fc.assert(
      fc.property(text, ({ tokens, contextLength, seed }) => {
        for (const starts of epochs({ tokens, contextLength, seed }, 3)) {
          const sorted = starts.toSorted((a, b) => a - b);
          sorted.forEach((start, place) => expect(start).toBe(sorted[0]! + place * contextLength));
          expect(sorted[0]).toBeLessThan(contextLength);
          expect(sorted.at(-1) + contextLength + 1).toBeLessThanOrEqual(tokens);
          // No further window would fit behind the last.
          expect(sorted.at(-1) + 2 * contextLength + 1).toBeGreaterThan(tokens);
        }
      }),
    );
  });

  it('goes on after a resume exactly as if it had never stopped, across epochs', () => {
    fc.assert(
      fc.property(text, fc.nat({ max: 300 }), (options, before) => {
        const uninterrupted = createWindowSampler(options);
        for (let step = 0; step < before; step++) uninterrupted.next();
        const stored = JSON.stringify(uninterrupted.state());
        const resumed = createWindowSampler({ ...options, state: JSON.parse(stored) });
        for (let step = 0; step < 100; step++) expect(resumed.next()).toBe(uninterrupted.next());
        expect(resumed.state()).toEqual(uninterrupted.state());
      }),
    );
  });

  it('orders windows differently by seed and by epoch, and the same for the same seed', () => {
    const [first, second] = epochs({ tokens: 10_000, contextLength: 16, seed: 1 }, 2);
    expect(epochs({ tokens: 10_000, contextLength: 16, seed: 1 }, 1)[0]).toEqual(first);
    expect(epochs({ tokens: 10_000, contextLength: 16, seed: 2 }, 1)[0]).not.toEqual(first);
    expect(second).not.toEqual(first);
    expect(second!.map((start) => Math.floor(start / 16))).not.toEqual(
      first!.map((start) => Math.floor(start / 16)),
    );
  });

  it('begins the epochs at different phases, so that tokens meet every place of the context', () => {
    const phases = new Set(
      epochs({ tokens: 1000, contextLength: 8, seed: 5 }, 60).map((starts) => Math.min(...starts)),
    );
    expect([...phases].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('serves the shortest text that has a window', () => {
    const sampler = createWindowSampler({ tokens: 9, contextLength: 8, seed: 0 });
    expect([sampler.next(), sampler.next(), sampler.next()]).toEqual([0, 0, 0]);
  });

  it('refuses a text shorter than the context, and says what to set', () => {
    expect(() => createWindowSampler({ tokens: 100, contextLength: 100, seed: 0 })).toThrow(
      "has 100 tokens, but the model's context is 100 tokens and training needs at least 101. Import more text, or choose a shorter context: at most 99 tokens, better about 8.",
    );
  });

  it('refuses a state that belongs to other data', () => {
    const state = createWindowSampler({ tokens: 500, contextLength: 8, seed: 1 }).state();
    expect(() => createWindowSampler({ tokens: 501, contextLength: 8, seed: 1, state })).toThrow(LoamError);
    expect(() => createWindowSampler({ tokens: 500, contextLength: 8, seed: 2, state })).toThrow(
      /seed 1.*seed 2/,
    );
  });
});
