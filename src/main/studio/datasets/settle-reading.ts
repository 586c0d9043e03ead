import type { ColumnMapping } from '../../../shared/datasets/columns.ts';
import type { SourceReading } from '../../../shared/datasets/dataset.ts';
import { LoamError } from '../../../shared/errors.ts';
import { textOfRecord } from '../../llm/data/json-lines.ts';
import { badRecordError, type BadRecord, type SourceRecord } from '../../llm/data/record.ts';
import { readRecords } from '../../llm/data/source-records.ts';
import { decodeFile, type ReadingOptions } from '../../llm/data/text-decoding.ts';
import { readingOf, type ReadingChoices } from './file-reading.ts';
import { createRecordSurvey, type RecordSurvey } from './record-survey.ts';

/** What reading a file once, from its beginning to its end, settled. */
export interface SettledReading {
  readonly reading: SourceReading;
  /** What its records hold. */
  readonly survey: RecordSurvey;
  /** What there is to know about how it is read. */
  readonly notes: readonly BadRecord[];
  /** Records that cannot be read; empty unless they may be left out. */
  readonly leftOut: number;
  readonly firstLeftOut: BadRecord | undefined;
}

export interface SettleReadingOptions extends ReadingOptions {
  readonly leaveOutBadRecords: boolean;
  /** Roles that somebody chose for the columns. */
  readonly columns?: ColumnMapping;
  readonly choices?: ReadingChoices;
}

/**
 * Reads a file to the end as what it is, and settles how it is read from now on: its columns, its delimiter.
 * @throws LoamError with the place of the first record that cannot be read, unless such are left out; for a file without
 *   any record; for a file of JSON lines that have their text in the field "text", with the line that has none.
 */
export async function settleReading(
  file: { readonly path: string; readonly name: string; readonly encoding: string },
  { leaveOutBadRecords, columns, choices, ...options }: SettleReadingOptions,
): Promise<SettledReading> {
  const survey = createRecordSurvey();
  const { reading, notes } = await readingOf(
    file.name,
    await beginningOf(file),
    () => decodeFile(file.path, file.name, file.encoding),
    choices,
  );
  if (reading.format === 'text') return { reading, survey, notes, leftOut: 0, firstLeftOut: undefined };
  let leftOut = 0;
  let firstLeftOut: BadRecord | undefined;
  let suspects = 0;
  let firstSuspect: BadRecord | undefined;
  let withoutText = 0;
  let firstWithoutText: BadRecord | undefined;
  const onBad = (bad: BadRecord): void => {
    leftOut += 1;
    firstLeftOut ??= bad;
    if (!leaveOutBadRecords) throw offeringTheRest(bad);
  };
  const onSuspect = (record: BadRecord): void => {
    suspects += 1;
    firstSuspect ??= record;
  };
  for await (const batch of readRecords({ ...file, reading }, { ...options, onBad, onSuspect }))
    for (const record of batch) {
      survey.add(record);
      const { content } = record;
      if (reading.format !== 'jsonl' || typeof content === 'string' || content.has('text')) continue;
      withoutText += 1;
      firstWithoutText ??= missingText(record, file.name);
    }
  if (survey.records === 0)
    throw firstLeftOut === undefined ? noRecords(file.name) : nothingReadable(file.name, firstLeftOut);
  const names = survey.columns();
  // Lines without the field that all others have their text in are a mistake in the file, where nobody said otherwise.
  if (names.includes('text') && firstWithoutText !== undefined && columns === undefined) {
    if (!leaveOutBadRecords) throw offeringTheRest(firstWithoutText);
    leftOut += withoutText;
    firstLeftOut ??= firstWithoutText;
  }
  return {
    reading: {
      ...reading,
      ...(names.length === 0 ? {} : { columns: [...names] }),
      ...(leaveOutBadRecords && leftOut > 0 ? { leaveOutBadRecords: true } : {}),
    },
    survey,
    notes: firstSuspect === undefined ? notes : [...notes, withCount(firstSuspect, suspects)],
    leftOut,
    firstLeftOut,
  };
}

function withCount(record: BadRecord, count: number): BadRecord {
  return count === 1
    ? record
    : { ...record, what: `${record.what} (There are ${count} such rows; this is the first.)` };
}

/** The error of a bad record, where the rest of its file can be imported without it. */
function offeringTheRest(bad: BadRecord): LoamError {
  const remedy = bad.remedy.includes('leave')
    ? bad.remedy
    : `${bad.remedy} Or leave out what cannot be read.`;
  return badRecordError({ ...bad, remedy }).inOtherWords({
    action: { do: 'chooseReading', choice: 'leaveOutBadRecords' },
  });
}

/** The error of a file that has nothing left once its bad records are left out: it is the file that is to blame. */
function nothingReadable(name: string, first: BadRecord): LoamError {
  const place = first.where.startsWith(`${name}, `) ? first.where.slice(name.length + 2) : first.where;
  return new LoamError({
    kind: 'input',
    where: name,
    what: `None of its records can be read. The first problem is at ${place}: ${first.what}`,
    remedy: 'Export or copy the file again, or repair it there.',
  });
}

/** The account of a line without text, as the reader of plain JSON Lines gives it. */
function missingText(record: SourceRecord, name: string): BadRecord | undefined {
  try {
    textOfRecord(record, name);
    return undefined;
  } catch (error) {
    if (!(error instanceof LoamError)) throw error;
    return { where: error.where ?? name, what: error.what, remedy: error.remedy };
  }
}

function noRecords(name: string): LoamError {
  return new LoamError({
    kind: 'input',
    where: name,
    what: 'The file has no rows, only headings or nothing at all.',
    remedy:
      'Export it again with its rows; if it has no headings, give it a first line that names the columns.',
  });
}

async function beginningOf(file: {
  readonly path: string;
  readonly name: string;
  readonly encoding: string;
}): Promise<string> {
  for await (const text of decodeFile(file.path, file.name, file.encoding)) return text;
  return '';
}
