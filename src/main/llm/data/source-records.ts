import type { SourceReading } from '../../../shared/datasets/dataset.ts';
import { assertNever, LoamError } from '../../../shared/errors.ts';
import type { EncodingName } from './encoding-detection.ts';
import { createJsonElementSplitter, type JsonElement } from './json-elements.ts';
import { contentByFirstRules } from './first-rules.ts';
import { recordsOfJsonLines } from './json-lines.ts';
import { contentOfJson } from './json-values.ts';
import { badRecordError, type BadRecord, type RecordReports, type SourceRecord } from './record.ts';
import { tableRecords } from './table-records.ts';
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

export interface ReadRecordsOptions extends ReadingOptions {
  /** Told of what cannot be read, which is then passed over; without it, it is an error. */
  readonly onBad?: (bad: BadRecord) => void;
  /** Told of records that are taken but look as if the file were damaged there. */
  readonly onSuspect?: (record: BadRecord) => void;
}

/** Characters of a JSON file that is one value, at most: it is parsed whole. */
const longestJsonValue = 2 ** 28;

/**
 * Reads the records of a table (csv, tsv), a JSON file (a list of objects or texts, one in an object, or values one after
 * the other) or JSON Lines, in batches, in bounded memory. Values that are no text become it as `contentOfJson` has it.
 * @throws LoamError with the place (line and column) of the first record that cannot be read, unless `onBad` is given.
 */
export async function* readRecords(
  file: RecordFile,
  options: ReadRecordsOptions = {},
): AsyncGenerator<readonly SourceRecord[]> {
  yield* recordsOfText(decodeFile(file.path, file.name, file.encoding, options), file, options);
}

/**
 * The records in a text; see `readRecords`.
 * @param beginning whether the text is only the beginning of a file, so that its last record is not whole.
 */
export async function* recordsOfText(
  text: AsyncIterable<string>,
  { name, reading }: Pick<RecordFile, 'name' | 'reading'>,
  { onBad, onSuspect }: Pick<ReadRecordsOptions, 'onBad' | 'onSuspect'> = {},
  beginning = false,
): AsyncGenerator<readonly SourceRecord[]> {
  const reports: RecordReports = {
    refuse: (bad) => {
      if (onBad === undefined) throw badRecordError(bad);
      onBad(bad);
    },
    suspect: (record) => onSuspect?.(record),
  };
  switch (reading.format) {
    case 'csv':
    case 'tsv':
      yield* tableRecords(text, name, reading, reports, beginning);
      return;
    case 'json':
      yield* jsonRecords(withUnixLineEnds(text), name, reading, reports, beginning);
      return;
    case 'jsonl':
      yield* lineRecords(withUnixLineEnds(text), name, reading, reports, beginning);
      return;
    case 'text':
      throw new Error('A text file has no records.');
    default:
      assertNever(reading.format);
  }
}

const recordsAtOnce = 1000;

async function* lineRecords(
  text: AsyncIterable<string>,
  name: string,
  { rules }: SourceReading,
  { refuse }: RecordReports,
  beginning: boolean,
): AsyncGenerator<readonly SourceRecord[]> {
  const read = rules === undefined ? contentByFirstRules : contentOfJson;
  let records: SourceRecord[] = [];
  // The last line of a beginning may go on behind it.
  const whole = beginning ? withoutLastLine(text) : text;
  for await (const record of recordsOfJsonLines(whole, name, refuse, read)) {
    records.push(record);
    if (records.length >= recordsAtOnce) {
      yield records;
      records = [];
    }
  }
  yield records;
}

/** The pieces up to the last line end. */
async function* withoutLastLine(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let held = '';
  for await (const piece of pieces) {
    held += piece;
    const end = held.lastIndexOf('\n') + 1;
    yield held.slice(0, end);
    held = held.slice(end);
  }
}

async function* jsonRecords(
  text: AsyncIterable<string>,
  name: string,
  { rules, list }: SourceReading,
  { refuse }: RecordReports,
  beginning: boolean,
): AsyncGenerator<readonly SourceRecord[]> {
  const read = rules === undefined ? contentByFirstRules : contentOfJson;
  const splitter = createJsonElementSplitter(list);
  const toRecords = (elements: readonly JsonElement[]): readonly SourceRecord[] => {
    const records: SourceRecord[] = [];
    for (const { json, number, line } of elements) {
      const where = `${name}, element ${number} (line ${line})`;
      try {
        const content = read(json);
        if (content === undefined)
          refuse({
            where,
            what: 'The element is no object and no text.',
            remedy: 'Every element must be an object with named fields, or a text.',
          });
        else records.push({ place: number, content });
      } catch (error) {
        if (!(error instanceof SyntaxError) && !(error instanceof RangeError)) throw error;
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
    if (found === 0 && list === undefined && length > longestJsonValue)
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
      what: 'The list of records is not closed, or text follows it; the file may be cut off.',
      remedy: 'Export or copy the file again, or leave out what cannot be read.',
    });
}
