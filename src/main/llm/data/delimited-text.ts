/** A record of a table, or a stretch of text that is none. */
export type DelimitedItem =
  | {
      readonly kind: 'record';
      readonly values: readonly string[];
      /** The line, from 1, on which it begins. */
      readonly line: number;
    }
  | {
      readonly kind: 'bad';
      /** Where the quote is opened that goes wrong; both from 1, the column in characters. */
      readonly line: number;
      readonly column: number;
      /** The line on which the record begins. */
      readonly recordLine: number;
      /** What is wrong, as a sentence. */
      readonly what: string;
    };

export interface DelimitedParser {
  /** Takes the next stretch of text, with "\n" line ends, and returns what is complete. */
  push(text: string): readonly DelimitedItem[];
  /** Ends the text and returns the rest. */
  finish(): readonly DelimitedItem[];
}

const quote = '"';
/** A field that is longer, in UTF-16 units, has lost the quote that ends it. */
const longestField = 2 ** 24;

/**
 * Reads delimited text (RFC 4180; also tabs and other delimiters) a stretch at a time: fields may be enclosed in double
 * quotes, a quote inside is doubled, and delimiters and line ends inside quotes belong to the field. A quote within a
 * field that does not begin with one is an ordinary character. Lines without any text are passed over.
 *
 * A quoted field that goes on after its closing quote, or has none, is reported with its place, and reading goes on at the
 * line after the one on which its record begins: the quotes of the rest are not shifted by one that is missing. (A library
 * that reports the number of the record alone, as Papa Parse does, cannot say where the quote was opened.)
 */
export function createDelimitedParser({ delimiter }: { readonly delimiter: string }): DelimitedParser {
  let rest = '';
  let line = 1;
  /** Below this length `rest` holds no whole record: an unfinished one is not read again for every few characters. */
  let enough = 0;

  /** Reads the record at `start`. @returns undefined when it may go on in text that is still to come. */
  function readRecord(start: number, ended: boolean): ReadRecord | undefined {
    const values: string[] = [];
    let at = start;
    for (;;) {
      if (rest[at] !== quote) {
        const newline = indexOrEnd(rest, '\n', at);
        const separator = rest.indexOf(delimiter, at);
        if (separator >= 0 && separator < newline) {
          values.push(rest.slice(at, separator));
          at = separator + 1;
          continue;
        }
        if (newline === rest.length && !ended) return undefined;
        values.push(rest.slice(at, newline));
        return { kind: 'record', values, end: newline + 1 };
      }
      const closing = closingQuote(at + 1);
      if (closing < 0) {
        if (!ended && rest.length - at <= longestField) return undefined;
        return { kind: 'bad', opened: at, what: 'The quote that is opened here is never closed.' };
      }
      const after = rest[closing + 1];
      if (after === undefined && !ended) return undefined;
      if (after !== undefined && after !== delimiter && after !== '\n') {
        const { line: closedLine, column } = place(start, closing);
        return {
          kind: 'bad',
          opened: at,
          what: `The quote that is opened here is closed in line ${closedLine}, column ${column}, but text follows it.`,
        };
      }
      values.push(rest.slice(at + 1, closing).replaceAll('""', quote));
      at = closing + 2;
      if (after !== delimiter) return { kind: 'record', values, end: at };
    }
  }

  /** The quote that ends the field, passing over doubled ones; −1 when there is none. */
  function closingQuote(from: number): number {
    for (let at = rest.indexOf(quote, from); at >= 0; at = rest.indexOf(quote, at + 2))
      if (rest[at + 1] !== quote) return at;
    return -1;
  }

  /** Line and column of a place in `rest`, where the record at `start` begins on the current line. */
  function place(start: number, at: number): { readonly line: number; readonly column: number } {
    const before = rest.slice(start, at);
    return { line: line + countLineEnds(before), column: at - start - before.lastIndexOf('\n') };
  }

  function readAll(ended: boolean): readonly DelimitedItem[] {
    const items: DelimitedItem[] = [];
    let at = 0;
    while (at < rest.length) {
      const read = readRecord(at, ended);
      if (read === undefined) break;
      if (read.kind === 'bad') {
        items.push({ kind: 'bad', ...place(at, read.opened), recordLine: line, what: read.what });
        at = indexOrEnd(rest, '\n', at) + 1;
        line += 1;
        continue;
      }
      if (read.values.some((value) => value.trim() !== ''))
        items.push({ kind: 'record', values: read.values, line });
      line += countLineEnds(rest.slice(at, read.end));
      at = read.end;
    }
    rest = rest.slice(at);
    enough = 2 * rest.length;
    return items;
  }

  return {
    push: (text) => {
      rest += text;
      return rest.length < enough ? [] : readAll(false);
    },
    finish: () => readAll(true),
  };
}

type ReadRecord =
  | { readonly kind: 'record'; readonly values: readonly string[]; readonly end: number }
  | { readonly kind: 'bad'; readonly opened: number; readonly what: string };

function indexOrEnd(text: string, character: string, from: number): number {
  const at = text.indexOf(character, from);
  return at < 0 ? text.length : at;
}

function countLineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
