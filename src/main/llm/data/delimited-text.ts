/** A record of a table, or a stretch of text that is none. */
export type DelimitedItem =
  | {
      readonly kind: 'record';
      readonly values: readonly string[];
      /** Columns, from 0, whose values were enclosed in quotes and hold a line end. */
      readonly severalLines: readonly number[];
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
  /** Takes the next stretch of text and returns what is complete. */
  push(text: string): readonly DelimitedItem[];
  /** Ends the text and returns the rest. */
  finish(): readonly DelimitedItem[];
}

const quote = '"';
/** A field that is longer, in UTF-16 units, has lost the quote that ends it. */
const longestField = 2 ** 24;

export interface DelimitedForm {
  /** One character. */
  readonly delimiter: string;
  /** Whether fields may be enclosed in double quotes; else a quote is a character like any other. Default: they may. */
  readonly quoted?: boolean;
}

/**
 * Reads delimited text (RFC 4180; also tabs and other delimiters) a stretch at a time: fields may be enclosed in double
 * quotes, a quote inside is doubled, and delimiters and line ends inside quotes belong to the field. A quote within a
 * field that does not begin with one is an ordinary character. A row ends at "\n" or "\r\n"; a lone "\r" is part of
 * its field, unless a closing quote stands before it. Lines without any text are passed over.
 *
 * A quoted field that goes on after its closing quote, or has none, is reported with its place, and reading goes on at the
 * line after the one on which its record begins: the quotes of the rest are not shifted by one that is missing. (Papa
 * Parse and csv-parse stop or lose the rest at such a quote; see docs/decisions/0016.) Time is linear in the length of
 * the text whatever is in it.
 */
export function createDelimitedParser({ delimiter, quoted = true }: DelimitedForm): DelimitedParser {
  let rest = '';
  let line = 1;
  /** Below this length `rest` holds no whole record: an unfinished one is not read again for every few characters. */
  let enough = 0;
  const nextNewline = createSearch('\n');
  const nextDelimiter = createSearch(delimiter);

  /** Reads the record at `start`. @returns undefined when it may go on in text that is still to come. */
  function readRecord(start: number, ended: boolean): ReadRecord | undefined {
    const values: string[] = [];
    const severalLines: number[] = [];
    let at = start;
    for (;;) {
      if (!quoted || rest[at] !== quote) {
        const newline = nextNewline.from(rest, at);
        const separator = nextDelimiter.from(rest, at);
        if (separator < newline) {
          values.push(rest.slice(at, separator));
          at = separator + 1;
          continue;
        }
        if (newline === rest.length && !ended) return undefined;
        values.push(rest.slice(at, rest[newline - 1] === '\r' && newline > at ? newline - 1 : newline));
        return { kind: 'record', values, severalLines, end: newline + 1 };
      }
      const closing = closingQuote(at + 1);
      if (closing < 0) {
        if (!ended && rest.length - at <= longestField) return undefined;
        return { kind: 'bad', opened: at, what: 'The quote that is opened here is never closed.' };
      }
      const afterReturn = rest[closing + 1] === '\r';
      const rowEnd = afterReturn ? closing + 2 : closing + 1;
      if (rowEnd >= rest.length && !ended) return undefined;
      const endsRow = afterReturn || rowEnd >= rest.length || rest[rowEnd] === '\n';
      if (!endsRow && rest[closing + 1] !== delimiter) {
        const { line: closedLine, column } = place(start, closing);
        return {
          kind: 'bad',
          opened: at,
          what: `The quote that is opened here is closed in line ${closedLine}, column ${column}, but text follows it.`,
        };
      }
      const value = rest.slice(at + 1, closing).replaceAll('""', quote);
      if (/[\n\r]/.test(value)) severalLines.push(values.length);
      values.push(value);
      if (endsRow)
        return { kind: 'record', values, severalLines, end: rest[rowEnd] === '\n' ? rowEnd + 1 : rowEnd };
      at = closing + 2;
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
    nextNewline.restart();
    nextDelimiter.restart();
    while (at < rest.length) {
      const read = readRecord(at, ended);
      if (read === undefined) break;
      if (read.kind === 'bad') {
        items.push({ kind: 'bad', ...place(at, read.opened), recordLine: line, what: read.what });
        at = indexOrEnd(rest, '\n', at) + 1;
        nextNewline.restart();
        nextDelimiter.restart();
        line += 1;
        continue;
      }
      const { values, severalLines } = read;
      if (values.some((value) => value.trim() !== ''))
        items.push({ kind: 'record', values, severalLines, line });
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
  | {
      readonly kind: 'record';
      readonly values: readonly string[];
      readonly severalLines: readonly number[];
      readonly end: number;
    }
  | { readonly kind: 'bad'; readonly opened: number; readonly what: string };

/**
 * Looks for the next place of a character, from places that only go forward, and remembers what it found: a row of half
 * a million fields is not searched to its end for each of them.
 */
function createSearch(character: string): {
  /** @returns the place at or after `at`; the length of the text where there is none. */
  from(text: string, at: number): number;
  restart(): void;
} {
  let found = -1;
  return {
    from: (text, at) => {
      if (found < at) found = indexOrEnd(text, character, at);
      return found;
    },
    restart: () => {
      found = -1;
    },
  };
}

function indexOrEnd(text: string, character: string, from: number): number {
  const at = text.indexOf(character, from);
  return at < 0 ? text.length : at;
}

function countLineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
