import type { DatasetSummary } from '../../../shared/datasets/dataset.ts';

/** Below so many bytes a model only learns the text by heart. */
export const tinyText = 100_000;
/** Below so many bytes only small models have enough. */
export const smallText = 1_000_000;

/** The text that a person most likely means: the newest that is worth training on, else the newest. */
export function likelyText(datasets: readonly DatasetSummary[]): DatasetSummary | undefined {
  const newest = datasets.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  return newest.find(({ bytes }) => bytes >= tinyText) ?? newest[0];
}
