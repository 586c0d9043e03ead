import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluationWindows } from '../../../../src/main/llm/objectives/next-token/evaluation-windows.ts';

const windowsOf = (...extent: Parameters<typeof evaluationWindows>) => [...evaluationWindows(...extent)];

describe('the windows of an evaluation', () => {
  it('lie side by side and the last one may be short', () => {
    expect(windowsOf(11, 4, Infinity)).toEqual([
      { start: 0, length: 4 },
      { start: 4, length: 4 },
      { start: 8, length: 2 },
    ]);
  });

  it('predict every token but the first exactly once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 300 }),
        fc.integer({ min: 1, max: 50 }),
        (tokens, contextLength) => {
          const predicted = windowsOf(tokens, contextLength, Infinity).flatMap(({ start, length }) =>
            Array.from({ length }, (_, index) => start + 1 + index),
          );
          expect(predicted).toEqual(Array.from({ length: tokens - 1 }, (_, index) => index + 1));
        },
      ),
    );
  });

  it('are spread over the split when not all of it is used', () => {
    expect(windowsOf(101, 10, 30).map(({ start }) => start)).toEqual([0, 30, 60]);
    expect(windowsOf(101, 10, 35).map(({ length }) => length)).toEqual([10, 10, 10]);
  });

  it('are at least one, within the split', () => {
    expect(windowsOf(101, 10, 1)).toEqual([{ start: 0, length: 10 }]);
    expect(windowsOf(5, 10, 2)).toEqual([{ start: 0, length: 4 }]);
  });

  it('never overlap, stay in the split and keep to the maximum', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 3000 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 3000 }),
        (tokens, contextLength, maximum) => {
          const windows = windowsOf(tokens, contextLength, maximum);
          let end = 0;
          let predicted = 0;
          for (const { start, length } of windows) {
            expect(start).toBeGreaterThanOrEqual(end);
            end = start + length;
            predicted += length;
          }
          expect(end).toBeLessThanOrEqual(tokens - 1);
          expect(predicted).toBeLessThanOrEqual(Math.max(maximum, contextLength));
        },
      ),
    );
  });

  it('come one by one, so that a split of any length takes no memory', () => {
    const windows = evaluationWindows(2 ** 50, 1, Infinity);
    expect([windows.next().value, windows.next().value]).toEqual([
      { start: 0, length: 1 },
      { start: 1, length: 1 },
    ]);
  });
});
