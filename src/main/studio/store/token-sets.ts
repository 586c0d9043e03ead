import type { TokenSetRow } from './datasets.ts';
import type { Store } from './store.ts';

/** The encoded forms of one dataset, the newest first. */
export function listTokenSetsOfDataset(store: Store, datasetId: number): readonly TokenSetRow[] {
  return store.all(
    store.query
      .selectFrom('tokenSets')
      .selectAll()
      .where('datasetId', '=', datasetId)
      .orderBy('createdAt', 'desc'),
  );
}
