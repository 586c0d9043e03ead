/** Line ends as "\n" throughout: "\r\n" (Windows) and a lone "\r" become one, also across pieces. */
export async function* withUnixLineEnds(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let held = '';
  for await (const piece of pieces) {
    const joined = held + piece;
    held = joined.endsWith('\r') ? '\r' : '';
    const text = joined.slice(0, joined.length - held.length);
    if (text !== '') yield text.replaceAll(/\r\n?/g, '\n');
  }
  if (held !== '') yield '\n';
}

/** A line of a file, without its end. */
export interface Line {
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

/**
 * The lines of a stream of text with "\n" line ends.
 * @param longest in UTF-16 units; `onTooLong` makes the error for a longer line, which would not fit memory.
 */
export async function* linesOf(
  pieces: AsyncIterable<string>,
  longest: number,
  onTooLong: (line: number) => Error,
): AsyncGenerator<Line> {
  let parts: string[] = [];
  let length = 0;
  let number = 1;
  for await (const piece of pieces) {
    let from = 0;
    for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', from)) {
      parts.push(piece.slice(from, end));
      yield { text: parts.join(''), number };
      parts = [];
      length = 0;
      number += 1;
      from = end + 1;
    }
    parts.push(piece.slice(from));
    length += piece.length - from;
    if (length > longest) throw onTooLong(number);
  }
  if (length > 0) yield { text: parts.join(''), number };
}
