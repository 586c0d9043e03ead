import { extname } from 'node:path';
import Papa from 'papaparse';
import type { SourceFormat } from '../../../shared/datasets/dataset.ts';
import { createDelimitedParser } from './delimited-text.ts';

/** Formats by the ending of a file's name; a file with any other is plain text. */
const formatsOfEndings: Readonly<Record<string, SourceFormat>> = {
  '.csv': 'csv',
  '.tsv': 'tsv',
  '.tab': 'tsv',
  '.json': 'json',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
};

/** How a file of this name is read. */
export function formatOfName(name: string): SourceFormat {
  return formatsOfEndings[extname(name).toLowerCase()] ?? 'text';
}

/** Endings of files that are taken from a folder. A file that is named itself is taken whatever its ending. */
export const readableEndings: readonly string[] = [
  '.txt',
  '.md',
  '.markdown',
  '.text',
  ...Object.keys(formatsOfEndings),
];

/**
 * The delimiter of a table, by its first lines: the one that parts them into equally many columns (Papa Parse's guess).
 * @param head the beginning of the file, with "\n" line ends.
 */
export function guessDelimiter(head: string, format: 'csv' | 'tsv'): string {
  if (format === 'tsv') return '\t';
  const lines = head.slice(0, 2 ** 16);
  const { meta } = Papa.parse(lines, {
    preview: 20,
    delimitersToGuess: [',', ';', '\t', '|'],
    newline: '\n',
    skipEmptyLines: true,
  });
  return meta.delimiter.length === 1 && lines.includes(meta.delimiter) ? meta.delimiter : ',';
}

/** Rows that are looked at to tell whether the first one names the columns. */
const rowsLookedAt = 50;
/** Characters beyond which a value is hardly a column's name. */
const longestHeading = 80;

const isNumber = (value: string): boolean => /^[-+]?\d+([.,]\d+)?%?$/.test(value.trim());

/**
 * Whether the first row of a table names its columns, by its first lines: not where it holds a number in a column of
 * numbers, or a text that is longer than names are.
 * @param head the beginning of the file, with "\n" line ends.
 */
export function guessHeadings(head: string, delimiter: string): boolean {
  const rows = createDelimitedParser({ delimiter })
    .push(head.slice(0, 2 ** 18))
    .flatMap((item) => (item.kind === 'record' ? [item.values] : []))
    .slice(0, rowsLookedAt);
  const [first = [], ...others] = rows;
  if (others.length === 0) return true;
  if (first.some((value) => value.length > longestHeading)) return false;
  return !first.some(
    (value, column) =>
      isNumber(value) && others.every((row) => isNumber(row[column] ?? '') || row[column] === ''),
  );
}
