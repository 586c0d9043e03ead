import type { DatasetSummary } from '../../../shared/datasets/dataset.ts';
import type { TokenizerDetails } from '../../../shared/tokenizers/tokenizer.ts';

type Learnt = Pick<TokenizerDetails, 'createdAt' | 'dataset'>;

/** The dataset that a person most likely means: the one that the newest tokenizer was learned from, else the largest. */
export function usualDataset(
  datasets: readonly Pick<DatasetSummary, 'name' | 'bytes'>[],
  tokenizers: readonly Learnt[],
): string | undefined {
  const used = tokenizers.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  const latest = used.find(({ dataset }) => datasets.some(({ name }) => name === dataset))?.dataset;
  return latest ?? datasets.toSorted((a, b) => b.bytes - a.bytes)[0]?.name;
}
