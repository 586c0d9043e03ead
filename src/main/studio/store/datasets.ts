import type { DatasetSource } from '../../../shared/datasets/dataset.ts';
import type { Store } from './store.ts';

/** A dataset's row with what a list shows of it. */
export interface DatasetRow {
  readonly id: number;
  readonly name: string;
  readonly hash: string;
  readonly createdAt: string;
  readonly replacedAt: string | null;
  readonly files: number;
  readonly bytes: number;
}

function datasets(store: Store) {
  return store.query
    .selectFrom('datasets')
    .innerJoin('datasetSources', 'datasetSources.datasetId', 'datasets.id')
    .innerJoin('sources', 'sources.hash', 'datasetSources.sourceHash')
    .groupBy('datasets.id')
    .select(['datasets.id', 'datasets.name', 'datasets.hash', 'datasets.createdAt', 'datasets.replacedAt'])
    .select(({ fn }) => [fn.countAll<number>().as('files'), fn.sum<number>('sources.bytes').as('bytes')]);
}

/** The datasets that bear their names now, by name. */
export function listDatasetRows(store: Store): readonly DatasetRow[] {
  return store.all(datasets(store).where('datasets.replacedAt', 'is', null).orderBy('datasets.name'));
}

export function findDatasetRow(store: Store, name: string): DatasetRow | undefined {
  return store.first(
    datasets(store).where('datasets.name', '=', name).where('datasets.replacedAt', 'is', null),
  );
}

export function listDatasetSources(store: Store, datasetId: number): readonly DatasetSource[] {
  return store.all(
    store.query
      .selectFrom('datasetSources')
      .innerJoin('sources', 'sources.hash', 'datasetSources.sourceHash')
      .where('datasetId', '=', datasetId)
      .orderBy('position')
      .select(['datasetSources.name', 'sources.hash', 'sources.bytes', 'sources.encoding']),
  );
}

/** Adds a dataset and the sources that are new; one of the same name keeps its row and gives up the name. */
export function insertDataset(
  store: Store,
  dataset: { readonly name: string; readonly hash: string; readonly createdAt: string },
  sources: readonly DatasetSource[],
): void {
  store.transaction(() => {
    store.run(
      store.query
        .updateTable('datasets')
        .set({ replacedAt: dataset.createdAt })
        .where('name', '=', dataset.name)
        .where('replacedAt', 'is', null),
    );
    const datasetId = Number(
      store.run(store.query.insertInto('datasets').values({ ...dataset, replacedAt: null })).lastInsertRowid,
    );
    for (const [position, { name, hash, bytes, encoding }] of sources.entries()) {
      store.run(
        store.query
          .insertInto('sources')
          .values({ hash, bytes, encoding, importedAt: dataset.createdAt })
          .onConflict((conflict) => conflict.doNothing()),
      );
      store.run(
        store.query.insertInto('datasetSources').values({ datasetId, position, sourceHash: hash, name }),
      );
    }
  });
}

export function deleteDatasetRow(store: Store, id: number): void {
  store.transaction(() => {
    store.run(store.query.updateTable('evaluations').set({ datasetId: null }).where('datasetId', '=', id));
    store.run(store.query.deleteFrom('datasets').where('id', '=', id));
  });
}

/** Takes the sources that no dataset uses out of the store. @returns their hashes. */
export function deleteUnusedSources(store: Store): readonly string[] {
  return store
    .all(
      store.query
        .deleteFrom('sources')
        .where('hash', 'not in', (unused) => unused.selectFrom('datasetSources').select('sourceHash'))
        .returning('hash'),
    )
    .map(({ hash }) => hash);
}

export interface TokenSetRow {
  readonly hash: string;
  readonly datasetId: number;
  readonly tokenizerHash: string;
  readonly settingsJson: string;
  readonly trainTokens: number;
  readonly validationTokens: number;
  readonly createdAt: string;
}

export function insertTokenSet(store: Store, tokenSet: TokenSetRow): void {
  store.run(
    store.query
      .insertInto('tokenSets')
      .values(tokenSet)
      .onConflict((conflict) => conflict.doNothing()),
  );
}

/** The encoded forms of one dataset. */
export function listTokenSetHashes(store: Store, datasetId: number): readonly string[] {
  return store
    .all(store.query.selectFrom('tokenSets').select('hash').where('datasetId', '=', datasetId))
    .map(({ hash }) => hash);
}
