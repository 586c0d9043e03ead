import { extname } from 'node:path';
import Papa from 'papaparse';
import { formatOfEnding, type SourceFormat, type TableQuoting } from '../../../shared/datasets/dataset.ts';
import { parseJson } from '../../../shared/datasets/parse-json.ts';
import { createDelimitedParser } from './delimited-text.ts';
import { declaredDelimiter, swallowsRows } from './table-records.ts';

/** How a file of this name is read, unless what is in it says otherwise. */
export function formatOfName(name: string): SourceFormat {
  return formatOfEnding(extname(name)) ?? 'text';
}

/**
 * How a file is read, by its name and what it begins with: a `.json` file may hold JSON Lines, and a `.jsonl` file one
 * list or objects over several lines.
 */
export function formatOfContent(name: string, head: string): SourceFormat {
  const format = formatOfName(name);
  if (format !== 'json' && format !== 'jsonl') return format;
  const [first = '', second = ''] = head
    .slice(0, 2 ** 20)
    .split(/\r\n?|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (format === 'json')
    return first.startsWith('{') && isJson(first) && /^[{["]/.test(second) ? 'jsonl' : 'json';
  const goesOn = !isJson(first) && /^[[{]/.test(first) && /[[{,]$/.test(first);
  const isList = first.startsWith('[') && (goesOn || second === '');
  return isList || goesOn ? 'json' : 'jsonl';
}

function isJson(text: string): boolean {
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * The delimiter of a table, by its first lines: the one that its first line declares ("sep=;"), else the one that parts
 * them into equally many columns (Papa Parse's guess).
 * @param head the beginning of the file, with "\n" line ends.
 */
export function guessDelimiter(head: string, format: 'csv' | 'tsv'): string {
  const declared = declaredDelimiter(head);
  if (declared !== undefined) return declared;
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
export function guessHeadings(head: string, delimiter: string, quoting: TableQuoting): boolean {
  const rows = createDelimitedParser({ delimiter, quoted: quoting === 'quotes' })
    .push(head.slice(0, 2 ** 18))
    .flatMap((item) => (item.kind === 'record' ? [item.values] : []))
    .slice(declaredDelimiter(head) === undefined ? 0 : 1, rowsLookedAt);
  const [first = [], ...others] = rows;
  if (others.length === 0) return true;
  if (first.some((value) => value.length > longestHeading)) return false;
  return !first.some(
    (value, column) =>
      isNumber(value) && others.every((row) => isNumber(row[column] ?? '') || row[column] === ''),
  );
}

/**
 * Whether the values of a table are enclosed in quotes, by its beginning. CSV (RFC 4180) has quotes; tab-separated values
 * as registered with IANA have none, but spreadsheets write them all the same: there a quote encloses where all of them are
 * in order and none swallows rows.
 * @param head with "\n" line ends.
 */
export function guessQuoting(head: string, delimiter: string, format: 'csv' | 'tsv'): TableQuoting {
  if (format === 'csv' || !head.includes('"')) return 'quotes';
  let columns: number | undefined;
  for (const item of createDelimitedParser({ delimiter }).push(head.slice(0, 2 ** 18))) {
    if (item.kind === 'bad') return 'none';
    const { values, severalLines } = item;
    const width = (columns ??= values.length);
    if (values.length !== width) return 'none';
    if (severalLines.some((column) => swallowsRows(values[column] ?? '', column, width, delimiter)))
      return 'none';
  }
  return columns === undefined ? 'none' : 'quotes';
}

/**
 * Whether the rows of a table end with carriage returns alone, as on old Macintoshes: there are some and no "\n".
 * @param head as it stands in the file.
 */
export function hasCarriageReturnRows(head: string): boolean {
  return !head.includes('\n') && head.slice(0, -1).includes('\r');
}
