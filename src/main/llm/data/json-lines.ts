import type { Fields } from '../../../shared/datasets/columns.ts';
import type { LoamError } from '../../../shared/errors.ts';
import { nearestWord } from '../../../shared/nearest-word.ts';
import { contentOfJson } from './json-values.ts';
import { badRecordError, type RecordReports, type SourceRecord } from './record.ts';
import { linesOf, type Line } from './text-streams.ts';

/** In UTF-16 units: longer ones would not fit memory. */
const longestLine = 2 ** 28;

/** The field of an object that holds its text. */
const textField = 'text';

/**
 * The records of a JSON Lines stream, one JSON value a line; blank lines are passed over.
 * @param refuse told of a line that holds none, which is then passed over
 * @param read what a JSON value holds
 * @throws LoamError for a line too long for memory.
 */
export async function* recordsOfJsonLines(
  pieces: AsyncIterable<string>,
  label: string,
  refuse: RecordReports['refuse'],
  read: (json: string) => Fields | string | undefined = contentOfJson,
): AsyncGenerator<SourceRecord> {
  for await (const line of jsonLinesOf(pieces, label)) {
    if (line.text.trim() === '') continue;
    const where = `${label}, line ${line.number}`;
    try {
      // A byte order mark before it was left by files that were joined.
      const content = read(line.text.startsWith('\ufeff') ? line.text.slice(1) : line.text);
      if (content === undefined)
        refuse({
          where,
          what: 'The line holds no object and no text.',
          remedy:
            'Every line must be an object with named fields, or a text; leave such lines out otherwise.',
        });
      else yield { place: line.number, content };
    } catch (error) {
      if (!(error instanceof SyntaxError) && !(error instanceof RangeError)) throw error;
      refuse({
        where,
        what: `The line is no valid JSON: ${error.message}.`,
        remedy: 'Repair the line; every line must be one JSON value.',
      });
    }
  }
}

/** The lines of a JSON Lines stream, blank ones too. @throws LoamError for one too long for memory. */
function jsonLinesOf(pieces: AsyncIterable<string>, label: string): AsyncGenerator<Line> {
  return linesOf(pieces, longestLine, (line) =>
    badLine(
      label,
      line,
      `The line is longer than ${longestLine / 2 ** 20} million characters.`,
      'Import long texts as .txt files.',
    ),
  );
}

/**
 * The text of a record: its own, or that of its field `text`.
 * @throws LoamError with its line when there is none.
 */
export function textOfRecord({ content, place }: SourceRecord, label: string): string {
  if (typeof content === 'string') return content;
  const found = content.get(textField);
  if (found !== undefined) return found;
  const fields = [...content.keys()];
  const near = nearestWord(textField, fields);
  const remedy =
    near === undefined
      ? `Its fields are: ${fields.join(', ') || 'none'}.`
      : `Did you mean its field "${near}"?`;
  throw badLine(
    label,
    place,
    `The field "${textField}" is missing.`,
    `${remedy} Rename the field that holds the text to "${textField}".`,
  );
}

function badLine(label: string, line: number, what: string, remedy: string): LoamError {
  return badRecordError({ what, where: `${label}, line ${line}`, remedy });
}
