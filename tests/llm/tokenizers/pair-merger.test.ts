import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { PairMerger, type Merge } from '../../../src/main/llm/tokenizers/pair-merger.ts';

/** The lowest rank first, the leftmost among equals, looked up anew at every step. */
function mergeNaively(merges: readonly Merge[], word: readonly number[]): readonly number[] {
  const ids = [...word];
  for (;;) {
    let best: { index: number; rank: number } | undefined;
    for (let index = 0; index + 1 < ids.length; index++) {
      const rank = merges.findIndex(({ left, right }) => left === ids[index] && right === ids[index + 1]);
      if (rank >= 0 && (best === undefined || rank < best.rank)) best = { index, rank };
    }
    if (best === undefined) return ids;
    ids.splice(best.index, 2, merges[best.rank]!.merged);
  }
}

/** Merges over three letters (ids 0, 1, 2) in which every pair occurs once and refers to earlier tokens. */
const mergeLists = fc.array(fc.tuple(fc.nat(1000), fc.nat(1000)), { maxLength: 30 }).map((choices) => {
  const merges: Merge[] = [];
  for (const [leftChoice, rightChoice] of choices) {
    const tokens = 3 + merges.length;
    const left = leftChoice % tokens;
    const right = rightChoice % tokens;
    if (merges.some((merge) => merge.left === left && merge.right === right)) continue;
    merges.push({ left, right, merged: tokens });
  }
  return merges;
});

test('merges the pair of lowest rank first, from the left, until none is left', () => {
  fc.assert(
    fc.property(mergeLists, fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 60 }), (merges, word) => {
      const ids = Int32Array.from(word);
      const length = new PairMerger(merges).merge(ids, word.length);
      expect(Array.from(ids.subarray(0, length))).toEqual(mergeNaively(merges, word));
    }),
    { numRuns: 2000 },
  );
});

test('one merger serves words of any length, one after the other', () => {
  const merger = new PairMerger([
    { left: 0, right: 0, merged: 1 },
    { left: 1, right: 1, merged: 2 },
  ]);
  for (const length of [1, 7, 100_000, 3, 0]) {
    const ids = new Int32Array(length);
    const merged = ids.subarray(0, merger.merge(ids, length));
    expect(merged.reduce((letters, id) => letters + [1, 2, 4][id]!, 0)).toBe(length);
    expect(merged.length).toBe(Math.floor(length / 4) + [0, 1, 1, 2][length % 4]!);
  }
});
