import { expect, test } from 'vitest';
import { errorFunction } from '../../../../src/main/llm/graph/operators/elementwise.ts';

/** erf(x) to 16 digits (DLMF §7.23, and Python's math.erf). */
const known: readonly (readonly [number, number])[] = [
  [0, 0],
  [1e-8, 1.1283791670955126e-8],
  [0.1, 0.1124629160182849],
  [0.5, 0.5204998778130465],
  [1, 0.8427007929497149],
  [1.5, 0.9661051464753108],
  [2, 0.9953222650189527],
  [2.499, 0.9995908642442554],
  [2.501, 0.9995952208294163],
  [3, 0.9999779095030014],
  [4, 0.9999999845827421],
  [5, 0.9999999999984626],
  [7, 1],
];

test.each(known)('The error function of %d has its 15 digits, with either sign', (x, expected) => {
  expect(Math.abs(errorFunction(x) - expected)).toBeLessThanOrEqual(2e-15 * Math.max(expected, 1e-300));
  expect(errorFunction(-x)).toBe(-errorFunction(x));
});
