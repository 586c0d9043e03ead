import { expect, test } from 'vitest';
import { hasSameFiles, trainingOverlapOf } from '../../../src/main/studio/evaluations/training-overlap.ts';
import type { Provenance } from '../../../src/shared/runs/run.ts';

const provenance = {
  run: 'first',
  tokens: 'as-trained',
  dataset: { name: 'records', sources: [{ hash: 'a' }, { hash: 'b' }] },
} as unknown as Provenance;

test.each([
  { what: 'another recipe of the same files', sources: ['b', 'a'], same: true },
  { what: 'one file more', sources: ['a', 'b', 'c'], same: false },
  { what: 'one file less', sources: ['a'], same: false },
])('$what overlaps with the training text, and is told apart', ({ sources, same }) => {
  expect(trainingOverlapOf(provenance, sources, 'as-it-is-now')).toBe('some');
  expect(hasSameFiles(provenance, sources)).toBe(same);
});

test('of a model without a record it is not known', () => {
  expect(hasSameFiles(undefined, ['a'])).toBe(false);
});
