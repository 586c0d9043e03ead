import type { SourceReading } from '../../../shared/datasets/dataset.ts';
import { LoamError } from '../../../shared/errors.ts';
import { createDelimitedParser, type DelimitedItem } from './delimited-text.ts';
import type { RecordReports, SourceRecord } from './record.ts';
import { withUnixLineEnds } from './text-streams.ts';

/** More columns than this are no table but a file that is read with the wrong separator, or without its rows' ends. */
export const mostTableColumns = 10_000;

/** A line with which spreadsheets are told the separator; it is no row. */
const separatorLine = /^sep=(.)$/i;

/** The separator that a table's first line declares for spreadsheets ("sep=;"). */
export function declaredDelimiter(head: string): string | undefined {
  const first = head.slice(0, 20).split(/\r\n?|\n/)[0] ?? '';
  return separatorLine.exec(first.replaceAll('"', ''))?.[1];
}

/**
 * The records of a table: its rows, under the names in its first one.
 * @param beginning whether the text is only the beginning of a file, so that its last row is not whole.
 */
export async function* tableRecords(
  text: AsyncIterable<string>,
  name: string,
  reading: SourceReading,
  reports: RecordReports,
  beginning: boolean,
): AsyncGenerator<readonly SourceRecord[]> {
  const delimiter = reading.delimiter ?? (reading.format === 'tsv' ? '\t' : ',');
  const parser = createDelimitedParser({ delimiter, quoted: reading.quoting !== 'none' });
  const readRows = rowReader(name, delimiter, reading, reports);
  // By the first rules any line end ended a row, and so it does where rows end with "\r" alone.
  const normalised = reading.rules === undefined || reading.rowEnds === 'carriageReturn';
  for await (const piece of normalised ? withUnixLineEnds(text) : text) {
    const records = readRows(parser.push(piece));
    if (records.length > 0) yield records;
  }
  if (!beginning) yield readRows(parser.finish());
}

function rowReader(
  name: string,
  delimiter: string,
  reading: SourceReading,
  { refuse, suspect }: RecordReports,
): (items: readonly DelimitedItem[]) => readonly SourceRecord[] {
  const { rules, quoting } = reading;
  const headings = reading.headings ?? true;
  let begun = false;
  let columns: readonly string[] | undefined;
  let place = 0;
  const wayOut =
    quoting === 'none' ? '' : ', or have quotes read as ordinary characters if the file uses them so';

  const readRow = (item: DelimitedItem): SourceRecord | undefined => {
    if (item.kind === 'bad') {
      refuse({
        where: `${name}, row ${columns === undefined && headings ? 'of headings' : place + 1} (line ${item.line}, column ${item.column})`,
        what: item.what,
        remedy: `Repair the quotes there (a quote inside a value is doubled: ""), or leave such rows out${rules === undefined ? '' : wayOut}.`,
      });
      if (columns !== undefined || !headings) place += 1;
      return undefined;
    }
    if (columns === undefined) {
      if (item.values.length > mostTableColumns) throw tooManyColumns(name, item.values.length);
      columns = columnNames(headings ? item.values : item.values.map(() => ''));
      if (headings) return undefined;
    }
    place += 1;
    const where = `${name}, row ${place} (line ${item.line})`;
    const beyond = item.values.findIndex((value, index) => index >= (columns?.length ?? 0) && value !== '');
    if (beyond >= 0 || (rules !== undefined && item.values.length < columns.length)) {
      const values = `${item.values.length} ${item.values.length === 1 ? 'value' : 'values'}`;
      refuse({
        where,
        what: `The row has ${values}, but there are ${columns.length} columns.`,
        remedy:
          beyond >= 0
            ? `Put quotes around values that hold ${nameDelimiter(delimiter)}, or leave such rows out.`
            : `Give it a value for each column (an empty one is nothing between two separators), or leave such rows out.`,
      });
      return undefined;
    }
    if (rules !== undefined)
      for (const column of item.severalLines)
        if (swallowsRows(item.values[column] ?? '', column, columns.length, delimiter))
          suspect({
            where,
            what: `The value of ${JSON.stringify(columns[column] ?? '')} goes over several lines that look like rows of their own: ${JSON.stringify(shorten(item.values[column] ?? ''))}.`,
            remedy:
              'A quote that is missing or too many may have made one value of them. Look at that line; if its quotes are ordinary characters, have them read so.',
          });
    const fields = new Map<string, string>();
    for (const [index, column] of columns.entries())
      fields.set(column, withUnixEnds(item.values[index] ?? '').toWellFormed());
    return { place, content: fields };
  };

  return (items) => {
    const [opening] = items;
    const declares =
      rules !== undefined &&
      !begun &&
      opening?.kind === 'record' &&
      isSeparatorLine(opening.values, delimiter);
    begun ||= items.length > 0;
    return (declares ? items.slice(1) : items).map(readRow).filter((record) => record !== undefined);
  };
}

/** Whether the first row is "sep=;", which is parted where it names the separator that the table is read with. */
function isSeparatorLine(values: readonly string[], delimiter: string): boolean {
  return separatorLine.test(values.join(delimiter));
}

/**
 * Whether a value of several lines has just as many separators in each of them as rows have: then a quote that was not
 * meant has swallowed rows.
 * @param column the value's own, from 0.
 */
export function swallowsRows(value: string, column: number, columns: number, delimiter: string): boolean {
  if (columns < 2) return false;
  const lines = value.split(/\r\n?|\n/);
  return (
    lines.length > 1 &&
    lines.every((line, index) => {
      const separators = line.split(delimiter).length - 1;
      if (index === 0) return separators === columns - 1 - column;
      return separators === (index === lines.length - 1 ? column : columns - 1);
    }) &&
    // Two lines of the first column are a value with a line end and nothing else.
    value.includes(delimiter)
  );
}

function shorten(value: string): string {
  return value.length <= 80 ? value : `${value.slice(0, 80)}…`;
}

function withUnixEnds(value: string): string {
  return value.includes('\r') ? value.replaceAll(/\r\n?/g, '\n') : value;
}

function tooManyColumns(name: string, values: number): LoamError {
  return new LoamError({
    kind: 'input',
    where: `${name}, line 1`,
    what: `The first row has ${values.toLocaleString('en')} values, and a table has at most ${mostTableColumns.toLocaleString('en')} columns.`,
    remedy:
      'Look whether the columns are divided by another character, or the rows by none; a text that is no table is imported as .txt.',
  });
}

function nameDelimiter(delimiter: string): string {
  return ({ ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' } as const)[delimiter] ?? delimiter;
}

/**
 * The names of columns by a table's first row: a name that is missing or there twice gets a number. A name that is itself
 * a number gets a word before it, since objects put such keys before all others.
 */
export function columnNames(headings: readonly string[]): readonly string[] {
  const names = new Set<string>();
  const counts = new Map<string, number>();
  for (const [index, heading] of headings.entries()) {
    const given = heading.trim().slice(0, 400);
    const base = given === '' ? `column ${index + 1}` : /^\d+$/.test(given) ? `column ${given}` : given;
    let name = base;
    let count = counts.get(base) ?? 2;
    for (; names.has(name); count++) name = `${base} (${count})`;
    counts.set(base, count);
    names.add(name);
  }
  const kept = [...names];
  // A delimiter at the end of each line makes no column.
  while (
    kept.length > 1 &&
    headings.some((each) => each.trim() !== '') &&
    headings[kept.length - 1]?.trim() === ''
  )
    kept.pop();
  return kept;
}
