import type { ColumnMapping } from '../../../shared/datasets/columns.ts';
import type { SourceReading, TableDelimiter } from '../../../shared/datasets/dataset.ts';
import { LoamError } from '../../../shared/errors.ts';
import { textOfValue } from '../../llm/data/json-lines.ts';
import { formatOfName, guessDelimiter, guessHeadings } from '../../llm/data/source-format.ts';
import { badRecordError, readRecords, type BadRecord } from '../../llm/data/source-records.ts';
import { decodeFile, type ReadingOptions } from '../../llm/data/text-decoding.ts';

/** What reading a file once, from its beginning to its end, settled. */
export interface SettledReading {
  readonly reading: SourceReading;
  /** Some values of each column, from which its role can be guessed. */
  readonly samples: Readonly<Record<string, readonly string[]>>;
  /** Records that cannot be read; empty unless they may be left out. */
  readonly leftOut: number;
  readonly firstLeftOut: BadRecord | undefined;
}

export interface SettleReadingOptions extends ReadingOptions {
  readonly leaveOutBadRecords: boolean;
  /** Roles that somebody chose for the columns. */
  readonly columns?: ColumnMapping;
  readonly table?: TableChoices;
}

/** What somebody says of a table; what is not said is guessed from its beginning. */
export interface TableChoices {
  /** Whether its first row names its columns. */
  readonly headings?: boolean | undefined;
  readonly delimiter?: TableDelimiter | undefined;
}

const samplesKept = 200;
/** Names beyond these are not offered as columns: objects whose keys are data have no end of them. */
const mostColumns = 1000;

/**
 * Reads a file to the end as what its name says it is, and settles how it is read from now on: its columns, its delimiter.
 * @throws LoamError with the place of the first record that cannot be read, unless such are left out; for a file without
 *   any record; for a file of JSON lines that have their text in the field "text", with the line that has none.
 */
export async function settleReading(
  file: { readonly path: string; readonly name: string; readonly encoding: string },
  { leaveOutBadRecords, columns, table: choices, ...options }: SettleReadingOptions,
): Promise<SettledReading> {
  const format = formatOfName(file.name);
  if (format === 'text') return { reading: { format }, samples: {}, leftOut: 0, firstLeftOut: undefined };
  const table =
    format === 'csv' || format === 'tsv' ? tableReading(await beginningOf(file), format, choices) : {};
  const found = new Map<string, string[]>();
  let records = 0;
  let leftOut = 0;
  let firstLeftOut: BadRecord | undefined;
  let withoutText: BadRecord | undefined;
  const reading: SourceReading = { format, ...table };
  const onBad = (bad: BadRecord): void => {
    leftOut += 1;
    firstLeftOut ??= bad;
    if (!leaveOutBadRecords) throw badRecordError(withWayOut(bad));
  };
  for await (const batch of readRecords({ ...file, reading }, { ...options, onBad }))
    for (const { place, content } of batch) {
      records += 1;
      if (typeof content === 'string') continue;
      for (const name of Object.keys(content)) {
        let samples = found.get(name);
        if (samples === undefined) {
          if (found.size >= mostColumns) continue;
          samples = [];
          found.set(name, samples);
        }
        if (samples.length < samplesKept) samples.push((content[name] ?? '').slice(0, 1000));
      }
      if (format === 'jsonl' && withoutText === undefined && !Object.hasOwn(content, 'text'))
        withoutText = missingText(content, place, file.name);
    }
  if (records === 0) throw firstLeftOut === undefined ? noRecords(file.name) : badRecordError(firstLeftOut);
  // Lines without the field that all others have their text in are a mistake in the file, where nobody said otherwise.
  if (found.has('text') && withoutText !== undefined && columns === undefined && !leaveOutBadRecords)
    throw badRecordError(withoutText);
  return {
    reading: {
      ...reading,
      ...(found.size === 0 ? {} : { columns: [...found.keys()] }),
      ...(leaveOutBadRecords && leftOut > 0 ? { leaveOutBadRecords: true } : {}),
    },
    samples: Object.fromEntries(found),
    leftOut,
    firstLeftOut,
  };
}

/** How a table is read, by its beginning and what somebody says of it. */
export function tableReading(
  head: string,
  format: 'csv' | 'tsv',
  { headings, delimiter: chosen }: TableChoices = {},
): Pick<SourceReading, 'delimiter' | 'headings'> & { readonly delimiter: string } {
  const delimiter = chosen ?? guessDelimiter(head, format);
  return { delimiter, ...((headings ?? guessHeadings(head, delimiter)) ? {} : { headings: false }) };
}

function withWayOut(bad: BadRecord): BadRecord {
  return bad.remedy.includes('leave')
    ? bad
    : { ...bad, remedy: `${bad.remedy} Or leave out what cannot be read.` };
}

/** The account of a line without text, as the reader of plain JSON Lines gives it. */
function missingText(content: unknown, line: number, name: string): BadRecord | undefined {
  try {
    textOfValue(content, line, name, 'text');
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
  for await (const text of decodeFile(file.path, file.name, file.encoding))
    return text.replaceAll(/\r\n?/g, '\n');
  return '';
}
