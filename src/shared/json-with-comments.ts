import { getNodeValue, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { LoamError } from './errors.ts';

/**
 * Reads JSON that may have comments (`// …` to the line's end, and those between slash-star and star-slash) and a comma
 * before a closing bracket, as editors read their settings.
 * @param where the file's name, for the error.
 * @throws LoamError with line and column of the first mistake.
 */
export function parseJsonWithComments(text: string, where: string): unknown {
  return getNodeValue(parseJsonTree(text, where));
}

/**
 * The values of a JSON text with comments, each with its place in the text.
 * @param where the file's name, for the error.
 * @throws LoamError with line and column of the first mistake.
 */
export function parseJsonTree(text: string, where: string): Node {
  const errors: ParseError[] = [];
  const tree = readTree(text, where, errors);
  const [first] = errors;
  if (tree !== undefined && first === undefined) return tree;
  const mistake = first === undefined ? 'it is empty' : describe(first);
  throw invalidJson(`${where}${first === undefined ? '' : placeOf(first.offset, text)}`, mistake);
}

function readTree(text: string, where: string, errors: ParseError[]): Node | undefined {
  try {
    // A byte order mark is no part of the text; places stay true.
    return parseTree(text.replace(/^\uFEFF/, ' '), errors, { allowTrailingComma: true });
  } catch (error) {
    if (error instanceof RangeError) throw invalidJson(where, 'its brackets are nested too deeply');
    throw error;
  }
}

function invalidJson(where: string, mistake: string): LoamError {
  return new LoamError({
    kind: 'input',
    where,
    what: `This is not valid JSON: ${mistake}.`,
    remedy: 'Mend the file; comments and a comma after the last entry are allowed.',
  });
}

/** The parser's names of mistakes, in words. */
const mistakes: Readonly<Record<string, string>> = {
  InvalidSymbol: 'here is a word that JSON does not know',
  InvalidNumberFormat: 'here is a number in a form that JSON does not know',
  PropertyNameExpected: 'a name in double quotation marks is missing here',
  ValueExpected: 'a value is missing here',
  ColonExpected: 'a colon is missing here',
  CommaExpected: 'a comma is missing here',
  CloseBraceExpected: 'a closing brace is missing here',
  CloseBracketExpected: 'a closing bracket is missing here',
  EndOfFileExpected: 'something follows after the end',
  UnexpectedEndOfComment: 'a comment is not closed',
  UnexpectedEndOfString: 'a text in quotation marks is not closed',
  UnexpectedEndOfNumber: 'a number is not complete',
  InvalidUnicode: 'here is a \\u without four hexadecimal digits',
  InvalidEscapeCharacter: 'here is a backslash that JSON does not know',
  InvalidCharacter: 'here is a character that a text must not have as it is',
};

function describe({ error }: ParseError): string {
  const name = printParseErrorCode(error);
  return mistakes[name] ?? name;
}

function placeOf(offset: number, text: string): string {
  const before = text.slice(0, offset).split('\n');
  return `, line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
