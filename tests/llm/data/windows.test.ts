import { describe, expect, it } from 'vitest';
import { readWindows } from '../../../src/main/llm/data/windows.ts';

const split = {
  read: (start: number, count: number) =>
    Uint32Array.from({ length: count }, (_, place) => 100_000 + start + place),
};

describe('A batch', () => {
  it('has one row a window, and for targets the tokens that follow', () => {
    const { inputIds, targets } = readWindows(split, [7, 40], 3);
    expect(inputIds).toEqual(BigInt64Array.of(100_007n, 100_008n, 100_009n, 100_040n, 100_041n, 100_042n));
    expect(targets).toEqual(BigInt64Array.of(100_008n, 100_009n, 100_010n, 100_041n, 100_042n, 100_043n));
  });

  it('of no windows is empty', () => {
    expect(readWindows(split, [], 3).inputIds).toHaveLength(0);
  });
});
