import { expect, test } from 'vitest';
import { showSetting } from '../../../src/renderer/runs/settings-tree.ts';

test.each([
  [0.1 + 0.2, '0.3'],
  [0.1 * 3 * 1e-3, '0.0003'],
  [1e-8, '1e-8'],
  [1337, '1337'],
  [2 ** 32 - 1, '4294967295'],
  ['', '""'],
  ['cosine', 'cosine'],
  [true, 'true'],
  [undefined, '–'],
])('%s is shown as %s', (value, shown) => {
  expect(showSetting(value)).toBe(shown);
});
