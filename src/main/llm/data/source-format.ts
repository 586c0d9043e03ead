import { extname } from 'node:path';
import Papa from 'papaparse';
import type { SourceFormat } from '../../../shared/datasets/dataset.ts';

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
