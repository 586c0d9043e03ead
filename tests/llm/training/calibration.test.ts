import { describe, expect, it } from 'vitest';
import { LoamError } from '../../../src/shared/errors.ts';
import { choose, microBatchSizes, tryMicroBatchSizes } from '../../../src/main/llm/training/calibration.ts';

/** A machine where `seconds` gives the time of a step by micro-batch size and each sequence takes 100 bytes. */
function machine(seconds: Readonly<Record<number, number>>, memory: number, secondsAllowed = 1000) {
  const tried: number[] = [];
  let now = 0;
  return {
    tried,
    memoryBefore: 1000,
    memoryLimit: () => memory,
    activationLimit: 1e9,
    clock: () => now,
    secondsAllowed,
    signal: new AbortController().signal,
    measure: (microBatchSize: number) => {
      tried.push(microBatchSize);
      const secondsPerStep = seconds[microBatchSize] ?? 1;
      now += secondsPerStep;
      return Promise.resolve({ microBatchSize, secondsPerStep, memoryBytes: 1000 + 100 * microBatchSize });
    },
  };
}

describe('the calibration', () => {
  it('considers the sizes that divide the batch', () => {
    expect(microBatchSizes(12)).toEqual([1, 2, 3, 4, 6, 12]);
    expect(microBatchSizes(1)).toEqual([1]);
    expect(microBatchSizes(13)).toEqual([1, 13]);
  });

  it('goes up while steps get faster, and stops after three that are not', async () => {
    const subject = machine({ 1: 4, 2: 3, 4: 2, 8: 2.5, 16: 2.6, 32: 2.7, 64: 1 }, 1e9);
    const candidates = await tryMicroBatchSizes([1, 2, 4, 8, 16, 32, 64], subject);
    expect(subject.tried).toEqual([1, 2, 4, 8, 16, 32]);
    expect(choose(candidates).microBatchSize).toBe(4);
  });

  it('stops after three that are hardly faster, and counts small gains together', async () => {
    const flat = machine({ 1: 2, 2: 1.95, 4: 1.93, 8: 1.92, 16: 1 }, 1e9);
    expect(choose(await tryMicroBatchSizes([1, 2, 4, 8, 16], flat)).microBatchSize).toBe(1);
    expect(flat.tried).toEqual([1, 2, 4, 8]);
    const slope = machine({ 1: 2, 2: 1.93, 4: 1.86, 8: 1.8, 16: 1.74 }, 1e9);
    await tryMicroBatchSizes([1, 2, 4, 8, 16], slope);
    expect(slope.tried).toEqual([1, 2, 4, 8, 16]);
  });

  it('does not stop at a single slow one, which may be noise', async () => {
    const subject = machine({ 1: 4, 2: 5, 4: 2 }, 1e9);
    expect(choose(await tryMicroBatchSizes([1, 2, 4], subject)).microBatchSize).toBe(4);
  });

  it('does not try a size that is expected not to fit in memory', async () => {
    const subject = machine({ 1: 5, 2: 4, 4: 3, 8: 2 }, 1500);
    expect(choose(await tryMicroBatchSizes([1, 2, 4, 8], subject)).microBatchSize).toBe(4);
    expect(subject.tried).toEqual([1, 2, 4]);
  });

  it('does not try a size whose activations would take more than they may', async () => {
    const subject = { ...machine({ 1: 5, 2: 4, 4: 3, 8: 2 }, 1e9), activationLimit: 400 };
    await tryMicroBatchSizes([1, 2, 4, 8], subject);
    expect(subject.tried).toEqual([1, 2, 4]);
  });

  it('ends before a size that does not fit after all, and passes on any other error', async () => {
    const failing = (at: number, error: Error) => {
      const subject = machine({ 1: 5, 2: 4, 4: 3 }, 1e9);
      const measure = (size: number) => (size === at ? Promise.reject(error) : subject.measure(size));
      return tryMicroBatchSizes([1, 2, 4], { ...subject, measure });
    };
    const shortage = new LoamError({ kind: 'environment', what: 'No memory.', remedy: 'Buy some.' });
    expect(choose(await failing(4, shortage)).microBatchSize).toBe(2);
    await expect(failing(1, shortage)).rejects.toBe(shortage);
    const defect = new Error('a defect');
    await expect(failing(4, defect)).rejects.toBe(defect);
  });

  it('tries the smallest even when memory is short: nothing smaller is left', async () => {
    expect(await tryMicroBatchSizes([1, 2], machine({ 1: 5, 2: 4 }, 1050))).toHaveLength(1);
  });

  it('begins no further size once the time allowed is spent', async () => {
    const subject = machine({ 1: 50, 2: 40, 4: 30 }, 1e9, 60);
    await tryMicroBatchSizes([1, 2, 4], subject);
    expect(subject.tried).toEqual([1, 2]);
  });

  it('takes the least memory among those within 5 % of the fastest', () => {
    const candidate = (microBatchSize: number, secondsPerStep: number, memoryBytes: number) => ({
      microBatchSize,
      secondsPerStep,
      memoryBytes,
    });
    const chosen = (...candidates: readonly ReturnType<typeof candidate>[]) =>
      choose(candidates).microBatchSize;
    expect(chosen(candidate(1, 1.2, 100), candidate(2, 1.04, 200), candidate(4, 1, 400))).toBe(2);
    expect(chosen(candidate(1, 1.2, 100), candidate(2, 1.06, 200), candidate(4, 1, 400))).toBe(4);
    // The process's memory as measured, not the size, decides; of equals the smallest size.
    expect(chosen(candidate(2, 1, 300), candidate(4, 1.01, 200))).toBe(4);
    expect(chosen(candidate(2, 1, 200), candidate(4, 1, 200))).toBe(2);
  });
});
