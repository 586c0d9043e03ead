import { LoamError } from '../../../shared/errors.ts';
import { nearestWord } from '../../../shared/nearest-word.ts';
import { linesOf, type Line } from './text-streams.ts';

const longestLine = 2 ** 28;

/**
 * The texts in a JSON Lines stream (one JSON value a line; blank lines are passed over): of an object the field
 * `textField`, of a string itself. Lone surrogates become U+FFFD, as in UTF-8.
 * @throws LoamError with the number of the line that is no JSON or has no such text.
 */
export async function* textsOfJsonLines(
  pieces: AsyncIterable<string>,
  label: string,
  textField: string,
): AsyncGenerator<string> {
  const tooLong = (line: number): LoamError =>
    badLine(
      label,
      line,
      `The line is longer than ${longestLine / 2 ** 20} million characters.`,
      'Import long texts as .txt files.',
    );
  for await (const line of linesOf(pieces, longestLine, tooLong)) {
    if (line.text.trim() !== '') yield textOf(line, label, textField).toWellFormed();
  }
}

function textOf({ text, number }: Line, label: string, textField: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
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
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badLine(
      label,
      number,
      'The line holds no object and no text.',
      `Every line must be an object with the field "${textField}".`,
    );
  }
  const found: unknown = Object.hasOwn(value, textField)
    ? (value as Record<string, unknown>)[textField]
    : undefined;
  if (typeof found === 'string') return found;
  const fields = Object.keys(value);
  const near = nearestWord(textField, fields);
  const remedy =
    near === undefined
      ? `Its fields are: ${fields.join(', ') || 'none'}.`
      : `Did you mean its field "${near}"?`;
  const what =
    found === undefined ? `The field "${textField}" is missing.` : `The field "${textField}" is not text.`;
  throw badLine(label, number, what, `${remedy} Rename the field that holds the text to "${textField}".`);
}

function badLine(label: string, line: number, what: string, remedy: string, cause?: unknown): LoamError {
  return new LoamError({ kind: 'input', what, where: `${label}, line ${line}`, remedy }, { cause });
}
