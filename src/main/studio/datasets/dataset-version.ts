import { createHash } from 'node:crypto';
import { guessColumnMapping, type ColumnMapping } from '../../../shared/datasets/columns.ts';
import type { Recipe } from '../../../shared/datasets/recipe.ts';
import type { DatasetSourceRow } from '../store/datasets.ts';
import { indexVersion } from './documents/build-index.ts';

const sha256 = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

type Source = Pick<DatasetSourceRow, 'hash' | 'name' | 'reading'>;

/** What makes a version of a dataset. */
export interface DatasetContent {
  readonly sources: readonly Source[];
  readonly recipe: Recipe;
}

/**
 * Whether the texts of a dataset are those of its files as they are: plain text, or JSON Lines with their field "text".
 * Then they are read directly, and no index is needed.
 */
export function isPlain({ sources, recipe }: DatasetContent): boolean {
  return (
    recipe.length === 0 &&
    sources.every(
      ({ reading }) =>
        reading.format === 'text' ||
        (reading.format === 'jsonl' &&
          reading.leaveOutBadRecords === undefined &&
          (reading.columns === undefined || reading.columns.includes('text'))),
    )
  );
}

/** The version of a dataset: two of the same hash give the same documents. */
export function versionHash(content: DatasetContent): string {
  const { sources, recipe } = content;
  return isPlain(content)
    ? sha256(sources.map(({ hash, name }) => [hash, name]))
    : sha256({ sources: sources.map(({ hash, name, reading }) => [hash, name, reading]), recipe });
}

/** The columns of all tables of a dataset, in the order in which they come. */
export function columnsOf(sources: readonly Source[]): readonly string[] {
  return [...new Set(sources.flatMap(({ reading }) => reading.columns ?? []))];
}

/** What the columns are for: as the recipe's last mapping says, else as their names let guess. */
export function columnMappingOf({ sources, recipe }: DatasetContent): ColumnMapping {
  const mapped = recipe.findLast((step) => step.kind === 'mapColumns');
  return mapped?.columns ?? guessColumnMapping(columnsOf(sources));
}

/** Names the index of a dataset's documents by all that decides what is in it. */
export function documentIndexKey(content: DatasetContent): string {
  return sha256({
    indexVersion,
    sources: content.sources.map(({ hash, name, reading }) => [hash, name, reading]),
    mapping: Object.entries(columnMappingOf(content)),
  });
}
