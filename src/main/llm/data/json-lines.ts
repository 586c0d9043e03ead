import type { Fields } from '../../../shared/datasets/columns.ts';
import { LoamError } from '../../../shared/errors.ts';
import { nearestWord } from '../../../shared/nearest-word.ts';
import { contentOfJson } from './json-values.ts';
import { linesOf, type Line } from './text-streams.ts';

/** In UTF-16 units: longer ones would not fit memory. */
const longestLine = 2 ** 28;

/**
 * The texts in a JSON Lines stream (one JSON value a line; blank lines are passed over): of an object the field
 * `textField`, of a string itself. Lone surrogates become U+FFFD, as in UTF-8. A field that is no text becomes it as it
 * does in any column: null is empty, a number its digits.
 * @throws LoamError with the number of the line that is no JSON or has no such field.
 */
export async function* textsOfJsonLines(
  pieces: AsyncIterable<string>,
  label: string,
  textField: string,
): AsyncGenerator<string> {
  for await (const line of jsonLinesOf(pieces, label))
    if (line.text.trim() !== '')
      yield textOfContent(contentOfLine(line, label), line.number, label, textField);
}

/** The lines of a JSON Lines stream, blank ones too. @throws LoamError for one too long for memory. */
export function jsonLinesOf(pieces: AsyncIterable<string>, label: string): AsyncGenerator<Line> {
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
 * What a line of JSON holds; see `contentOfJson`. A byte order mark before it, left by files that were joined, is passed
 * over.
 * @throws LoamError with its number when it is no JSON.
 */
export function contentOfLine(
  { text, number }: Line,
  label: string,
  read: (json: string) => Fields | string | undefined = contentOfJson,
): Fields | string | undefined {
  try {
    return read(text.startsWith('\ufeff') ? text.slice(1) : text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw badLine(
      label,
      number,
      `The line is no valid JSON: ${reason}.`,
      'Repair the line; every line must be one JSON value.',
      error,
    );
  }
}

/**
 * The text of a line: the line's own, or that of its field `textField`.
 * @throws LoamError with its number when there is none.
 */
export function textOfContent(
  content: Fields | string | undefined,
  number: number,
  label: string,
  textField: string,
): string {
  if (typeof content === 'string') return content;
  if (content === undefined)
    throw badLine(
      label,
      number,
      'The line holds no object and no text.',
      `Every line must be an object with the field "${textField}".`,
    );
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
    number,
    `The field "${textField}" is missing.`,
    `${remedy} Rename the field that holds the text to "${textField}".`,
  );
}

function badLine(label: string, line: number, what: string, remedy: string, cause?: unknown): LoamError {
  return new LoamError({ kind: 'input', what, where: `${label}, line ${line}`, remedy }, { cause });
}
