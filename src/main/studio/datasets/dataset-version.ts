import { createHash } from 'node:crypto';
import { guessColumnMapping, type ColumnMapping } from '../../../shared/datasets/columns.ts';
import type { Recipe } from '../../../shared/datasets/recipe.ts';
import type { DatasetSourceRow } from '../store/datasets.ts';
import { indexVersion } from './documents/build-index.ts';

const sha256 = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

type Source = Pick<DatasetSourceRow, 'hash' | 'name' | 'reading' | 'encoding'>;

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

/** What decides which records a source has. */
function identityOf(source: Source): readonly unknown[] {
  return [source.hash, source.name, source.reading, ...encodingOf(source)];
}

/**
 * The same bytes are other texts in another encoding. Under the first rules it followed from the bytes, and the hashes of
 * what was imported then stay as they are.
 */
function encodingOf({ encoding, reading }: Source): readonly string[] {
  return reading.rules === undefined || encoding === 'utf-8' ? [] : [encoding];
}

/** What decides the texts of a plain source. */
export function plainIdentityOf(source: Source): readonly string[] {
  return [source.hash, source.name, ...encodingOf(source)];
}

/** The version of a dataset: two of the same hash give the same documents. */
export function versionHash(content: DatasetContent): string {
  const { sources, recipe } = content;
  return isPlain(content)
    ? sha256(sources.map(plainIdentityOf))
    : sha256({ sources: sources.map(identityOf), recipe });
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
    sources: content.sources.map(identityOf),
    mapping: Object.entries(columnMappingOf(content)),
  });
}
