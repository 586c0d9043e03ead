import { LoamError } from './errors.ts';

/**
 * Reads JSON that may have comments (`// …` to the line's end, and those between slash-star and star-slash) and commas before a closing bracket,
 * as editors read their settings. Comments and such commas become spaces first, so that places in errors stay true.
 * @param where the file's name, for the error.
 * @throws LoamError with line and column of the first mistake.
 */
export function parseJsonWithComments(text: string, where: string): unknown {
  const plain = blankTrailingCommas(blankComments(text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text));
  try {
    return JSON.parse(plain) as unknown;
  } catch (error) {
    throw new LoamError(
      {
        kind: 'input',
        where: `${where}${placeOf(error, plain)}`,
        what: `This is not valid JSON (${error instanceof Error ? error.message.replace(/ in JSON at position.*$/s, '') : 'unreadable'}).`,
        remedy: 'Mend the file; comments and a comma after the last entry are allowed.',
      },
      { cause: error },
    );
  }
}

const blank = (text: string) => text.replaceAll(/[^\r\n]/g, ' ');

/** A string literal (left alone), or a comment. An unfinished string or comment runs to the end. */
const stringOrComment = /"(?:[^"\\]|\\.)*(?:"|$)|\/\/[^\r\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;

function blankComments(text: string): string {
  return text.replaceAll(stringOrComment, (part) => (part.startsWith('"') ? part : blank(part)));
}

/** A string literal (left alone), or a comma with nothing but white space before a closing bracket. */
const stringOrTrailingComma = /"(?:[^"\\]|\\.)*(?:"|$)|,(?=\s*[}\]])/g;

function blankTrailingCommas(text: string): string {
  return text.replaceAll(stringOrTrailingComma, (part) => (part === ',' ? ' ' : part));
}

/** V8 names the position of most mistakes; some messages have none. */
function placeOf(error: unknown, text: string): string {
  const position = error instanceof Error ? /at position (\d+)/.exec(error.message)?.[1] : undefined;
  if (position === undefined) return '';
  const before = text.slice(0, Number(position)).split('\n');
  return `, line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
