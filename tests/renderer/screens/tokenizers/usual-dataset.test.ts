import { expect, test } from 'vitest';
import { usualDataset } from '../../../../src/renderer/screens/tokenizers/usual-dataset.ts';

const datasets = [
  { name: 'a-small', bytes: 30 },
  { name: 'b-large', bytes: 900_000 },
  { name: 'c-middle', bytes: 5000 },
];
const tokenizer = (dataset: string, createdAt: string) => ({ dataset, createdAt });

test('A tokenizer is offered to be learned from what was used last, else from the largest dataset', () => {
  expect(usualDataset(datasets, [])).toBe('b-large');
  const used = [tokenizer('a-small', '2026-01-01'), tokenizer('c-middle', '2026-02-01')];
  expect(usualDataset(datasets, used)).toBe('c-middle');
  expect(usualDataset(datasets, [...used, tokenizer('deleted', '2026-03-01')])).toBe('c-middle');
  expect(usualDataset([], used)).toBeUndefined();
});
