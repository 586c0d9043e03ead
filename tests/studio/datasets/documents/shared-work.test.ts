import { describe, expect, test } from 'vitest';
import { createSharedWork } from '../../../../src/main/studio/datasets/documents/shared-work.ts';

/** Work that ends when it is told to, or when its signal aborts. */
function createWork() {
  let begun = 0;
  const signals: AbortSignal[] = [];
  const ends: (() => void)[] = [];
  return {
    begun: () => begun,
    signals,
    end: () => {
      for (const end of ends.splice(0)) end();
    },
    work: (signal: AbortSignal) => {
      begun += 1;
      signals.push(signal);
      const result = begun;
      return new Promise<number>((resolve, reject) => {
        ends.push(() => resolve(result));
        signal.addEventListener('abort', () => reject(new Error('stopped')));
      });
    },
  };
}

describe('Work that several wait for', () => {
  test('is done once, and its result kept', async () => {
    const shared = createSharedWork<number>(3);
    const { work, begun, end } = createWork();
    const both = [shared.get('a', work), shared.get('a', work)];
    end();
    expect(await Promise.all(both)).toEqual([1, 1]);
    expect(await shared.get('a', work)).toBe(1);
    expect(begun()).toBe(1);
  });

  test('goes on while one of them still waits, and stops when the last has gone', async () => {
    const shared = createSharedWork<number>(3);
    const { work, signals } = createWork();
    const stops = [new AbortController(), new AbortController()];
    const waiting = stops.map(({ signal }) => shared.get('a', work, signal));
    const outcomes = Promise.allSettled(waiting);
    stops[0]?.abort();
    expect(signals[0]?.aborted).toBe(false);
    stops[1]?.abort();
    expect(signals[0]?.aborted).toBe(true);
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  test('that was stopped is begun anew for who asks next', async () => {
    const shared = createSharedWork<number>(3);
    const { work, begun, end } = createWork();
    const stop = new AbortController();
    const first = shared.get('a', work, stop.signal).catch(() => 'stopped');
    stop.abort();
    const second = shared.get('a', work);
    end();
    expect([await first, await second]).toEqual(['stopped', 2]);
    expect(begun()).toBe(2);
  });

  test('lets go of the result that was asked for longest ago', async () => {
    const dropped: number[] = [];
    const shared = createSharedWork<number>(2, (result) => dropped.push(result));
    const make = (value: number) => () => Promise.resolve(value);
    await shared.get('a', make(1));
    await shared.get('b', make(2));
    await shared.get('a', make(9));
    await shared.get('c', make(3));
    expect(await shared.get('a', make(9))).toBe(1);
    expect(dropped).toEqual([2]);
  });

  test('lets go of a result that is used only when all have done with it', async () => {
    const dropped: number[] = [];
    const shared = createSharedWork<number>(1, (result) => dropped.push(result));
    const make = (value: number) => () => Promise.resolve(value);
    const ends = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const uses = ends.map(({ promise }) => shared.use('a', make(1), () => promise));
    await shared.get('b', make(2));
    await shared.get('c', make(3));
    expect(dropped).toEqual([2]);
    ends[0]?.resolve();
    await uses[0];
    expect(dropped).toEqual([2]);
    // It is made anew for who asks for it now.
    expect(await shared.get('a', make(4))).toBe(4);
    ends[1]?.resolve();
    await uses[1];
    await Promise.resolve();
    expect(dropped).toEqual([2, 3, 1]);
  });

  test('lets go of a result whose use failed', async () => {
    const dropped: number[] = [];
    const shared = createSharedWork<number>(1, (result) => dropped.push(result));
    await expect(
      shared.use(
        'a',
        () => Promise.resolve(1),
        () => Promise.reject(new Error('broken')),
      ),
    ).rejects.toThrow('broken');
    await shared.get('b', () => Promise.resolve(2));
    expect(dropped).toEqual([1]);
  });
});
