import { z } from 'zod';
import {
  sourceReadingSchema,
  type DatasetSource,
  type SourceReading,
} from '../../../shared/datasets/dataset.ts';
import { deleteUnusedSteps } from './recipes.ts';
import { spellingOfName } from './spelling-of-name.ts';
import type { Store } from './store.ts';

/** A dataset's row with what a list shows of it. */
export interface DatasetRow {
  readonly id: number;
  readonly name: string;
  /** The version: over sources and recipe. */
  readonly hash: string;
  readonly createdAt: string;
  readonly replacedAt: string | null;
  readonly recipePosition: number;
  readonly documents: number | null;
  readonly characters: number | null;
  readonly words: number | null;
  readonly textsDeletedAt: string | null;
  readonly files: number;
  readonly bytes: number;
}

/** A source of a dataset and how it is read. */
export interface DatasetSourceRow extends Omit<DatasetSource, 'format'> {
  readonly reading: SourceReading;
  /** When the texts of the dataset were deleted. */
  readonly textsDeletedAt?: string;
}

function datasets(store: Store) {
  return store.query
    .selectFrom('datasets')
    .innerJoin('datasetSources', 'datasetSources.datasetId', 'datasets.id')
    .innerJoin('sources', 'sources.hash', 'datasetSources.sourceHash')
    .groupBy('datasets.id')
    .select([
      'datasets.id',
      'datasets.name',
      'datasets.hash',
      'datasets.createdAt',
      'datasets.replacedAt',
      'datasets.recipePosition',
      'datasets.documents',
      'datasets.characters',
      'datasets.words',
      'datasets.textsDeletedAt',
    ])
    .select(({ fn }) => [fn.countAll<number>().as('files'), fn.sum<number>('sources.bytes').as('bytes')]);
}

/** The datasets that bear their names now, by name. */
export function listDatasetRows(store: Store): readonly DatasetRow[] {
  return store.all(datasets(store).where('datasets.replacedAt', 'is', null).orderBy('datasets.name'));
}

export function findDatasetRow(store: Store, name: string): DatasetRow | undefined {
  return store.first(
    datasets(store)
      .where('datasets.name', '=', spellingOfName(store, 'datasets', name))
      .where('datasets.replacedAt', 'is', null),
  );
}

/** A dataset by its number, also one whose name a newer one took. */
export function readDatasetRow(store: Store, id: number): DatasetRow | undefined {
  return store.first(datasets(store).where('datasets.id', '=', id));
}

/** A reading as it is stored: with the encoding, since one dataset may read the same bytes in another than the next. */
const storedReadingSchema = sourceReadingSchema.extend({ encoding: z.string().optional() });

/**
 * How a source is read. Sources that were imported before readings were kept are text or, by their names, JSON Lines; those
 * whose readings have no encoding are in that of the first dataset that had them.
 */
function readingOf(
  readingJson: string | null,
  name: string,
  firstEncoding: string,
): { readonly reading: SourceReading; readonly encoding: string } {
  if (readingJson !== null) {
    const { encoding = firstEncoding, ...reading } = storedReadingSchema.parse(JSON.parse(readingJson));
    return { reading, encoding };
  }
  return {
    reading: /\.(jsonl|ndjson)$/i.test(name) ? { format: 'jsonl', columns: ['text'] } : { format: 'text' },
    encoding: firstEncoding,
  };
}

export function listDatasetSources(store: Store, datasetId: number): readonly DatasetSourceRow[] {
  return store
    .all(
      store.query
        .selectFrom('datasetSources')
        .innerJoin('sources', 'sources.hash', 'datasetSources.sourceHash')
        .innerJoin('datasets', 'datasets.id', 'datasetSources.datasetId')
        .where('datasetId', '=', datasetId)
        .orderBy('position')
        .select([
          'datasetSources.name',
          'datasetSources.readingJson',
          'datasetSources.keptAt',
          'sources.hash',
          'sources.bytes',
          'sources.encoding',
          'datasets.textsDeletedAt',
        ]),
    )
    .map(({ readingJson, keptAt, textsDeletedAt, ...source }) => ({
      ...source,
      ...readingOf(readingJson, source.name, source.encoding),
      ...(keptAt === null ? {} : { keptAt }),
      ...(textsDeletedAt === null ? {} : { textsDeletedAt }),
    }));
}

export interface NewDataset {
  readonly name: string;
  readonly hash: string;
  readonly createdAt: string;
}

/**
 * Adds a dataset and the sources that are new; one of the same name keeps its row and gives up the name, as it is spelled.
 * @returns its number.
 */
export function insertDataset(
  store: Store,
  dataset: NewDataset,
  sources: readonly DatasetSourceRow[],
): number {
  return store.transaction(() => {
    const { hash, createdAt } = dataset;
    const name = spellingOfName(store, 'datasets', dataset.name);
    store.run(
      store.query
        .updateTable('datasets')
        .set({ replacedAt: createdAt })
        .where('name', '=', name)
        .where('replacedAt', 'is', null),
    );
    const datasetId = Number(
      store.run(store.query.insertInto('datasets').values({ name, hash, createdAt, replacedAt: null }))
        .lastInsertRowid,
    );
    writeSources(store, datasetId, createdAt, sources);
    return datasetId;
  });
}

/** Gives a dataset other sources in the place of its own. */
export function replaceDatasetSources(
  store: Store,
  datasetId: number,
  at: string,
  sources: readonly DatasetSourceRow[],
): void {
  store.transaction(() => {
    store.run(store.query.deleteFrom('datasetSources').where('datasetId', '=', datasetId));
    writeSources(store, datasetId, at, sources);
  });
}

function writeSources(
  store: Store,
  datasetId: number,
  importedAt: string,
  sources: readonly DatasetSourceRow[],
): void {
  for (const [position, { name, hash, bytes, encoding, reading, keptAt }] of sources.entries()) {
    store.run(
      store.query
        .insertInto('sources')
        .values({ hash, bytes, encoding, importedAt })
        .onConflict((conflict) => conflict.doNothing()),
    );
    store.run(
      store.query.insertInto('datasetSources').values({
        datasetId,
        position,
        sourceHash: hash,
        name,
        readingJson: JSON.stringify({ ...reading, encoding }),
        keptAt: keptAt ?? null,
      }),
    );
  }
}

/** Gives a dataset the hash of its new version; what was counted of the old one holds no more. */
export function setDatasetVersion(store: Store, id: number, hash: string): void {
  store.run(
    store.query
      .updateTable('datasets')
      .set({ hash, documents: null, characters: null, words: null })
      .where('id', '=', id),
  );
}

/** Keeps what was counted of a version, unless it is the current one no more. */
export function setDatasetCounts(
  store: Store,
  id: number,
  hash: string,
  counts: { readonly documents: number; readonly characters: number; readonly words: number },
): void {
  store.run(
    store.query
      .updateTable('datasets')
      .set(counts)
      .where('id', '=', id)
      .where('hash', '=', hash)
      .where('documents', 'is', null),
  );
}

export function deleteDatasetRow(store: Store, id: number): void {
  store.transaction(() => {
    store.run(store.query.updateTable('evaluations').set({ datasetId: null }).where('datasetId', '=', id));
    store.run(store.query.deleteFrom('datasets').where('id', '=', id));
    deleteUnusedSteps(store);
  });
}

/**
 * The hashes of the sources that some dataset reads, or one that had its name before. One whose texts are deleted still
 * names its sources, and reads none.
 */
export function listNeededSources(store: Store): ReadonlySet<string> {
  return new Set(store.all(neededSources(store)).map(({ sourceHash }) => sourceHash));
}

/**
 * Makes a change after which fewer sources may be needed, and takes those that no dataset names any more out of the store.
 * @returns what the change returned, and the hashes of the sources that nothing reads since.
 */
export function releaseSources<Result>(
  store: Store,
  change: () => Result,
): { readonly result: Result; readonly released: readonly string[] } {
  return store.transaction(() => {
    const before = listNeededSources(store);
    const result = change();
    store.run(
      store.query
        .deleteFrom('sources')
        .where('hash', 'not in', (named) => named.selectFrom('datasetSources').select('sourceHash')),
    );
    const after = listNeededSources(store);
    return { result, released: [...before].filter((hash) => !after.has(hash)) };
  });
}

/** The names of the datasets that read a source. */
export function listDatasetNamesOfSource(store: Store, hash: string): readonly string[] {
  return store
    .all(
      store.query
        .selectFrom('datasetSources')
        .innerJoin('datasets', 'datasets.id', 'datasetSources.datasetId')
        .select('datasets.name')
        .distinct()
        .where('sourceHash', '=', hash)
        .orderBy('datasets.name'),
    )
    .map(({ name }) => name);
}

/** The numbers of the datasets that have, or had, a name. */
export function listDatasetIdsOfName(store: Store, name: string): readonly number[] {
  return store
    .all(
      store.query
        .selectFrom('datasets')
        .select('id')
        .where('name', '=', spellingOfName(store, 'datasets', name)),
    )
    .map(({ id }) => id);
}

function neededSources(store: Store) {
  return store.query
    .selectFrom('datasetSources')
    .innerJoin('datasets', 'datasets.id', 'datasetSources.datasetId')
    .select('sourceHash')
    .distinct()
    .where('textsDeletedAt', 'is', null);
}

/** The sources that only these datasets read. */
export function listOwnSources(store: Store, datasetIds: readonly number[]): readonly string[] {
  const needed = neededSources(store);
  return store
    .all(
      needed
        .where('datasetId', 'in', datasetIds)
        .where('sourceHash', 'not in', needed.where('datasetId', 'not in', datasetIds)),
    )
    .map(({ sourceHash }) => sourceHash);
}

export function markTextsDeleted(store: Store, id: number, at: string): void {
  store.run(
    store.query
      .updateTable('datasets')
      .set({ textsDeletedAt: at })
      .where('id', '=', id)
      .where('textsDeletedAt', 'is', null),
  );
}

/** The numbers of all datasets, also of those whose names were taken. */
export function listAllDatasetIds(store: Store): readonly number[] {
  return store.all(store.query.selectFrom('datasets').select('id')).map(({ id }) => id);
}

export interface TokenCountRow {
  readonly datasetId: number;
  readonly datasetHash: string;
  readonly tokenizerHash: string;
  readonly tokens: number;
  readonly bytes: number;
  readonly words: number;
  readonly documents: number;
}

export function insertTokenCount(store: Store, counted: TokenCountRow): void {
  store.run(
    store.query
      .insertInto('tokenCounts')
      .values(counted)
      .onConflict((conflict) => conflict.doNothing()),
  );
}

export function findTokenCount(
  store: Store,
  datasetId: number,
  datasetHash: string,
  tokenizerHash: string,
): TokenCountRow | undefined {
  return store.first(
    store.query
      .selectFrom('tokenCounts')
      .selectAll()
      .where('datasetId', '=', datasetId)
      .where('datasetHash', '=', datasetHash)
      .where('tokenizerHash', '=', tokenizerHash),
  );
}
