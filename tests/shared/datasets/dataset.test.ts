import { expect, test } from 'vitest';
import { withTexts, type DatasetSummary } from '../../../src/shared/datasets/dataset.ts';

const dataset: DatasetSummary = {
  name: 'kept',
  hash: '0'.repeat(64),
  files: 1,
  bytes: 1,
  steps: 0,
  createdAt: '2026-01-01T00:00:00.000Z',
};

test('Datasets whose texts were deleted are not offered to learn from or to be measured on', () => {
  const lookedBackAt = { ...dataset, name: 'looked-back-at', textsDeletedAt: dataset.createdAt };
  expect(withTexts([lookedBackAt, dataset])).toEqual([dataset]);
});
