import type { SourceReading } from '../../../shared/datasets/dataset.ts';
import { assertNever, LoamError } from '../../../shared/errors.ts';
import { createDelimitedParser, type DelimitedItem } from './delimited-text.ts';
import type { EncodingName } from './encoding-detection.ts';
import { createJsonElementSplitter, type JsonElement } from './json-elements.ts';
import { jsonLinesOf, valueOfLine } from './json-lines.ts';
import { decodeFile, type ReadingOptions } from './text-decoding.ts';
import { withUnixLineEnds } from './text-streams.ts';

/** A file of records, or of values that are texts themselves. */
export interface RecordFile {
  readonly path: string;
  /** What the person called it; errors name it so. */
  readonly name: string;
  readonly encoding: EncodingName;
  readonly reading: SourceReading;
}

/** The values of a record by the name of its column or field, as text. */
export type Fields = Readonly<Record<string, string>>;

export interface SourceRecord {
  /** Its number in the file (of JSON Lines, the line's), from 1. */
  readonly place: number;
  /** The record's fields, or the text that it is. */
  readonly content: Fields | string;
}

/** A stretch of a file that is no record. */
export interface BadRecord {
  /** "tickets.csv, line 5, column 12" */
  readonly where: string;
  /** What is wrong with it, as a sentence. */
  readonly what: string;
  readonly remedy: string;
}

export interface ReadRecordsOptions extends ReadingOptions {
  /** Told of what cannot be read, which is then passed over; without it, it is an error. */
  readonly onBad?: (bad: BadRecord) => void;
}

/** Characters of a JSON file that is one value, at most: it is parsed whole. */
const longestJsonValue = 2 ** 28;

/**
 * Reads the records of a table (csv, tsv), a JSON file (an array of objects or texts, or one of them) or JSON Lines, in
 * batches, in bounded memory. Values that are no text become it: numbers and truth values as JSON writes them, null
 * empty, lists and objects as JSON.
 * @throws LoamError with the place (line and column) of the first record that cannot be read, unless `onBad` is given.
 */
export async function* readRecords(
  file: RecordFile,
  options: ReadRecordsOptions = {},
): AsyncGenerator<readonly SourceRecord[]> {
  const text = withUnixLineEnds(decodeFile(file.path, file.name, file.encoding, options));
  yield* recordsOfText(text, file, options.onBad);
}

/**
 * The records in a text with "\n" line ends; see `readRecords`.
 * @param beginning whether the text is only the beginning of a file, so that its last record is not whole.
 */
export async function* recordsOfText(
  text: AsyncIterable<string>,
  { name, reading }: Pick<RecordFile, 'name' | 'reading'>,
  onBad?: (bad: BadRecord) => void,
  beginning = false,
): AsyncGenerator<readonly SourceRecord[]> {
  const refuse = (bad: BadRecord): void => {
    if (onBad === undefined) throw badRecordError(bad);
    onBad(bad);
  };
  switch (reading.format) {
    case 'csv':
    case 'tsv':
      yield* tableRecords(
        text,
        name,
        {
          delimiter: reading.delimiter ?? (reading.format === 'tsv' ? '\t' : ','),
          headings: reading.headings ?? true,
        },
        refuse,
        beginning,
      );
      return;
    case 'json':
      yield* jsonRecords(text, name, refuse, beginning);
      return;
    case 'jsonl':
      yield* lineRecords(text, name, refuse);
      return;
    case 'text':
      throw new Error('A text file has no records.');
    default:
      assertNever(reading.format);
  }
}

/** The error that a bad record is where nothing may be left out. */
export function badRecordError({ where, what, remedy }: BadRecord): LoamError {
  return new LoamError({ kind: 'input', what, where, remedy });
}

async function* tableRecords(
  text: AsyncIterable<string>,
  name: string,
  { delimiter, headings }: { readonly delimiter: string; readonly headings: boolean },
  refuse: (bad: BadRecord) => void,
  beginning: boolean,
): AsyncGenerator<readonly SourceRecord[]> {
  const parser = createDelimitedParser({ delimiter });
  let columns: readonly string[] | undefined;
  let place = 0;
  const toRecords = (items: readonly DelimitedItem[]): readonly SourceRecord[] => {
    const records: SourceRecord[] = [];
    for (const item of items) {
      if (item.kind === 'bad') {
        refuse({
          where: `${name}, row ${columns === undefined && headings ? 'of headings' : place + 1} (line ${item.line}, column ${item.column})`,
          what: item.what,
          remedy: 'Repair the quotes there (a quote inside a value is doubled: ""), or leave such rows out.',
        });
        if (columns !== undefined || !headings) place += 1;
        continue;
      }
      if (columns === undefined) {
        columns = columnNames(headings ? item.values : item.values.map(() => ''));
        if (headings) continue;
      }
      place += 1;
      const beyond = item.values.findIndex((value, index) => index >= (columns?.length ?? 0) && value !== '');
      if (beyond >= 0) {
        refuse({
          where: `${name}, row ${place} (line ${item.line})`,
          what: `The row has ${item.values.length} values, but there are ${columns.length} columns.`,
          remedy: `Put quotes around values that hold ${nameDelimiter(delimiter)}, or leave such rows out.`,
        });
        continue;
      }
      const fields: Record<string, string> = {};
      for (const [index, column] of columns.entries())
        fields[column] = (item.values[index] ?? '').toWellFormed();
      records.push({ place, content: fields });
    }
    return records;
  };
  for await (const piece of text) {
    const records = toRecords(parser.push(piece));
    if (records.length > 0) yield records;
  }
  if (!beginning) yield toRecords(parser.finish());
}

function nameDelimiter(delimiter: string): string {
  return ({ ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' } as const)[delimiter] ?? delimiter;
}

/**
 * The names of columns by a table's first row: a name that is missing or there twice gets a number. A name that is itself
 * a number gets a word before it, since objects put such keys before all others.
 */
export function columnNames(headings: readonly string[]): readonly string[] {
  const names: string[] = [];
  for (const [index, heading] of headings.entries()) {
    const given = heading.trim().slice(0, 400);
    const base = given === '' ? `column ${index + 1}` : /^\d+$/.test(given) ? `column ${given}` : given;
    let name = base;
    for (let count = 2; names.includes(name); count++) name = `${base} (${count})`;
    names.push(name);
  }
  // A delimiter at the end of each line makes no column.
  while (
    names.length > 1 &&
    headings.some((each) => each.trim() !== '') &&
    headings[names.length - 1]?.trim() === ''
  )
    names.pop();
  return names;
}

async function* lineRecords(
  text: AsyncIterable<string>,
  name: string,
  refuse: (bad: BadRecord) => void,
): AsyncGenerator<readonly SourceRecord[]> {
  let records: SourceRecord[] = [];
  for await (const line of jsonLinesOf(text, name)) {
    if (line.text.trim() === '') continue;
    try {
      const content = contentOf(valueOfLine(line, name));
      if (content === undefined)
        refuse({
          where: `${name}, line ${line.number}`,
          what: 'The line holds no object and no text.',
          remedy:
            'Every line must be an object with named fields, or a text; leave such lines out otherwise.',
        });
      else records.push({ place: line.number, content });
    } catch (error) {
      if (!(error instanceof LoamError) || error.kind !== 'input') throw error;
      refuse({ where: error.where ?? name, what: error.what, remedy: error.remedy });
    }
    if (records.length >= recordsAtOnce) {
      yield records;
      records = [];
    }
  }
  yield records;
}

const recordsAtOnce = 1000;

async function* jsonRecords(
  text: AsyncIterable<string>,
  name: string,
  refuse: (bad: BadRecord) => void,
  beginning: boolean,
): AsyncGenerator<readonly SourceRecord[]> {
  const splitter = createJsonElementSplitter();
  const toRecords = (elements: readonly JsonElement[]): readonly SourceRecord[] => {
    const records: SourceRecord[] = [];
    for (const { json, number, line } of elements) {
      const where = `${name}, element ${number} (line ${line})`;
      try {
        const content = contentOf(JSON.parse(json));
        if (content === undefined)
          refuse({
            where,
            what: 'The element is no object and no text.',
            remedy: 'Every element must be an object with named fields, or a text.',
          });
        else records.push({ place: number, content });
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        refuse({
          where,
          what: `This is no valid JSON: ${error.message}.`,
          remedy: 'Repair it there, or leave such elements out.',
        });
      }
    }
    return records;
  };
  let length = 0;
  let found = 0;
  for await (const piece of text) {
    const records = toRecords(splitter.push(piece));
    length += piece.length;
    found += records.length;
    if (found === 0 && length > longestJsonValue)
      throw new LoamError({
        kind: 'input',
        where: name,
        what: 'The file is one JSON value that is too large to be read.',
        remedy: 'Save its records as JSON Lines (.jsonl), one object a line.',
      });
    if (records.length > 0) yield records;
  }
  if (beginning) return;
  const { elements, complete } = splitter.finish();
  yield toRecords(elements);
  if (!complete)
    refuse({
      where: `${name}, at its end`,
      what: 'The list that the file begins with is not closed, or text follows it; the file may be cut off.',
      remedy: 'Export or copy the file again, or leave out what cannot be read.',
    });
}

/** A JSON value as a record's content; undefined for one that is neither an object nor a text. */
function contentOf(value: unknown): Fields | string | undefined {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name === '' ? 'unnamed' : name, textOfField(field)]),
  );
}

function textOfField(field: unknown): string {
  if (typeof field === 'string') return field.toWellFormed();
  return field === null || field === undefined ? '' : JSON.stringify(field).toWellFormed();
}
